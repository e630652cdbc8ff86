/**
 * What was written to a server and what happened to it: from this follows, for
 * each key, what a GET may answer.
 *
 * A key has several permitted answers only
 *  - after a write whose answer never came: it may or may not have happened;
 *  - after a stop, in checks of week 2, which ask for nothing more: what was
 *    still in the memtable may be lost.
 * The first answer settles which it was; later ones must agree with it.
 *
 * REQUIRES: writes of one key are sent one after another.
 */
import type {ScanKey} from '@kv-workshop/fixtures/instruction';
import type {LifeEntry} from './failure.ts';
import {Settling, type Thresholds} from './settling.ts';

/** A value, or null: the key is absent. */
export type Value = string | null;

/** A write that is still to be sent: a PUT, or, with null, a DELETE. */
export type KeyWrite = readonly [key: string, value: Value];

type Outcome = 'acknowledged' | 'unanswered';

export interface Write {
  readonly key: string;
  readonly value: Value;
  readonly outcome: Outcome;
  /** What was permitted before this write. */
  readonly before: readonly Value[];
}

export interface Event {
  readonly event: string;
}

const ABSENT: readonly Value[] = [null];
/** Writes of a key that a failure card shows. */
const WRITES_SHOWN = 4;

export interface LedgerOptions extends Thresholds {
  /** Whether a write that was acknowledged must survive every stop. */
  readonly durable: boolean;
  /** Whether a start fills the memtable from a log, so that the next flush comes sooner. @default `durable` */
  readonly recovers?: boolean;
}

export class Ledger {
  /** The memtable and the SSTables, if flushes and compactions come where the contract says. */
  readonly settling: Settling;
  readonly #options: LedgerOptions;
  readonly #permitted = new Map<string, readonly Value[]>();
  readonly #journal: (Write | Event)[] = [];
  /** Index in the journal of the first entry since the server last started. */
  #startIndex = 0;

  constructor(options: LedgerOptions) {
    this.#options = options;
    this.settling = new Settling(options);
  }

  /** Keys that were ever written, in the order of their first write. */
  keys(): string[] {
    return Array.from(this.#permitted.keys());
  }

  has(key: string): boolean {
    return this.#permitted.has(key);
  }

  /** Whether a write that was acknowledged survives every stop. */
  get isDurable(): boolean {
    return this.#options.durable;
  }

  /** All that was written and all that happened, oldest first. */
  get journal(): readonly (Write | Event)[] {
    return this.#journal;
  }

  /** All writes, in the order in which they were answered. */
  writes(): readonly Write[] {
    return this.#journal.filter((entry) => 'key' in entry);
  }

  /** What a GET of `key` may answer now; at least one value. */
  permitted(key: string): readonly Value[] {
    return this.#permitted.get(key) ?? ABSENT;
  }

  /** Whether `key` is absent because of a DELETE. */
  isDeleted(key: string): boolean {
    const {length, 0: only} = this.permitted(key);
    return length === 1 && only === null && this.#lastWrite(key)?.value === null;
  }

  /** The keys in [start, end) that a SCAN answers now, ascending; those that may be absent are optional. */
  present(start: string, end: string): ScanKey[] {
    const keys: ScanKey[] = [];
    for (const [key, values] of this.#permitted) {
      if (key < start || key >= end || values.every((value) => value === null)) continue;
      keys.push({key, optional: values.includes(null)});
    }
    return keys.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  /** A write was sent; it was acknowledged, or its answer never came. */
  wrote(key: string, value: Value, outcome: Outcome): void {
    const before = this.permitted(key);
    this.#journal.push({key, value, outcome, before});
    this.#permit(key, outcome === 'acknowledged' ? [value] : [...before, value]);
    for (const event of this.settling.write(key)) this.event(event);
  }

  /** The last write of `key` may be undone: the check itself has damaged it. */
  lastWriteMayBeLost(key: string): void {
    const last = this.#lastWrite(key);
    if (last !== undefined) this.#permit(key, [...this.permitted(key), ...last.before]);
  }

  /** A GET of `key` answered `value`, which was permitted. */
  observed(key: string, value: Value): void {
    if (this.permitted(key).length > 1) this.#permitted.set(key, [value]);
  }

  /** A SCAN of [start, end) answered `keys`, as was permitted. */
  scanned(start: string, end: string, keys: readonly string[]): void {
    const answered = new Set(keys);
    for (const {key, optional} of this.present(start, end)) {
      if (!optional) continue;
      const values = this.permitted(key).filter((value) => value !== null);
      this.#permit(key, answered.has(key) ? values : ABSENT);
    }
  }

  /** Something that belongs into the life of every key. */
  event(event: string): void {
    this.#journal.push({event});
  }

  /** The server was stopped or crashed, and its memory is gone. */
  stopped(event: 'RESTART' | 'KILL'): void {
    if (!this.#options.durable) this.#forgetMemtable();
    this.settling.stopped(this.#options.recovers ?? this.#options.durable);
    this.event(event);
    this.#startIndex = this.#journal.length;
  }

  /**
   * Walks back over the writes that may still have been in the memtable: those
   * after which fewer than a memtable's worth of other keys were written since
   * the server started. It may have flushed earlier, so each of them may have
   * survived as well.
   */
  #forgetMemtable(): void {
    const keys = new Set<string>();
    for (let index = this.#journal.length - 1; index >= this.#startIndex; index--) {
      const entry = this.#journal[index];
      if (entry === undefined || 'event' in entry) continue;
      keys.add(entry.key);
      if (keys.size > this.#options.memtableEntriesMax) return;
      this.#permit(entry.key, [...this.permitted(entry.key), ...entry.before]);
    }
  }

  #lastWrite(key: string): Write | undefined {
    return this.writes().findLast((write) => write.key === key);
  }

  #permit(key: string, values: readonly Value[]): void {
    this.#permitted.set(key, values.length === 1 ? values : Array.from(new Set(values)));
  }

  /** What happened to the server so far, and how much was written between. */
  events(): LifeEntry[] {
    const events: LifeEntry[] = [];
    let writes = 0;
    for (const entry of this.#journal) {
      if ('key' in entry) writes += 1;
      else events.push({at: `after ${writes} writes`, what: entry.event});
    }
    return events;
  }

  /** The last writes of `key`, and what happened to the server since the first of them. */
  life(key: string): LifeEntry[] {
    const writes = this.#journal.filter((entry) => 'key' in entry && entry.key === key);
    const hidden = Math.max(0, writes.length - WRITES_SHOWN);
    const first = writes[hidden];
    if (first === undefined) return [{at: '', what: `${key} was never written`}];

    const life: LifeEntry[] = [];
    if (hidden > 0) life.push({at: '', what: `(${hidden} earlier writes of this key)`});
    let writeNumber = 0;
    let otherWrites = 0;
    let isShown = false;
    for (const entry of this.#journal) {
      if ('key' in entry) writeNumber += 1;
      isShown ||= entry === first;
      if (!isShown) continue;
      if ('event' in entry) life.push({at: '', what: entry.event});
      else if (entry.key === key) life.push({at: `write ${writeNumber}`, what: describe(entry)});
      else otherWrites += 1;
    }
    if (otherWrites > 0)
      life.push({at: '', what: `(${otherWrites} writes of other keys meanwhile)`});
    return life;
  }
}

function describe(write: Write): string {
  const what = write.value === null ? `DELETE ${write.key}` : `PUT ${write.key} = ${write.value}`;
  return write.outcome === 'acknowledged' ? what : `${what} (never answered)`;
}
