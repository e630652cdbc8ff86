/**
 * Is a history linearizable: can all operations be put in one order, each at one
 * instant between its invocation and its return, that explains all answers?
 *
 * Keys are independent of each other, so each is checked on its own; scans, which
 * see many keys at once, are looked at as a whole where that can be decided.
 */
import {type Counterexample, counterexampleBefore, counterexampleOf} from './counterexample.ts';
import type {Model} from './model.ts';
import type {History, Operation} from './operation.ts';
import {scansAsReads} from './scanned-keys.ts';
import {Search} from './search.ts';
import {checkSnapshots, type SnapshotVerdict} from './snapshots.ts';
import {checkZones} from './zones.ts';

export interface HistoryVerdict {
  readonly verdict: 'linearizable' | 'not-linearizable' | 'undecided';
  readonly operations: number;
  readonly keys: number;
  /** Keys that were decided by sorting, and those that needed a search. */
  readonly keysByZones: number;
  readonly keysBySearch: number;
  /** Of all searches: operations looked at. */
  readonly steps: number;
  /** Keys whose search was given up, since all steps were used up. */
  readonly undecidedKeys: readonly string[];
  readonly scans: ScanVerdict;
  /** Of a key that is not linearizable. */
  readonly counterexample?: Counterexample;
}

export interface ScanVerdict {
  readonly count: number;
  /**
   * - snapshots: each scan is held against one instant.
   * - reads: each key of a scan on its own, as if it had been read; this notices
   *   less. `reason` says why.
   */
  readonly checkedAs: 'snapshots' | 'reads' | 'nothing';
  readonly reason?: string;
  /** Each has to come before the next one, and the last before the first. */
  readonly circle?: Extract<SnapshotVerdict, {kind: 'conflict'}>['circle'];
}

export interface CheckOptions {
  readonly model: Model;
  /** Of all searches together; about a microsecond each. @default 5 million */
  readonly stepsMax?: number;
}

const STEPS_MAX = 5_000_000;
/** For each key at first; what does not do gets four times as many, and so on. */
const STEPS_FIRST = 4_096;
const STEPS_GROWTH = 4;

export function checkHistory(history: History, options: CheckOptions): HistoryVerdict {
  return new HistoryCheck(history, options).verdict();
}

class HistoryCheck {
  readonly #model: Model;
  readonly #history: History;
  readonly #snapshots: SnapshotVerdict | undefined;
  readonly #ofKeys = new Map<string, Operation[]>();
  readonly #undecided = new Map<string, Search>();
  #stepsLeft: number;
  #steps = 0;
  #keysByZones = 0;
  #keysBySearch = 0;
  #counterexample: Counterexample | undefined;

  constructor(history: History, {model, stepsMax = STEPS_MAX}: CheckOptions) {
    this.#model = model;
    this.#history = history;
    this.#stepsLeft = stepsMax;
    this.#snapshots = history.scans.length === 0 ? undefined : checkSnapshots(history);
    const asReads = this.#snapshots?.kind === 'undecidable' ? scansAsReads(history) : [];
    for (const operation of [...history.operations, ...asReads]) {
      const ofKey = this.#ofKeys.get(operation.key);
      if (ofKey === undefined) this.#ofKeys.set(operation.key, [operation]);
      else ofKey.push(operation);
    }
  }

  verdict(): HistoryVerdict {
    this.#checkByZones();
    this.#search();
    const {operations, scans} = this.#history;
    const hasCircle = this.#snapshots?.kind === 'conflict';
    const isBroken = this.#counterexample !== undefined || hasCircle;
    const isDone = this.#undecided.size === 0;
    return {
      verdict: isBroken ? 'not-linearizable' : isDone ? 'linearizable' : 'undecided',
      operations: operations.length + scans.length,
      keys: this.#ofKeys.size,
      keysByZones: this.#keysByZones,
      keysBySearch: this.#keysBySearch,
      steps: this.#steps,
      undecidedKeys: Array.from(this.#undecided.keys()),
      scans: scanVerdict(scans.length, this.#snapshots),
      ...(this.#counterexample === undefined ? {} : {counterexample: this.#counterexample}),
    };
  }

  /** Leaves the keys for which that does not do to a search. */
  #checkByZones(): void {
    for (const [key, operations] of this.#ofKeys) {
      const verdict = isPlain(operations) ? checkZones(operations) : undefined;
      if (verdict === undefined || verdict.kind === 'ambiguous') {
        const search = new Search(this.#model, operations);
        this.#undecided.set(key, search);
        this.#keysBySearch++;
        this.#steps += search.steps;
        continue;
      }
      this.#keysByZones++;
      if (verdict.kind === 'conflict') {
        this.#counterexample ??= counterexampleOf(this.#model, operations, verdict.operations);
      }
    }
  }

  /** All keys in turn, so that one that never ends does not keep the others from their verdict. */
  #search(): void {
    for (let steps = STEPS_FIRST; this.#undecided.size > 0; steps *= STEPS_GROWTH) {
      for (const [key, search] of this.#undecided) {
        if (this.#counterexample !== undefined || this.#stepsLeft <= 0) return;
        this.#advance(key, search, Math.min(steps, this.#stepsLeft));
      }
    }
  }

  #advance(key: string, search: Search, steps: number): void {
    const before = search.steps;
    const verdict = search.advance(steps);
    const used = search.steps - before;
    this.#steps += used;
    this.#stepsLeft -= used;
    if (verdict === undefined) return;
    this.#undecided.delete(key);
    if (verdict === 'linearizable') return;
    const operations = this.#ofKeys.get(key) ?? [];
    this.#counterexample = counterexampleBefore(this.#model, operations, search.blockedBy);
  }
}

/** Put, delete and get mean the same in every model. */
function isPlain(operations: readonly Operation[]): boolean {
  return operations.every(({action: {op}}) => op === 'put' || op === 'delete' || op === 'get');
}

function scanVerdict(count: number, snapshots: SnapshotVerdict | undefined): ScanVerdict {
  switch (snapshots?.kind) {
    case 'consistent':
      return {count, checkedAs: 'snapshots'};
    case 'conflict':
      return {count, checkedAs: 'snapshots', circle: snapshots.circle};
    case 'undecidable':
      return {count, checkedAs: 'reads', reason: snapshots.reason};
    case undefined:
    default:
      return {count, checkedAs: 'nothing'};
  }
}
