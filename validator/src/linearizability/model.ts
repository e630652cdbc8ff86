/**
 * What the operations of a key mean. The checker itself knows nothing about
 * registers: all that it asks is here.
 */
import {appendModel} from './append-model.ts';
import type {Action, Operation, State} from './operation.ts';
import {casRegisterModel, registerModel} from './register-model.ts';

export interface Model {
  readonly name: string;
  /** What an operation of this model can be. */
  readonly ops: ReadonlySet<Action['op']>;

  /** The state after the operation; undefined if in `state` it could not have gone as it did. */
  step(state: State, action: Action): State | undefined;

  /** What the key holds after a write, whatever was there before; undefined if that matters. */
  result(write: Action): State | undefined;

  /**
   * Whether the write may be (part of) the reason why `observer` went as it did.
   * Where it says no, the observer goes the same way without that write.
   */
  explains(write: Action, observer: Action): boolean;

  /**
   * For each write among the operations of a key: when the last operation that
   * it may explain has returned; -Infinity if there is none.
   */
  lastExplained(operations: readonly Operation[]): (write: Action) => number;
}

const MODELS: ReadonlyMap<string, Model> = new Map(
  [registerModel, casRegisterModel, appendModel].map((model) => [model.name, model]),
);

export function modelNames(): string[] {
  return Array.from(MODELS.keys());
}

export function modelOf(name: string): Model | undefined {
  return MODELS.get(name);
}
