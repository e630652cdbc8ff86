/**
 * Looks for an order of the operations of one key that explains all that was
 * read: for any model and any values, at a cost that can be exponential.
 *
 * Operations are put in order one after another, each time one of those that no
 * other has to precede: those invoked before the first return. What was reached
 * is remembered, as the set of operations in order and the state they leave;
 * whatever leads there again leads nowhere new.
 *
 * Some rules keep it quick. A read that agrees with the state is put in order at
 * once, for later it would do no better. A write without an answer is put in
 * order only where something sees it before it is overwritten, of several that
 * do the same the first, and may be left out once all that it may explain is over.
 *
 * Source: Wing and Gong, "Testing and Verifying Concurrent Objects", JPDC 17,
 * 1993; remembering is Lowe's, "Testing for Linearizability", CCPE 29(4), 2017.
 */
import {EventList, HEAD} from './event-list.ts';
import type {Model} from './model.ts';
import {isWrite, type Operation, type State} from './operation.ts';
import {Remaining} from './remaining.ts';
import {SeenStates} from './seen-states.ts';

export type SearchVerdict = 'linearizable' | 'not-linearizable';

/** An operation that is to be put in order. */
interface Candidate extends Pick<Operation, 'action' | 'invoke'> {
  readonly operation: Operation;
  /** When it has to be in order. */
  readonly return: number;
  /** Nobody knows whether it happened: it may be left out instead. */
  readonly isOptional: boolean;
  /** Of an optional one: the last optional one before it that does the same. */
  readonly twin: number | undefined;
}

/** A candidate that was put in order, or left out, and how to go back. */
interface Move {
  readonly candidate: number;
  readonly stateBefore: State;
  /** The highest candidate in order before. */
  readonly highestBefore: number;
  readonly kind: /** The alternatives stand behind its invocation. */
    | 'choice'
    /** There was no other choice left. */
    | 'last-choice'
    /** There was nothing to choose. */
    | 'forced';
}

export class Search {
  readonly #model: Model;
  readonly #candidates: readonly Candidate[];
  readonly #events: EventList;
  readonly #seen: SeenStates;
  readonly #remaining: Remaining;
  readonly #moves: Move[] = [];
  #state: State;
  #highest = -1;
  /** The candidate to look at next. */
  #event = HEAD;
  #steps = 0;
  #blockedAt = HEAD;
  #verdict: SearchVerdict | undefined;

  /** @param initial what the key holds before the first operation */
  constructor(model: Model, operations: readonly Operation[], initial: State = null) {
    this.#model = model;
    this.#candidates = candidatesOf(model, operations);
    this.#events = new EventList(this.#candidates);
    this.#seen = new SeenStates(this.#candidates.length);
    this.#remaining = new Remaining(model, this.#candidates);
    this.#state = initial;
    this.#putReadsInOrder();
    this.#enter();
  }

  /** Operations looked at so far: what it has cost. */
  get steps(): number {
    return this.#steps;
  }

  /**
   * Goes on for about so many steps.
   * @returns undefined if that was not enough for a verdict
   */
  advance(steps: number): SearchVerdict | undefined {
    const stepsMax = this.#steps + steps;
    while (this.#verdict === undefined && this.#steps < stepsMax) this.#step();
    return this.#verdict;
  }

  /**
   * No order gets past the return of this operation: what was invoked before it
   * cannot be explained. REQUIRES: the verdict is `not-linearizable`.
   */
  get blockedBy(): Operation {
    return this.#candidate(this.#events.operation(this.#blockedAt)).operation;
  }

  #candidate(number: number): Candidate {
    return this.#candidates[number] as Candidate;
  }

  #step(): void {
    this.#steps++;
    const event = this.#event;
    if (event === HEAD) {
      this.#verdict = 'linearizable';
      return;
    }
    const number = this.#events.operation(event);
    if (!this.#events.isInvocation(event)) {
      this.#endOfChoice(event, number);
      return;
    }
    const {action, twin} = this.#candidate(number);
    // A read that is still here does not agree with the state.
    const after = isWrite(action) ? this.#model.step(this.#state, action) : undefined;
    const isTried = twin !== undefined && this.#remaining.has(twin);
    if (after === undefined || isTried || this.#isMissed()) this.#event = this.#events.next(event);
    else this.#choose(number, 'choice', after);
  }

  /** Whether the present state is needed, and would be gone for good. */
  #isMissed(): boolean {
    const reader = this.#remaining.firstToMiss(this.#state);
    if (reader === undefined) return false;
    this.#isBlockedAt(this.#events.return(reader));
    return true;
  }

  #isBlockedAt(event: number): void {
    this.#blockedAt = Math.max(this.#blockedAt, event);
  }

  /** Whatever was invoked behind a return cannot come before it. */
  #endOfChoice(event: number, number: number): void {
    if (this.#candidate(number).isOptional) {
      this.#choose(number, 'last-choice', this.#state);
      return;
    }
    this.#isBlockedAt(event);
    this.#goBack();
  }

  #choose(number: number, kind: Move['kind'], after: State): void {
    this.#move(number, kind, after);
    this.#putReadsInOrder();
    const isInVain = kind === 'choice' && this.#isInVain(this.#candidate(number));
    if (isInVain || !this.#enter()) this.#goBack();
  }

  /** Whether a write that need not have happened, and is in order now, is overwritten unseen. */
  #isInVain({isOptional, action}: Candidate): boolean {
    if (!isOptional || this.#moves.at(-1)?.kind === 'forced') return false;
    let event = this.#events.next(HEAD);
    for (; this.#events.isInvocation(event); event = this.#events.next(event)) {
      this.#steps++;
      const next = this.#candidate(this.#events.operation(event)).action;
      if (this.#model.explains(action, next)) return false;
      if (isWrite(next) && this.#model.result(next) === undefined) return false;
    }
    return true;
  }

  #move(candidate: number, kind: Move['kind'], after: State): void {
    this.#moves.push({
      candidate,
      stateBefore: this.#state,
      highestBefore: this.#highest,
      kind,
    });
    this.#events.remove(candidate);
    this.#seen.put(candidate);
    this.#remaining.take(candidate);
    this.#state = after;
    this.#highest = Math.max(this.#highest, candidate);
  }

  /** @returns false if this was reached before */
  #enter(): boolean {
    this.#event = this.#events.next(HEAD);
    // The first event is an invocation, and candidates are numbered by those.
    const firstOut =
      this.#event === HEAD ? this.#candidates.length : this.#events.operation(this.#event);
    return this.#seen.add(this.#state, firstOut, this.#highest);
  }

  #putReadsInOrder(): void {
    let before = HEAD;
    for (;;) {
      const event = this.#events.next(before);
      if (event === HEAD || !this.#events.isInvocation(event)) return;
      this.#steps++;
      const number = this.#events.operation(event);
      const {action} = this.#candidate(number);
      const agrees = !isWrite(action) && this.#model.step(this.#state, action) !== undefined;
      if (agrees) this.#move(number, 'forced', this.#state);
      else before = event;
    }
  }

  /** To the last choice that has an alternative. */
  #goBack(): void {
    for (let move = this.#moves.pop(); move !== undefined; move = this.#moves.pop()) {
      const {candidate, stateBefore, highestBefore, kind} = move;
      this.#events.restore(candidate);
      this.#seen.takeOut(candidate);
      this.#remaining.putBack(candidate);
      this.#state = stateBefore;
      this.#highest = highestBefore;
      if (kind !== 'choice') continue;
      this.#event = this.#events.next(this.#events.invocation(candidate));
      return;
    }
    this.#verdict = 'not-linearizable';
  }
}

/** By invocation, without reads that saw nothing and writes that nobody can have seen. */
function candidatesOf(model: Model, operations: readonly Operation[]): Candidate[] {
  const lastExplained = model.lastExplained(operations);
  const candidates: Candidate[] = [];
  const lastTwin = new Map<string, number>();
  for (const operation of operations.toSorted((a, b) => a.invoke - b.invoke)) {
    const {action, invoke} = operation;
    const isOptional = operation.return === Number.POSITIVE_INFINITY;
    if (isOptional && !isWrite(action)) continue;
    const until = isOptional ? lastExplained(action) : operation.return;
    if (until < invoke) continue;
    const effect = isOptional ? JSON.stringify(action) : '';
    const twin = isOptional ? lastTwin.get(effect) : undefined;
    if (isOptional) lastTwin.set(effect, candidates.length);
    candidates.push({operation, action, invoke, return: until, isOptional, twin});
  }
  return candidates;
}
