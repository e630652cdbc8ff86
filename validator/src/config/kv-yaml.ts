/** Reads kv.yaml: syntax, duplicate keys, and the line of each setting. */

import {closeSync, constants, existsSync, fstatSync, openSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
} from 'yaml';
import {UsageError} from '../errors.ts';
import {checkSettings, type SettingPath} from './check-settings.ts';
import type {Settings} from './settings.ts';

export const KV_YAML = 'kv.yaml';
const SIZE_BYTES_MAX = 64 * 1024;

interface ReadOptions {
  /** Also if it is a symbolic link. @default true */
  readonly throughLinks?: boolean;
}

/**
 * @returns undefined if the folder holds no kv.yaml
 * @throws UsageError if there is one that cannot be read or is wrong
 */
export function readKvYaml(
  folder: string,
  {throughLinks = true}: ReadOptions = {},
): Settings | undefined {
  const file = join(folder, KV_YAML);
  const text = readText(file, throughLinks ? 0 : constants.O_NOFOLLOW);
  if (text !== undefined) return parseKvYaml(text, file);
  if (existsSync(join(folder, 'kv.yml'))) {
    throw new UsageError(`${join(folder, 'kv.yml')}: it must be named ${KV_YAML}`);
  }
  return undefined;
}

/** @param file how messages name it @throws UsageError */
export function parseKvYaml(text: string, file: string): Settings {
  const lines = new LineCounter();
  // In the failsafe schema every scalar is text, as settings.ts wants it.
  const document = parseDocument(text, {lineCounter: lines, schema: 'failsafe'});
  const [error] = document.errors;
  if (error !== undefined) {
    const [problem = '', ...advice] = explain(error.message);
    throw new UsageError([`${file}:${lines.linePos(error.pos[0]).line}: ${problem}`, ...advice]);
  }
  if (document.contents === null) throw new UsageError(`${file}: is empty`);
  return checkSettings(toValue(document), (path) => {
    const {line} = lines.linePos(offsetOf(document.contents, path));
    return {label: `${file}:${line}`, line};
  });
}

function toValue(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // Aliases that expand without end.
    const [problem] = explain((error as Error).message);
    throw new UsageError(`${KV_YAML}: ${problem}`, {cause: error});
  }
}

/** The parser's message without its excerpt of the text and its advice to programmers. */
function explain(message: string): string[] {
  // The parser calls itself for each level.
  if (/call stack/.test(message)) return ['lists and maps are nested too deeply'];
  const problem = message.replace(/( at line \d+|; please use )[^]*/, '');
  // What an unquoted {key} looks like to YAML is a map.
  return problem.includes('flow-map')
    ? [problem, '  text with {…} needs quotes: put: "/{key}"']
    : [problem];
}

/** Where in the text the setting is: its key, or else the map that it is in. */
function offsetOf(contents: Node | null, path: SettingPath): number {
  let node: unknown = contents;
  let offset = contents?.range?.[0] ?? 0;
  for (const key of path) {
    let at: unknown;
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find((item) => keyText(item) === key);
      at = pair?.key;
      node = pair?.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      at = node;
    }
    if (isNode(at)) offset = at.range?.[0] ?? offset;
  }
  return offset;
}

function keyText(pair: Pair): string | undefined {
  return isScalar(pair.key) ? String(pair.key.value) : undefined;
}

function readText(file: string, flags: number): string | undefined {
  let fd: number;
  try {
    // A fifo of that name must not hold us up.
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | flags);
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') throw new UsageError(`${file} is a symbolic link, and is not followed`);
    throw new UsageError(`cannot read ${file}: ${(error as Error).message}`);
  }
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new UsageError(`${file} is not a file`);
    if (stat.size > SIZE_BYTES_MAX) throw new UsageError(`${file} is larger than 64 KiB`);
    return readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}
