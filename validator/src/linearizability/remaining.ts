/**
 * What a search has still to put in order, by the state that it reads or leaves.
 * A state that must be read again, and that no write will bring back, must not
 * be overwritten: that ends most detours at once.
 */
import type {Model} from './model.ts';
import {isWrite, type Operation, type State} from './operation.ts';

interface Users {
  writes: number;
  reads: number;
  /** Of all reads, by return. */
  readonly readers: number[];
}

type Candidate = Pick<Operation, 'action' | 'return'>;

export class Remaining {
  /** Of what each candidate reads or leaves; undefined where that is no one state. */
  readonly #usersOf: readonly (Users | undefined)[];
  readonly #isWrite: readonly boolean[];
  readonly #users = new Map<State, Users>();
  readonly #isHere: Uint8Array;
  /** Whether it is known of every write what it leaves. */
  readonly #isComplete: boolean;

  constructor(model: Model, candidates: readonly Candidate[]) {
    this.#isHere = new Uint8Array(candidates.length).fill(1);
    this.#isWrite = candidates.map(({action}) => isWrite(action));
    this.#usersOf = candidates.map(({action}) => {
      if (isWrite(action)) return this.#usersOfState(model.result(action));
      return action.op === 'get' ? this.#usersOfState(action.value) : undefined;
    });
    this.#isComplete = candidates.every(
      ({action}, index) => !isWrite(action) || this.#usersOf[index] !== undefined,
    );
    const byReturn = [...candidates.keys()].sort(
      (a, b) => (candidates[a]?.return ?? 0) - (candidates[b]?.return ?? 0),
    );
    for (const number of byReturn) {
      this.#count(number, 1);
      if (this.#isWrite[number] === false) this.#usersOf[number]?.readers.push(number);
    }
  }

  take(candidate: number): void {
    this.#isHere[candidate] = 0;
    this.#count(candidate, -1);
  }

  putBack(candidate: number): void {
    this.#isHere[candidate] = 1;
    this.#count(candidate, 1);
  }

  has(candidate: number): boolean {
    return this.#isHere[candidate] === 1;
  }

  /**
   * The read that will be the first to miss `state` if it is overwritten now;
   * undefined if it may be.
   */
  firstToMiss(state: State): number | undefined {
    const users = this.#users.get(state);
    if (!this.#isComplete || users === undefined) return undefined;
    if (users.writes > 0 || users.reads === 0) return undefined;
    return users.readers.find((reader) => this.has(reader));
  }

  #count(candidate: number, change: number): void {
    const users = this.#usersOf[candidate];
    if (users === undefined) return;
    if (this.#isWrite[candidate] === true) users.writes += change;
    else users.reads += change;
  }

  #usersOfState(state: State | undefined): Users | undefined {
    if (state === undefined) return undefined;
    let users = this.#users.get(state);
    if (users === undefined) {
      users = {writes: 0, reads: 0, readers: []};
      this.#users.set(state, users);
    }
    return users;
  }
}
