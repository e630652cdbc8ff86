/** A key that holds one value: `put`, `delete` and `get`, and for one of the two also `cas`. */
import type {Model} from './model.ts';
import type {Action, Operation, State} from './operation.ts';

function written(write: Action): State {
  switch (write.op) {
    case 'put':
      return write.value;
    case 'cas':
      return write.to;
    case 'delete':
      return null;
    case 'get':
    case 'present':
    case 'append':
    default:
      throw new Error(`${write.op} does not write a register`);
  }
}

/** Whether the key may have held `state` when the operation took effect. */
function agrees(state: State, observer: Action): boolean {
  switch (observer.op) {
    case 'get':
      return state === observer.value;
    case 'present':
      return state !== null;
    case 'cas':
      return (state === observer.from) === observer.succeeded;
    case 'put':
    case 'delete':
    case 'append':
    default:
      return true;
  }
}

function step(state: State, action: Action): State | undefined {
  if (!agrees(state, action)) return undefined;
  switch (action.op) {
    case 'put':
    case 'delete':
      return written(action);
    case 'cas':
      return action.succeeded ? action.to : state;
    case 'get':
    case 'present':
    case 'append':
    default:
      return state;
  }
}

function explains(write: Action, observer: Action): boolean {
  return observer.op !== 'put' && observer.op !== 'delete' && agrees(written(write), observer);
}

function lastExplained(operations: readonly Operation[]): (write: Action) => number {
  /** Of reads and of swaps that succeeded, by the one state that they agree with. */
  const exact = new Map<State, number>();
  const failedSwaps: Operation[] = [];
  let lastPresent = Number.NEGATIVE_INFINITY;
  for (const operation of operations) {
    const {action, return: returned} = operation;
    if (action.op === 'present') lastPresent = Math.max(lastPresent, returned);
    if (action.op === 'cas' && !action.succeeded) failedSwaps.push(operation);
    if (action.op !== 'get' && !(action.op === 'cas' && action.succeeded)) continue;
    const state = action.op === 'get' ? action.value : action.from;
    exact.set(state, Math.max(exact.get(state) ?? Number.NEGATIVE_INFINITY, returned));
  }
  return (write) => {
    const state = written(write);
    let last = exact.get(state) ?? Number.NEGATIVE_INFINITY;
    if (state !== null) last = Math.max(last, lastPresent);
    for (const {action, return: returned} of failedSwaps) {
      if (agrees(state, action)) last = Math.max(last, returned);
    }
    return last;
  };
}

const REGISTER: Omit<Model, 'name' | 'ops'> = {
  step,
  result: written,
  explains,
  lastExplained,
};

export const registerModel: Model = {
  ...REGISTER,
  name: 'register',
  ops: new Set(['put', 'delete', 'get', 'present']),
};

export const casRegisterModel: Model = {
  ...REGISTER,
  name: 'cas-register',
  ops: new Set(['put', 'delete', 'get', 'present', 'cas']),
};
