/** The definition itself: tries every order. For histories of a few operations. */
import type {Model} from '../../src/linearizability/model.ts';
import {
  isWrite,
  type Operation,
  precedes,
  type State,
} from '../../src/linearizability/operation.ts';

export function hasOrder(
  model: Model,
  operations: readonly Operation[],
  state: State = null,
): boolean {
  // What was never answered may also not have happened.
  if (operations.every(({return: returned}) => returned === Number.POSITIVE_INFINITY)) return true;
  return operations.some((first) => {
    const rest = operations.filter((other) => other !== first);
    if (rest.some((other) => precedes(other, first))) return false;
    const isUnknown = first.return === Number.POSITIVE_INFINITY;
    if (isUnknown && !isWrite(first.action)) return hasOrder(model, rest, state);
    const after = model.step(state, first.action);
    if (after !== undefined && hasOrder(model, rest, after)) return true;
    return isUnknown && hasOrder(model, rest, state);
  });
}
