/** A key whose value grows: `append` adds to its end, `put` replaces it. */
import type {Model} from './model.ts';
import type {Action, Operation, State} from './operation.ts';

function step(state: State, action: Action): State | undefined {
  switch (action.op) {
    case 'append':
      return `${state ?? ''}${action.value}`;
    case 'put':
      return action.value;
    case 'delete':
      return null;
    case 'get':
      return state === action.value ? state : undefined;
    case 'present':
      return state === null ? undefined : state;
    case 'cas':
    default:
      return undefined;
  }
}

/** A text that is written stays in the value until the value is replaced. */
function explains(write: Action, observer: Action): boolean {
  if (observer.op === 'present') return true;
  if (observer.op !== 'get') return false;
  if (write.op === 'delete') return true;
  const text = write.op === 'put' || write.op === 'append' ? write.value : '';
  return observer.value?.includes(text) === true;
}

function lastExplained(operations: readonly Operation[]): (write: Action) => number {
  let last = Number.NEGATIVE_INFINITY;
  for (const {action, return: returned} of operations) {
    if (action.op === 'get' || action.op === 'present') last = Math.max(last, returned);
  }
  return () => last;
}

export const appendModel: Model = {
  name: 'append',
  ops: new Set(['put', 'delete', 'get', 'present', 'append']),
  step,
  result(write) {
    if (write.op === 'put') return write.value;
    return write.op === 'delete' ? null : undefined;
  },
  explains,
  lastExplained,
};
