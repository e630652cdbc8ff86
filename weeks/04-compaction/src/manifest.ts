/**
 * MANIFEST: the names of the SSTables that make up the data, one a line, oldest
 * first. An SSTable counts from the moment it is listed here, not before.
 *
 *   MANIFEST    sst-1.json\n
 *               sst-2.json\n
 *
 * It is replaced as a whole: the new list is written and synced under another
 * name, which then takes the place of the old one. A crash leaves either the old
 * list or the new one, never a part of one.
 *
 * The list is kept in memory too, so that a lookup need not read the file.
 */
import {corruption, KvError} from '@kv-workshop/shared/errors';
import type {FileSystem} from '@kv-workshop/shared/file-system';
import {sstableId} from './sstable.ts';
import {WAL} from './wal.ts';

const MANIFEST = 'MANIFEST';
const MANIFEST_TMP = 'MANIFEST.tmp';

export class Manifest {
  readonly #fileSystem: FileSystem;
  #names: readonly string[];

  private constructor(fileSystem: FileSystem, names: readonly string[]) {
    this.#fileSystem = fileSystem;
    this.#names = names;
  }

  /**
   * Reads MANIFEST, or creates it in a folder without SSTables.
   * @throws KvError CORRUPTION if it is missing, damaged, or lists a missing file
   */
  static async open(fileSystem: FileSystem): Promise<Manifest> {
    const present = await fileSystem.list('');
    const isNew = !present.includes(MANIFEST);
    const text = isNew ? '' : new TextDecoder().decode(await fileSystem.readFile(MANIFEST));
    if (text === '') await refuseUnlistedData(fileSystem, present);
    if (isNew) await publish(fileSystem, []);
    // A crash may have come between the renaming and its sync, in an earlier run.
    await fileSystem.syncDir('');
    return new Manifest(fileSystem, parseNames(text, present));
  }

  /** Names of SSTables, oldest first. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** One more than any listed id. */
  nextId(): number {
    return 1 + Math.max(0, ...this.#names.map((name) => sstableId(name) ?? 0));
  }

  /** Lists `name` as the newest SSTable, durably. REQUIRES: its file is durable. */
  async append(name: string): Promise<void> {
    await this.replace([...this.#names, name]);
  }

  /** Lists these SSTables and no others, durably. REQUIRES: their files are durable. */
  async replace(names: readonly string[]): Promise<void> {
    await publish(this.#fileSystem, names);
    this.#names = names;
  }
}

/** Replaces MANIFEST, atomically and durably. */
async function publish(fileSystem: FileSystem, names: readonly string[]): Promise<void> {
  const text = names.map((name) => `${name}\n`).join('');
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

function parseNames(text: string, present: readonly string[]): string[] {
  const names: string[] = [];
  let offset = 0;
  for (const line of text.split('\n')) {
    if (line !== '') names.push(checkedName(line, offset, present));
    offset += line.length + 1;
  }
  return names;
}

function checkedName(line: string, offset: number, present: readonly string[]): string {
  if (sstableId(line) === undefined) {
    throw corruption(MANIFEST, offset, `${JSON.stringify(line)} is not the name of an SSTable`);
  }
  if (!present.includes(line)) {
    throw corruption(MANIFEST, offset, `lists ${line}, which is not in the folder`);
  }
  return line;
}

/**
 * Without MANIFEST the order of the SSTables is unknown, and a guess could lose data.
 * An empty one beside SSTables is what a crash in the first flush leaves, but then
 * the WAL still has every record.
 */
async function refuseUnlistedData(
  fileSystem: FileSystem,
  present: readonly string[],
): Promise<void> {
  const isMissing = !present.includes(MANIFEST);
  const hasWal = present.includes(WAL) && (await fileSystem.readFile(WAL)).length > 0;
  const sstable = present.find((name) => sstableId(name) !== undefined);
  const data = sstable ?? (hasWal ? WAL : undefined);
  if (data === undefined || (!isMissing && hasWal)) return;
  const problem = `${MANIFEST} is ${isMissing ? 'missing' : 'empty'}, but ${data} is here`;
  throw new KvError('CORRUPTION', `${problem}: restore ${MANIFEST}`, {file: MANIFEST});
}
