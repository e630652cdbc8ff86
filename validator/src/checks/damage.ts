/** What a check does to the files of a stopped server, and how it undoes it. */
import {broken} from './broken-file.ts';
import {
  createDataFile,
  isTaken,
  readDataFile,
  removeDataFile,
  writeDataFile,
} from './data-files.ts';
import type {Ledger} from './ledger.ts';

const NAMES_MAX = 1_000;
const STRAY_RULE = 'A data folder is not full of files that nobody asked for.';

export class Damage {
  readonly #dataDir: string;
  readonly #ledger: Ledger;
  /** What was in each file before; undefined if it was not there. */
  readonly #before = new Map<string, Uint8Array | undefined>();

  /** @param ledger is told what is done: it belongs into the life of each key */
  constructor(dataDir: string, ledger: Ledger) {
    this.#dataDir = dataDir;
    this.#ledger = ledger;
  }

  /** Changes one bit. @param bit 0 is the lowest */
  async flip(path: string, offset: number, bit: number): Promise<void> {
    const bytes = await this.#keep(path);
    bytes[offset] = (bytes[offset] ?? 0) ^ (1 << bit);
    await writeDataFile(this.#dataDir, path, bytes);
    this.#ledger.event(`bit ${bit} of byte ${offset} of ${path} flipped`);
  }

  async zero(path: string, start: number, end: number): Promise<void> {
    const bytes = (await this.#keep(path)).fill(0, start, end);
    await writeDataFile(this.#dataDir, path, bytes);
    this.#ledger.event(`bytes ${start} to ${end - 1} of ${path} set to zero`);
  }

  async cut(path: string, sizeBytes: number): Promise<void> {
    const bytes = await this.#keep(path);
    await writeDataFile(this.#dataDir, path, bytes.subarray(0, sizeBytes));
    this.#ledger.event(`${path} cut to ${sizeBytes} of its ${bytes.length} bytes`);
  }

  /** Puts other bytes in its place. @param what says what became of the file */
  async rewrite(path: string, bytes: Uint8Array, what: string): Promise<void> {
    await this.#keep(path);
    await writeDataFile(this.#dataDir, path, bytes);
    this.#ledger.event(`${path}: ${what}`);
  }

  async remove(path: string): Promise<void> {
    await this.#keep(path);
    await removeDataFile(this.#dataDir, path);
    this.#ledger.event(`${path} removed`);
  }

  /**
   * A file that nobody has asked for.
   * @param nameOf its names to choose from, of 0, 1, …: the first that is not there yet
   * @param what describes it
   */
  async add(nameOf: (attempt: number) => string, bytes: Uint8Array, what: string): Promise<void> {
    const path = await this.#unused(nameOf);
    this.#before.set(path, undefined);
    await createDataFile(this.#dataDir, path, bytes);
    this.#ledger.event(`${path} added: ${what}`);
  }

  /** Puts everything back as it was before, also what the server has made of it since. */
  async undo(): Promise<void> {
    for (const [path, bytes] of this.#before) {
      await removeDataFile(this.#dataDir, path);
      if (bytes !== undefined) await createDataFile(this.#dataDir, path, bytes);
    }
    if (this.#before.size > 0) this.#ledger.event('the damage undone');
    this.#before.clear();
  }

  async #unused(nameOf: (attempt: number) => string): Promise<string> {
    for (let attempt = 0; attempt < NAMES_MAX; attempt++) {
      const path = nameOf(attempt);
      if (!(await isTaken(this.#dataDir, path))) return path;
    }
    throw broken(nameOf(0), `it is there, and so are ${NAMES_MAX - 1} more like it`, STRAY_RULE);
  }

  /** The bytes as they are now; those from before the first damage are kept. */
  async #keep(path: string): Promise<Buffer> {
    const bytes = await readDataFile(this.#dataDir, path);
    if (!this.#before.has(path)) this.#before.set(path, Uint8Array.from(bytes));
    return bytes;
  }
}
