/** Why a key is not linearizable, in a handful of operations. */
import type {Model} from './model.ts';
import {type Action, isWrite, type Operation, precedes, type State} from './operation.ts';
import {type Effort, Reducer} from './reducer.ts';

export interface Counterexample {
  readonly key: string;
  /** By invocation. */
  readonly operations: readonly Operation[];
  /** The one of them that no order of the others explains. */
  readonly unexplained: Operation;
  /**
   * The last write of what was read there: also one of them, for it tells the
   * story. Undefined if there is none, at any time.
   */
  readonly origin: Operation | undefined;
}

type Impossible = Pick<Counterexample, 'operations' | 'unexplained'>;

/** More say little: then the beginning is replaced by one operation that settles the state. */
const HANDFUL = 8;
const ANCHORS_MAX = 64;
const STEPS_MAX = 5_000_000;

/**
 * @param operations of one key
 * @param conflict those of them that cannot all have happened
 */
export function counterexampleOf(
  model: Model,
  operations: readonly Operation[],
  conflict: readonly Operation[],
): Counterexample {
  const reducer = new Reducer(model, operations, {stepsLeft: STEPS_MAX});
  return withOrigin(model, operations, impossible(reducer, reducer.fewest(conflict)));
}

/**
 * The same where nothing is known but the operation that no order has got past.
 * REQUIRES: the operations are of one key and not linearizable.
 */
export function counterexampleBefore(
  model: Model,
  operations: readonly Operation[],
  blockedBy: Operation,
): Counterexample {
  const changed: Changed = new Map();
  const effort = {stepsLeft: STEPS_MAX};
  const beginning = inFlightAt(blockedBy.return, operations, changed);
  const reducer = new Reducer(model, beginning, effort);
  const end = reducer.impossibleEnd();
  const fewest = end === undefined ? undefined : reducer.fewest(end);
  const found =
    fewest !== undefined && fewest.length <= HANDFUL
      ? impossible(reducer, fewest)
      : (behindAnchor(model, beginning, effort, changed) ??
        impossible(reducer, fewest ?? beginning));
  return withOrigin(model, operations, asRecorded(found, changed));
}

/** Operations of which less was made than is recorded, and how they are recorded. */
type Changed = Map<Operation, Operation>;

/** What was invoked until then. What had not returned yet may happen or not. */
function inFlightAt(time: number, operations: readonly Operation[], changed: Changed): Operation[] {
  return operations
    .filter(({invoke}) => invoke <= time)
    .map((operation) => (operation.return <= time ? operation : unanswered(operation, changed)));
}

function unanswered(operation: Operation, changed: Changed): Operation {
  const copy = {...operation, return: Number.POSITIVE_INFINITY};
  changed.set(copy, changed.get(operation) ?? operation);
  return copy;
}

/**
 * Begins with an operation after which the state is known. What was over before
 * it is without effect from then on, and what overlaps it may come behind it.
 * @returns undefined if no such operation makes the rest impossible
 */
function behindAnchor(
  model: Model,
  operations: readonly Operation[],
  effort: Effort,
  changed: Changed,
): Impossible | undefined {
  const latest = operations
    .filter((operation) => operation.return !== Number.POSITIVE_INFINITY)
    .sort((a, b) => b.return - a.return);
  for (const anchor of latest.slice(0, ANCHORS_MAX)) {
    const state = stateAfter(model, anchor.action);
    if (state === undefined) continue;
    const behind = operations
      .filter((operation) => operation !== anchor && !precedes(operation, anchor))
      .map((operation) =>
        precedes(anchor, operation) ? operation : unanswered(operation, changed),
      );
    const reducer = new Reducer(model, behind, effort, state);
    const end = reducer.impossibleEnd();
    if (end === undefined) continue;
    const {operations: fewest, unexplained} = impossible(reducer, reducer.fewest(end));
    return {operations: [anchor, ...fewest], unexplained};
  }
  return undefined;
}

/** Undefined if that depends on the state before. */
function stateAfter(model: Model, action: Action): State | undefined {
  if (isWrite(action)) return model.result(action);
  return action.op === 'get' ? action.value : undefined;
}

function impossible(reducer: Reducer, operations: readonly Operation[]): Impossible {
  // What is too large to be searched ends with what no order has got past.
  const unexplained = reducer.blockedBy(operations) ?? operations.at(-1);
  if (unexplained === undefined) throw new Error('no operations are no counter-example');
  return {operations, unexplained};
}

function asRecorded({operations, unexplained}: Impossible, changed: Changed): Impossible {
  const recorded = (operation: Operation): Operation => changed.get(operation) ?? operation;
  return {operations: operations.map(recorded), unexplained: recorded(unexplained)};
}

function withOrigin(
  model: Model,
  all: readonly Operation[],
  {operations, unexplained}: Impossible,
): Counterexample {
  const explaining = ({action}: Operation) =>
    isWrite(action) && model.explains(action, unexplained.action);
  const origin = operations.findLast(explaining) ?? all.findLast(explaining);
  const told = new Set(origin === undefined ? operations : [...operations, origin]);
  const byInvocation = [...told].sort((a, b) => a.invoke - b.invoke);
  return {key: unexplained.key, operations: byInvocation, unexplained, origin};
}
