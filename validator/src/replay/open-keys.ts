import type {Delete, Expected, Put} from '@kv-workshop/fixtures/instruction';

/**
 * What a fixture's lines cannot know about a key, and a run can (contract,
 * sections 4 and 5):
 *
 *  - The answer of a write was lost: it may have happened or not.
 *  - Several writers of a key ran in one block: one of their values won.
 *  - The server was killed in the middle of a block: what was acknowledged
 *    before has happened, what was not may have.
 *
 * The first read of such a key settles it; later ones must agree, until the
 * key is written again. All other keys are of no concern here, so memory is
 * bounded by the keys that are open.
 */
export interface OpenKey {
  /** Any of these may be the key's value (null: absent). */
  possible: readonly Expected[];
  /**
   * The value from before the block of this line is possible too. Which one
   * that is has to be looked up in the file: rarely, so it is not remembered.
   */
  olderThanLine: number | undefined;
  /** The line of the read that settled it. */
  settledAtLine: number | undefined;
  /** A write of the key has begun since: reads are no longer held against this. */
  isBeingWritten: boolean;
}

export type ReadVerdict =
  | 'agrees'
  | 'contradicts'
  /** It may be the value from before, which is to be looked up. */
  | 'look-up';

/** The most keys that are followed; beyond that the oldest are let go, and counted. */
const KEYS_MAX = 100_000;

interface BlockWrites {
  acknowledged: Expected[];
  open: Expected[];
}

export type Write = Put | Delete;

export class OpenKeys {
  readonly #keys = new Map<string, OpenKey>();
  /** Writes of the current block. In a sequential file each request is a block. */
  readonly #block = new Map<string, BlockWrites>();
  readonly #isSequential: boolean;
  #blockLine = 1;
  #dropped = 0;

  constructor(isSequential: boolean) {
    this.#isSequential = isSequential;
  }

  /** Keys whose knowledge was let go because there were too many. */
  get dropped(): number {
    return this.#dropped;
  }

  /** What a read of the key that is sent now will be held against. */
  at(key: string): OpenKey | undefined {
    if (this.#keys.size === 0) return undefined;
    const open = this.#keys.get(key);
    return open === undefined || open.isBeingWritten ? undefined : open;
  }

  writeBegins(key: string): void {
    if (this.#keys.size === 0) return;
    const open = this.#keys.get(key);
    if (open !== undefined) open.isBeingWritten = true;
  }

  /** @param happened false: it may have or not, because its answer was lost or a 5xx */
  writeEnds(write: Write, happened: boolean): void {
    if (this.#isSequential && happened) {
      // Nearly every write of a sequential file.
      if (this.#keys.size > 0) this.#keys.delete(write.key);
      return;
    }
    const value = write.op === 'put' ? write.value : null;
    if (this.#isSequential) {
      this.#leaveOpen(write.key, [value], write.line);
      return;
    }
    let writes = this.#block.get(write.key);
    if (writes === undefined) {
      if (this.#block.size >= KEYS_MAX) {
        this.#dropped++;
        return;
      }
      writes = {acknowledged: [], open: []};
      this.#block.set(write.key, writes);
    }
    (happened ? writes.acknowledged : writes.open).push(value);
  }

  /**
   * All requests of the block have their outcomes.
   * @param wasKilled the server was killed in the middle of it: the file permits
   *   the loss of any write of the block, but those acknowledged must have happened
   * @param nextLine where the next block begins
   */
  endBlock(wasKilled: boolean, nextLine: number): void {
    for (const [key, {acknowledged, open}] of this.#block) {
      if (acknowledged.length === 0) this.#leaveOpen(key, open, this.#blockLine);
      else if (acknowledged.length === 1 && open.length === 0 && !wasKilled) this.#keys.delete(key);
      else this.#set(key, [...acknowledged, ...open], undefined);
    }
    this.#block.clear();
    this.#blockLine = nextLine;
  }

  /**
   * A write was acknowledged while the server is about to be killed. In a
   * sequential file this is not known to the lines behind it.
   */
  acknowledgedBeforeKill(write: Write): void {
    if (!this.#isSequential) return;
    this.#set(write.key, [write.op === 'put' ? write.value : null], undefined);
  }

  /**
   * A read that was held against `open` has been answered.
   * @param permitted what its line permits
   */
  judge(
    key: string,
    open: OpenKey,
    read: {
      readonly line: number;
      readonly permitted: readonly Expected[];
      readonly value: Expected;
    },
  ): ReadVerdict {
    const {line, permitted, value} = read;
    if (this.isOutdated(key, open)) return permitted.includes(value) ? 'agrees' : 'contradicts';
    if (open.possible.includes(value)) {
      settle(open, value, line);
      return 'agrees';
    }
    if (open.olderThanLine === undefined) return 'contradicts';
    if (!permitted.includes(value)) return 'look-up';
    settle(open, value, line);
    return 'agrees';
  }

  /** The key was written, or has begun to be, since `open` was handed out. */
  isOutdated(key: string, open: OpenKey): boolean {
    return open.isBeingWritten || this.#keys.get(key) !== open;
  }

  mayBePresent(key: string): boolean {
    const open = this.#keys.get(key);
    if (open === undefined) return false;
    return open.olderThanLine !== undefined || open.possible.some((value) => value !== null);
  }

  mayBeAbsent(key: string): boolean {
    const open = this.#keys.get(key);
    if (open === undefined) return false;
    return open.olderThanLine !== undefined || open.possible.includes(null);
  }

  /** One more write may have happened; whatever was possible before still is. */
  #leaveOpen(key: string, values: readonly Expected[], line: number): void {
    const before = this.#keys.get(key);
    if (before === undefined) this.#set(key, values, line);
    else this.#set(key, [...before.possible, ...values], before.olderThanLine);
  }

  #set(key: string, possible: readonly Expected[], olderThanLine: number | undefined): void {
    this.#keys.delete(key);
    this.#keys.set(key, {
      possible: [...new Set(possible)],
      olderThanLine,
      settledAtLine: undefined,
      isBeingWritten: false,
    });
    if (this.#keys.size <= KEYS_MAX) return;
    for (const [oldest] of this.#keys) {
      this.#keys.delete(oldest);
      this.#dropped++;
      return;
    }
  }
}

/** From now on the key has this value, as far as anybody can see. */
export function settle(open: OpenKey, value: Expected, line: number): void {
  open.settledAtLine ??= line;
  open.possible = [value];
  open.olderThanLine = undefined;
}
