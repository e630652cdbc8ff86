/**
 * The sets of operations in order, each with the state that they left, that a
 * search has been at. A set is kept as its window: all operations below it are
 * in, all above are out, so a history of any length needs a few bytes a set.
 */
import type {State} from './operation.ts';

const BITS = 16;

export class SeenStates {
  readonly #seen = new Set<string>();
  readonly #stateNumbers = new Map<State, number>();
  readonly #isIn: Uint8Array;

  constructor(operations: number) {
    this.#isIn = new Uint8Array(operations);
  }

  put(operation: number): void {
    this.#isIn[operation] = 1;
  }

  takeOut(operation: number): void {
    this.#isIn[operation] = 0;
  }

  /**
   * Remembers the present set with `state`.
   * @param firstOut the lowest operation that is not in the set
   * @param lastIn not lower than the highest one that is
   * @returns whether it is new
   */
  add(state: State, firstOut: number, lastIn: number): boolean {
    const key = this.#window(state, firstOut, lastIn);
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }

  /** Sixteen bits a character, and nothing behind the highest one that is set. */
  #window(state: State, firstOut: number, lastIn: number): string {
    const number = this.#stateNumber(state);
    let key = String.fromCharCode(
      number & 0xffff,
      number >>> BITS,
      firstOut & 0xffff,
      firstOut >>> BITS,
    );
    for (let from = firstOut + 1; from <= lastIn; from += BITS) {
      let bits = 0;
      for (let bit = 0; bit < BITS; bit++) bits |= (this.#isIn[from + bit] ?? 0) << bit;
      key += String.fromCharCode(bits);
    }
    return key.replace(/\0+$/, '');
  }

  #stateNumber(state: State): number {
    let number = this.#stateNumbers.get(state);
    if (number === undefined) {
      number = this.#stateNumbers.size;
      this.#stateNumbers.set(state, number);
    }
    return number;
  }
}
