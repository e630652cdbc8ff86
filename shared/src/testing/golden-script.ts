/**
 * Golden scripts: text files in which commands for a store are followed by what
 * they must print, the bytes of its files above all. One block:
 *
 *   # A comment.
 *   put apple 7
 *   dump
 *   ---
 *   MANIFEST
 *   wal.db
 *   | {"op":"put","key":"apple","value":"7"}
 *
 * A blank line ends the block; the store lives on from block to block. With
 * UPDATE_GOLDEN=1 in the environment the output is written anew. A file that has
 * a zero byte is dumped as hex.
 *
 * Commands: `open NAME=NUMBER…` (options; at most once, before all others),
 * `put K V`, `get K`, `delete K`, `scan START END`, `reopen` (a clean stop and a
 * start), `power-cut` (only what was synced is left), `dump`, and for damage,
 * while the store is closed, `append FILE TEXT` (with \n for a newline), `cut
 * FILE BYTES` and `remove FILE`.
 */
import {readFileSync, writeFileSync} from 'node:fs';
import {eventLine} from '../event-line.ts';
import type {OnEvent} from '../events.ts';
import type {FileSystem} from '../file-system.ts';
import {hexDump} from '../hex-dump.ts';
import {loseUnsynced} from '../memory-file-system/crash-choice.ts';
import {MemoryFileSystem} from '../memory-file-system.ts';
import type {Store} from '../store.ts';

export type OpenStore = (
  fileSystem: FileSystem,
  options: Readonly<Record<string, number | boolean>>,
  onEvent: OnEvent,
) => Promise<Store>;

/** What the script at `path` says now, and what it should say. */
export async function runGoldenScript(
  path: string,
  openStore: OpenStore,
): Promise<{readonly actual: string; readonly expected: string}> {
  const expected = readFileSync(path, 'utf8');
  const session = new Session(openStore);
  const blocks: string[] = [];
  for (const block of expected.trimEnd().split(/\n\n+/)) {
    const [commands = ''] = block.split('\n---\n');
    const output: string[] = [];
    for (const line of commands.replace(/\n---$/, '').split('\n')) {
      if (line !== '' && !line.startsWith('#')) output.push(...(await session.run(line)));
    }
    blocks.push([commands.replace(/\n---$/, ''), '---', ...output].join('\n'));
  }
  const actual = `${blocks.join('\n\n')}\n`;
  if (process.env['UPDATE_GOLDEN'] === '1') {
    writeFileSync(path, actual);
    return {actual, expected: actual};
  }
  return {actual, expected};
}

class Session {
  readonly #openStore: OpenStore;
  #fileSystem = new MemoryFileSystem();
  #options: Record<string, number | boolean> = {};
  #store: Store | undefined;
  #events: string[] = [];

  constructor(openStore: OpenStore) {
    this.#openStore = openStore;
  }

  /** What one command prints; errors and events included. */
  async run(line: string): Promise<string[]> {
    this.#events = [];
    const [command = '', ...words] = line.split(' ');
    let output: string[];
    try {
      output = await this.#execute(command, words);
    } catch (error) {
      output = [`error: ${error instanceof Error ? error.message : String(error)}`];
    }
    await this.#settle();
    return [...this.#events.map((event) => `event: ${event}`), ...output];
  }

  async #execute(command: string, words: readonly string[]): Promise<string[]> {
    const [first = '', ...rest] = words;
    switch (command) {
      case 'open':
        this.#options = Object.fromEntries(words.map(parseOption));
        return [];
      case 'put':
        await (await this.#opened()).put(first, rest.join(' '));
        return [];
      case 'get':
        return [(await (await this.#opened()).get(first)) ?? '(absent)'];
      case 'delete':
        await (await this.#opened()).delete?.(first);
        return [];
      case 'scan':
        return [await keys((await this.#opened()).scan?.(first, rest[0] ?? '') ?? [])];
      case 'reopen':
        await this.#close();
        await this.#opened();
        return [];
      case 'power-cut':
        this.#fileSystem = this.#fileSystem.crashClone(loseUnsynced);
        this.#store = undefined;
        return [];
      case 'append':
        await this.#damage(first, (file) =>
          file.append(new TextEncoder().encode(rest.join(' ').replaceAll('\\n', '\n'))),
        );
        return [];
      case 'cut':
        await this.#damage(first, (file) => file.truncate(Number(rest[0])));
        return [];
      case 'remove':
        await this.#close();
        await this.#fileSystem.remove(first);
        return [];
      case 'dump':
        return [...this.#dump()];
      default:
        throw new Error(`unknown command "${command}"`);
    }
  }

  async #opened(): Promise<Store> {
    const onEvent: OnEvent = (event) => this.#events.push(eventLine(event));
    this.#store ??= await this.#openStore(this.#fileSystem, this.#options, onEvent);
    return this.#store;
  }

  async #close(): Promise<void> {
    await this.#store?.close();
    this.#store = undefined;
  }

  async #damage(
    path: string,
    change: (file: Awaited<ReturnType<FileSystem['open']>>) => Promise<void>,
  ): Promise<void> {
    await this.#close();
    const file = await this.#fileSystem.open(path, 'append');
    await change(file);
    await file.close();
  }

  /** Waits until a store that works in the background has nothing more to do. */
  async #settle(): Promise<void> {
    for (let before = -1; before !== this.#fileSystem.operationCount; ) {
      before = this.#fileSystem.operationCount;
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  *#dump(): Generator<string> {
    for (const [path, bytes] of this.#fileSystem.files()) {
      yield path;
      if (bytes.includes(0)) {
        for (const line of hexDump(bytes)) yield `| ${line}`;
        continue;
      }
      const text = new TextDecoder().decode(bytes);
      if (text === '') continue;
      // The last line shows whether it has its newline.
      for (const line of text.replace(/\n$/, '').split('\n')) yield `| ${line}`;
      if (!text.endsWith('\n')) yield '(no newline)';
    }
  }
}

function parseOption(word: string): [string, number | boolean] {
  const [name = '', value = ''] = word.split('=');
  return [name, value === 'true' || value === 'false' ? value === 'true' : Number(value)];
}

async function keys(scan: Iterable<string> | AsyncIterable<string>): Promise<string> {
  const found: string[] = [];
  for await (const key of scan) found.push(key);
  return found.join(' ') || '(none)';
}
