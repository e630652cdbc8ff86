/**
 * MANIFEST: the names of the SSTables that make up the data, one a line, oldest
 * first. An SSTable counts from the moment it is listed here, not before.
 *
 *   MANIFEST    sst-1.json\n
 *               sst-2.json\n
 *
 * The list is kept in memory too, so that a lookup need not read the file.
 */
import {corruption, KvError} from '@kv-workshop/shared/errors';
import type {OnEvent} from '@kv-workshop/shared/events';
import type {File, FileSystem} from '@kv-workshop/shared/file-system';
import {sstableId} from './sstable.ts';

const MANIFEST = 'MANIFEST';
const NEWLINE = 0x0a;

export class Manifest {
  readonly #file: File;
  readonly #names: string[];
  /** Where the last whole line ends. */
  #sizeBytes: number;

  private constructor(file: File, names: string[]) {
    this.#file = file;
    this.#names = names;
    this.#sizeBytes = file.size;
  }

  /**
   * Reads MANIFEST, or creates it in a folder without SSTables.
   * @throws KvError CORRUPTION if it is missing, damaged, or lists a missing file
   */
  static async open(fileSystem: FileSystem, onEvent: OnEvent): Promise<Manifest> {
    const present = await fileSystem.list('');
    if (!present.includes(MANIFEST)) refuseUnlistedData(present);
    const file = await fileSystem.open(MANIFEST, 'append');
    try {
      const bytes = await file.read(0, file.size);
      const end = bytes.lastIndexOf(NEWLINE) + 1;
      const names = parseNames(new TextDecoder().decode(bytes.subarray(0, end)), present);
      if (end < bytes.length) {
        // The write of this line was cut short, so its flush was never finished.
        const count = bytes.length - end;
        onEvent({type: 'manifest-truncated', file: MANIFEST, offset: end, count});
        await file.truncate(end);
      }
      return new Manifest(file, names);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Names of SSTables, oldest first. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** One more than any listed id. */
  nextId(): number {
    return 1 + Math.max(0, ...this.#names.map((name) => sstableId(name) ?? 0));
  }

  /** Lists `name` as the newest SSTable. */
  async append(name: string): Promise<void> {
    // What an append that failed left behind would be glued to this line.
    if (this.#file.size > this.#sizeBytes) await this.#file.truncate(this.#sizeBytes);
    await this.#file.append(new TextEncoder().encode(`${name}\n`));
    this.#sizeBytes = this.#file.size;
    this.#names.push(name);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
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

/** Without MANIFEST the order of the SSTables is unknown, and a guess could lose data. */
function refuseUnlistedData(present: readonly string[]): void {
  const data = present.find((name) => sstableId(name) !== undefined);
  if (data === undefined) return;
  const problem = `${MANIFEST} is missing, but ${data} is here`;
  throw new KvError('CORRUPTION', `${problem}: restore ${MANIFEST}`, {file: MANIFEST});
}
