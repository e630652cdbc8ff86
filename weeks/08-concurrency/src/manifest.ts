/**
 * MANIFEST: the SSTables that make up the data, one a line. An SSTable counts
 * from the moment it is listed here, not before. L0 is listed oldest first; below
 * it a line begins with the first and the last key of its SSTable.
 *
 *   MANIFEST-4  [WAL] 3\n
 *               \n
 *               [L0]\n
 *               sst-7.sst\n
 *               sst-8.sst\n
 *               \n
 *               [L1]\n
 *               aardvark-lemon: sst-5.sst\n
 *               lime-zebra: sst-6.sst\n
 *
 * The first line is the lowest number of a log that is still needed: the entries
 * of those before it are in SSTables.
 *
 * Each new list is a new file, written and synced under another name, which then
 * gets the next number. The highest number counts: a crash leaves either the old
 * list or the new one, never a part of one. The old file stays for as long as a
 * version of the catalog uses it.
 */
import {corruption, KvError} from '@kv-workshop/shared/errors';
import type {FileSystem} from '@kv-workshop/shared/file-system';
import {ALL_KEYS, keyRange, type Levels, listFiles, type SSTable} from './levels.ts';
import {sstableId} from './sstable.ts';
import {walNumber} from './wal.ts';

const PATH = /^MANIFEST-([1-9][0-9]*)$/;
const FIRST_LINE = /^\[WAL\] ([1-9][0-9]*)\n/;
const HEADER = /^\[L([0-9]+)\]$/;
const RANGED = /^([a-z0-9_]+)-([a-z0-9_]+): (.+)$/;

export class Manifest {
  readonly #fileSystem: FileSystem;
  /** What the MANIFEST that was found at start says. */
  readonly levels: Levels;
  readonly walFirst: number;
  #number: number;
  #isSettled = true;

  private constructor(fileSystem: FileSystem, number: number, levels: Levels, walFirst: number) {
    this.#fileSystem = fileSystem;
    this.#number = number;
    this.levels = levels;
    this.walFirst = walFirst;
  }

  /**
   * Reads MANIFEST, or creates it in a folder without SSTables. Creates folders of levels.
   * @param levelCount there are more if MANIFEST has more
   * @throws KvError CORRUPTION if it is missing, damaged, or lists a missing file
   */
  static async open(fileSystem: FileSystem, levelCount: number): Promise<Manifest> {
    const present = await listFiles(fileSystem);
    let levels: Levels = Array.from({length: levelCount}, () => []);
    let walFirst = 1;
    let number = Math.max(0, ...present.map((path) => manifestNumber(path) ?? 0));
    if (number > 0) {
      const path = manifestPath(number);
      const text = new TextDecoder().decode(await fileSystem.readFile(path));
      walFirst = parseWalFirst(text, path);
      const listed = parseLevels(text, path, present);
      levels = [...listed, ...levels.slice(listed.length)];
    } else {
      await refuseUnlistedData(fileSystem, present);
      number = 1;
      await publish(fileSystem, number, levels, walFirst);
    }
    for (const level of levels.keys()) await fileSystem.makeDir(`l${level}`);
    // A crash may have come between the renaming and its sync, in an earlier run.
    await fileSystem.syncDir('');
    return new Manifest(fileSystem, number, levels, walFirst);
  }

  /** Of the newest one. */
  get path(): string {
    return manifestPath(this.#number);
  }

  /** Whether it is known which one counts: not so after the renaming or its sync failed. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** One more than any listed id. */
  nextId(): number {
    return 1 + Math.max(0, ...this.levels.flat().map(({path}) => sstableId(path) ?? 0));
  }

  /**
   * Lists these SSTables and no others, durably, in a new file; the one before stays.
   * REQUIRES: their files are durable; no other call is under way.
   * @param walFirst the lowest number of a log whose entries no SSTable has
   * @throws the file operation's error; if the list may count all the same, isSettled is false
   */
  async replace(levels: Levels, walFirst: number): Promise<void> {
    const number = this.#number + 1;
    await writeTemporary(this.#fileSystem, number, levels, walFirst);
    // Used up, whatever comes of it.
    this.#number = number;
    this.#isSettled = false;
    await install(this.#fileSystem, number);
    this.#isSettled = true;
  }
}

/** The number in the path of a MANIFEST, or undefined if `path` is not one. */
export function manifestNumber(path: string): number | undefined {
  const digits = PATH.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function manifestPath(number: number): string {
  return `MANIFEST-${number}`;
}

/** Creates a MANIFEST, atomically and durably. The one with the highest number counts. */
async function publish(
  fileSystem: FileSystem,
  number: number,
  levels: Levels,
  walFirst: number,
): Promise<void> {
  await writeTemporary(fileSystem, number, levels, walFirst);
  await install(fileSystem, number);
}

async function writeTemporary(
  fileSystem: FileSystem,
  number: number,
  levels: Levels,
  walFirst: number,
): Promise<void> {
  const text = `[WAL] ${walFirst}\n\n${levels.map(sectionOf).join('\n')}`;
  const file = await fileSystem.open(`${manifestPath(number)}.tmp`, 'create');
  try {
    await file.append(new TextEncoder().encode(text));
    await file.sync();
  } finally {
    await file.close();
  }
}

async function install(fileSystem: FileSystem, number: number): Promise<void> {
  const path = manifestPath(number);
  await fileSystem.rename(`${path}.tmp`, path);
  await fileSystem.syncDir('');
}

function sectionOf(tables: readonly SSTable[], level: number): string {
  const lines = tables.map(({path, minKey, maxKey}) => {
    const name = path.slice(path.indexOf('/') + 1);
    return level === 0 ? `${name}\n` : `${minKey}-${maxKey}: ${name}\n`;
  });
  return `[L${level}]\n${lines.join('')}`;
}

function parseWalFirst(text: string, path: string): number {
  const digits = FIRST_LINE.exec(text)?.[1];
  if (digits === undefined) throw corruption(path, 0, 'the first line is not [WAL] and a number');
  return Number(digits);
}

function parseLevels(text: string, path: string, present: readonly string[]): SSTable[][] {
  const levels: SSTable[][] = [];
  let offset = text.indexOf('\n') + 1;
  for (const line of text.slice(offset).split('\n')) {
    if (HEADER.exec(line)?.[1] === String(levels.length)) levels.push([]);
    else if (line !== '') levels.at(-1)?.push(parseLine(line, path, offset, levels, present));
    offset += line.length + 1;
  }
  // Also what is left of a damaged one must not pass for all.
  if (levels.length < 2) throw corruption(path, offset, 'expected sections [L0] and [L1]');
  return levels;
}

/** @param levels those parsed so far; the line belongs to the last one */
function parseLine(
  line: string,
  manifest: string,
  offset: number,
  levels: readonly SSTable[][],
  present: readonly string[],
): SSTable {
  const level = levels.length - 1;
  const [, minKey = '', maxKey = '', name = ''] = RANGED.exec(line) ?? [];
  const table =
    level === 0
      ? {path: `l0/${line}`, ...ALL_KEYS}
      : {path: `l${level}/${name}`, ...keyRange(minKey, maxKey)};
  if (sstableId(table.path) === undefined) {
    throw corruption(manifest, offset, `${JSON.stringify(line)} does not name an SSTable`);
  }
  if (!present.includes(table.path)) {
    throw corruption(manifest, offset, `lists ${table.path}, which is not in the folder`);
  }
  const before = level === 0 ? '' : (levels.at(-1)?.at(-1)?.maxKey ?? '');
  if (minKey > maxKey || (level > 0 && minKey <= before)) {
    throw corruption(
      manifest,
      offset,
      `the key range ${minKey}-${maxKey} is not behind "${before}"`,
    );
  }
  return table;
}

/** Without MANIFEST the order of the SSTables is unknown, and a guess could lose data. */
async function refuseUnlistedData(
  fileSystem: FileSystem,
  present: readonly string[],
): Promise<void> {
  const sstable = present.find((path) => sstableId(path) !== undefined);
  const data = sstable ?? (await findFilledLog(fileSystem, present));
  if (data === undefined) return;
  throw new KvError('CORRUPTION', `MANIFEST is missing, but ${data} is here: restore MANIFEST`);
}

async function findFilledLog(
  fileSystem: FileSystem,
  present: readonly string[],
): Promise<string | undefined> {
  for (const path of present) {
    const isLog = walNumber(path) !== undefined;
    if (isLog && (await fileSystem.readFile(path)).length > 0) return path;
  }
  return undefined;
}
