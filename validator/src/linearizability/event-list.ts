/**
 * The invocations and returns of operations in the order of time, as a doubly
 * linked list: operations are taken out as they are put in order, and put back,
 * last out first in, when that turns out to lead nowhere (Knuth's dancing links).
 */
import type {Operation} from './operation.ts';

/** Stands before the first event. */
export const HEAD = 0;

/** An event is a number from 1 up, ascending in time; an operation is a number from 0 up. */
export class EventList {
  readonly #operationOf: Int32Array;
  readonly #invocationOf: Int32Array;
  readonly #returnOf: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;

  constructor(operations: readonly Pick<Operation, 'invoke' | 'return'>[]) {
    const count = operations.length;
    this.#operationOf = new Int32Array(2 * count + 1);
    this.#invocationOf = new Int32Array(count);
    this.#returnOf = new Int32Array(count);
    this.#next = new Int32Array(2 * count + 1);
    this.#previous = new Int32Array(2 * count + 1);
    const events = operations.flatMap(({invoke, return: returned}, operation) => [
      {operation, time: invoke, isReturn: 0},
      {operation, time: returned, isReturn: 1},
    ]);
    // Operations that touch at one microsecond overlap: the invocation comes first.
    events.sort((a, b) => (a.time === b.time ? a.isReturn - b.isReturn : a.time - b.time));
    for (const [index, {operation, isReturn}] of events.entries()) {
      const event = index + 1;
      (isReturn === 1 ? this.#returnOf : this.#invocationOf)[operation] = event;
      this.#operationOf[event] = operation;
      this.#next[event - 1] = event;
      this.#previous[event] = event - 1;
    }
    this.#next[2 * count] = HEAD;
  }

  /** HEAD behind the last one. */
  next(event: number): number {
    return this.#next[event] ?? HEAD;
  }

  operation(event: number): number {
    return this.#operationOf[event] ?? 0;
  }

  isInvocation(event: number): boolean {
    return this.#invocationOf[this.operation(event)] === event;
  }

  invocation(operation: number): number {
    return this.#invocationOf[operation] ?? HEAD;
  }

  return(operation: number): number {
    return this.#returnOf[operation] ?? HEAD;
  }

  /** Takes both events of an operation out. */
  remove(operation: number): void {
    this.#unlink(this.#invocationOf[operation] ?? HEAD);
    this.#unlink(this.#returnOf[operation] ?? HEAD);
  }

  /** REQUIRES: of the operations that are out, it was removed last. */
  restore(operation: number): void {
    this.#relink(this.#returnOf[operation] ?? HEAD);
    this.#relink(this.#invocationOf[operation] ?? HEAD);
  }

  #unlink(event: number): void {
    const next = this.#next[event] ?? HEAD;
    const previous = this.#previous[event] ?? HEAD;
    this.#next[previous] = next;
    if (next !== HEAD) this.#previous[next] = previous;
  }

  #relink(event: number): void {
    const next = this.#next[event] ?? HEAD;
    const previous = this.#previous[event] ?? HEAD;
    this.#next[previous] = event;
    if (next !== HEAD) this.#previous[next] = event;
  }
}
