/**
 * What clients did to one key, and when: the input of the checker.
 *
 * An operation takes effect at one instant between its invocation and its
 * return. One that returned before another was invoked comes before it; two
 * that overlap, or touch at the same microsecond, may come in either order.
 */

/** What a key can hold; null: it is absent. */
export type State = string | null;

export type Action =
  | {readonly op: 'put'; readonly value: string}
  | {readonly op: 'delete'}
  /** `value` was read. */
  | {readonly op: 'get'; readonly value: State}
  /** Some value was there: a scan listed the key. */
  | {readonly op: 'present'}
  /** Writes `to` if the key holds `from`, which it did or did not. */
  | {readonly op: 'cas'; readonly from: State; readonly to: string; readonly succeeded: boolean}
  /** Adds to the end of the value; an absent key has an empty one. */
  | {readonly op: 'append'; readonly value: string};

export interface Operation {
  readonly key: string;
  readonly action: Action;
  /** One client has one request in flight at a time. */
  readonly client: number;
  /** Microseconds. */
  readonly invoke: number;
  /** Infinity if no answer came: a write may then take effect at any later time, or never. */
  readonly return: number;
  /** Where it is recorded, such as `line 812`; for people. */
  readonly place?: string;
  /** It is what a scan has said about this key. */
  readonly isOfScan?: boolean;
}

/** Listed the keys that were present in [start, end). */
export interface Scan {
  readonly start: string;
  readonly end: string;
  readonly keys: readonly string[];
  readonly client: number;
  readonly invoke: number;
  readonly return: number;
  readonly place?: string;
}

export interface History {
  readonly operations: readonly Operation[];
  readonly scans: readonly Scan[];
}

/** Whether it may leave another state than it found. */
export function isWrite(action: Action): boolean {
  switch (action.op) {
    case 'get':
    case 'present':
      return false;
    case 'cas':
      return action.succeeded;
    case 'put':
    case 'delete':
    case 'append':
    default:
      return true;
  }
}

/** Whether `a` was over before `b` began. */
export function precedes(a: Pick<Operation, 'return'>, b: Pick<Operation, 'invoke'>): boolean {
  return a.return < b.invoke;
}
