/**
 * MANIFEST: the SSTables that make up the data, one a line. An SSTable counts
 * from the moment it is listed here, not before. L0 is listed oldest first; below
 * it a line begins with the first and the last key of its SSTable.
 *
 *   MANIFEST    [L0]\n
 *               sst-7.sst\n
 *               sst-8.sst\n
 *               \n
 *               [L1]\n
 *               aardvark-lemon: sst-5.sst\n
 *               lime-zebra: sst-6.sst\n
 *
 * It is replaced as a whole: the new list is written and synced under another
 * name, which then takes the place of the old one. A crash leaves either the old
 * list or the new one, never a part of one.
 *
 * The list is kept in memory too, so that a lookup need not read the file.
 */
import {corruption, KvError} from '@kv-workshop/shared/errors';
import type {FileSystem} from '@kv-workshop/shared/file-system';
import {ALL_KEYS, keyRange, type Levels, listFiles, type SSTable} from './levels.ts';
import {sstableId} from './sstable.ts';
import {WAL} from './wal.ts';

const MANIFEST = 'MANIFEST';
const MANIFEST_TMP = 'MANIFEST.tmp';
const HEADER = /^\[L([0-9]+)\]$/;
const RANGED = /^([a-z0-9_]+)-([a-z0-9_]+): (.+)$/;

export class Manifest {
  readonly #fileSystem: FileSystem;
  #levels: Levels;

  private constructor(fileSystem: FileSystem, levels: Levels) {
    this.#fileSystem = fileSystem;
    this.#levels = levels;
  }

  /**
   * Reads MANIFEST, or creates it in a folder without SSTables. Creates folders of levels.
   * @param levelCount there are more if MANIFEST has more
   * @throws KvError CORRUPTION if it is missing, damaged, or lists a missing file
   */
  static async open(fileSystem: FileSystem, levelCount: number): Promise<Manifest> {
    const present = await listFiles(fileSystem);
    let levels: Levels = Array.from({length: levelCount}, () => []);
    if (present.includes(MANIFEST)) {
      const text = new TextDecoder().decode(await fileSystem.readFile(MANIFEST));
      const listed = parseLevels(text, present);
      levels = [...listed, ...levels.slice(listed.length)];
    } else {
      await refuseUnlistedData(fileSystem, present);
      await publish(fileSystem, levels);
    }
    for (const level of levels.keys()) await fileSystem.makeDir(`l${level}`);
    // A crash may have come between the renaming and its sync, in an earlier run.
    await fileSystem.syncDir('');
    return new Manifest(fileSystem, levels);
  }

  get levels(): Levels {
    return this.#levels;
  }

  /** One more than any listed id. */
  nextId(): number {
    return 1 + Math.max(0, ...this.#levels.flat().map(({path}) => sstableId(path) ?? 0));
  }

  /** Lists `path` as the newest SSTable of L0, durably. REQUIRES: its file is durable. */
  async append(path: string): Promise<void> {
    const [l0 = [], ...lower] = this.#levels;
    await this.replace([[...l0, {path, ...ALL_KEYS}], ...lower]);
  }

  /** Lists these SSTables and no others, durably. REQUIRES: their files are durable. */
  async replace(levels: Levels): Promise<void> {
    await publish(this.#fileSystem, levels);
    this.#levels = levels;
  }
}

/** Replaces MANIFEST, atomically and durably. */
async function publish(fileSystem: FileSystem, levels: Levels): Promise<void> {
  const text = levels.map(sectionOf).join('\n');
  const file = await fileSystem.open(MANIFEST_TMP, 'create');
  try {
    await file.append(new TextEncoder().encode(text));
    await file.sync();
  } finally {
    await file.close();
  }
  await fileSystem.rename(MANIFEST_TMP, MANIFEST);
  await fileSystem.syncDir('');
}

function sectionOf(tables: readonly SSTable[], level: number): string {
  const lines = tables.map(({path, minKey, maxKey}) => {
    const name = path.slice(path.indexOf('/') + 1);
    return level === 0 ? `${name}\n` : `${minKey}-${maxKey}: ${name}\n`;
  });
  return `[L${level}]\n${lines.join('')}`;
}

function parseLevels(text: string, present: readonly string[]): SSTable[][] {
  const levels: SSTable[][] = [];
  let offset = 0;
  for (const line of text.split('\n')) {
    if (HEADER.exec(line)?.[1] === String(levels.length)) levels.push([]);
    else if (line !== '') levels.at(-1)?.push(parseLine(line, offset, levels, present));
    offset += line.length + 1;
  }
  // Also what is left of a damaged one must not pass for all.
  if (levels.length < 2) throw corruption(MANIFEST, offset, 'expected sections [L0] and [L1]');
  return levels;
}

/** @param levels those parsed so far; the line belongs to the last one */
function parseLine(
  line: string,
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
    throw corruption(MANIFEST, offset, `${JSON.stringify(line)} does not name an SSTable`);
  }
  if (!present.includes(table.path)) {
    throw corruption(MANIFEST, offset, `lists ${table.path}, which is not in the folder`);
  }
  const before = level === 0 ? '' : (levels.at(-1)?.at(-1)?.maxKey ?? '');
  if (minKey > maxKey || (level > 0 && minKey <= before)) {
    throw corruption(
      MANIFEST,
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
  const hasWal = present.includes(WAL) && (await fileSystem.readFile(WAL)).length > 0;
  const sstable = present.find((path) => sstableId(path) !== undefined);
  const data = sstable ?? (hasWal ? WAL : undefined);
  if (data === undefined) return;
  const problem = `${MANIFEST} is missing, but ${data} is here`;
  throw new KvError('CORRUPTION', `${problem}: restore ${MANIFEST}`, {file: MANIFEST});
}
