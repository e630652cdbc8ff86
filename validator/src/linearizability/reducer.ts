/**
 * Leaves operations out of an impossible history of one key, for as long as what
 * is left is impossible too, and proves something about all of them.
 *
 * It does so only if what is left out cannot matter. So a write stays for as
 * long as it may explain something that stays; it may go if it came too late
 * for that, or if another one that stays has overwritten it in between. Reads
 * may always go.
 */
import type {Model} from './model.ts';
import {isWrite, type Operation, precedes, type State} from './operation.ts';
import {Search} from './search.ts';

const WINDOW_FIRST = 16;
const WINDOW_MAX = 512;
/** Of one search: what so many do not show to be impossible counts as possible. */
const STEPS_OF_A_SEARCH = 500_000;

/** What all searches together may still take, a few microseconds for each step. */
export interface Effort {
  stepsLeft: number;
}

export class Reducer {
  readonly #model: Model;
  /** By invocation. */
  readonly #all: readonly Operation[];
  readonly #writes: readonly Operation[];
  readonly #effort: Effort;
  readonly #initial: State;

  /** @param initial what the key holds before the first of them */
  constructor(model: Model, all: readonly Operation[], effort: Effort, initial: State = null) {
    this.#model = model;
    this.#all = all.toSorted((a, b) => a.invoke - b.invoke);
    this.#writes = this.#all.filter(({action}) => isWrite(action));
    this.#effort = effort;
    this.#initial = initial;
  }

  /** The operation that no order gets past; undefined if that does not show in time. */
  blockedBy(operations: readonly Operation[]): Operation | undefined {
    const search = new Search(this.#model, operations, this.#initial);
    const verdict = search.advance(Math.min(STEPS_OF_A_SEARCH, this.#effort.stepsLeft));
    this.#effort.stepsLeft -= search.steps;
    return verdict === 'not-linearizable' ? search.blockedBy : undefined;
  }

  /** An impossible part at the end; undefined if there is none of a reasonable size. */
  impossibleEnd(): Operation[] | undefined {
    for (let size = WINDOW_FIRST; size <= WINDOW_MAX; size *= 2) {
      const part = this.#withExplanations(this.#all.slice(-size));
      if (this.blockedBy(part) !== undefined) return part;
      if (size >= this.#all.length) return undefined;
    }
    return undefined;
  }

  /** As few of the operations as are impossible. REQUIRES: `operations` are. */
  fewest(operations: readonly Operation[]): Operation[] {
    // With the reads gone, fewer writes have to stay.
    const isRead = ({action}: Operation) => !isWrite(action);
    const inOrder = operations.toSorted((a, b) => Number(isRead(b)) - Number(isRead(a)));
    let kept = new Set(inOrder);
    for (let before = kept.size + 1; kept.size < before; ) {
      before = kept.size;
      for (const operation of inOrder) {
        if (!kept.has(operation)) continue;
        const fewer = new Set(kept);
        fewer.delete(operation);
        const mayGo = isRead(operation) || this.#provesAll(fewer);
        if (mayGo && this.blockedBy([...fewer]) !== undefined) kept = fewer;
      }
    }
    return this.#all.filter((operation) => kept.has(operation));
  }

  /** With all writes that may explain one of them. */
  #withExplanations(operations: readonly Operation[]): Operation[] {
    const kept = new Set(operations);
    const observers = [...operations];
    for (const observer of observers) {
      for (const write of this.#writes.toReversed()) {
        if (kept.has(write) || !this.#mayExplain(write, observer, kept)) continue;
        kept.add(write);
        observers.push(write);
      }
    }
    return [...kept];
  }

  /** Whether nothing that is left out may explain anything that is kept. */
  #provesAll(kept: ReadonlySet<Operation>): boolean {
    for (const write of this.#writes) {
      if (kept.has(write)) continue;
      for (const observer of kept) if (this.#mayExplain(write, observer, kept)) return false;
    }
    return true;
  }

  #mayExplain(write: Operation, observer: Operation, kept: ReadonlySet<Operation>): boolean {
    if (write.invoke > observer.return) return false;
    if (!this.#model.explains(write.action, observer.action)) return false;
    for (const other of kept) {
      const isBetween = precedes(write, other) && precedes(other, observer);
      if (isBetween && this.#overwrites(other)) return false;
    }
    return true;
  }

  #overwrites({action}: Operation): boolean {
    return isWrite(action) && this.#model.result(action) !== undefined;
  }
}
