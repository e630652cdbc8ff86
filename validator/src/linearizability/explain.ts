/** What is wrong with a history that is not linearizable, in words. Nothing is escaped here. */
import type {HistoryVerdict} from './check-history.ts';
import {describeOperation} from './describe-operation.ts';
import {type Operation, precedes, type Scan} from './operation.ts';
import {impossibleIn} from './scanned-keys.ts';
import {timeline} from './timeline.ts';

export interface Explanation {
  /** One sentence. */
  readonly summary: string;
  /** The key that it is about, if it is one. */
  readonly key?: string;
  /** A timeline of at most a dozen operations, and what follows from it; 65 columns. */
  readonly lines: readonly string[];
}

/** Undefined unless the verdict is `not-linearizable`. */
export function explain({counterexample, scans}: HistoryVerdict): Explanation | undefined {
  if (counterexample !== undefined) {
    const {key, operations, unexplained, origin} = counterexample;
    const what = describeOperation(unexplained, false);
    const {action} = unexplained;
    const wasNeverWritten = action.op === 'get' && action.value !== null && origin === undefined;
    const summary = wasNeverWritten
      ? `${key}: ${what}, which nobody has written`
      : `${key}: no order of its requests explains ${what}`;
    return {summary, key, lines: timeline(operations)};
  }
  const {circle} = scans;
  if (circle === undefined) return undefined;
  const [stranger] = circle;
  if (circle.length === 1 && stranger !== undefined) {
    const what = describeOperation(stranger, true);
    const impossible = 'action' in stranger ? undefined : impossibleIn(stranger);
    const why = impossible ?? 'not all of it was ever written';
    return {summary: `${what}, and ${why}`, lines: timeline(circle)};
  }
  const scan = circle.find((thing) => !('action' in thing)) ?? circle[0];
  if (scan === undefined) return undefined;
  const steps = circle.map((thing, index) => {
    return before(thing, circle[(index + 1) % circle.length] ?? thing);
  });
  return {
    summary: `at no moment was there just what a scan lists: ${describeOperation(scan, true)}`,
    lines: [...timeline(circle), ...steps],
  };
}

/** Why one comes before the other. */
function before(first: Operation | Scan, second: Operation | Scan): string {
  if (precedes(first, second)) return `${nameOf(first)} was over before ${nameOf(second)}`;
  if (!('action' in first)) return `${nameOf(first)} does not list what ${nameOf(second)} wrote`;
  if (!('action' in second)) return `${nameOf(second)} lists what ${nameOf(first)} wrote`;
  if (second.action.op === 'get') return `${nameOf(second)} has seen ${nameOf(first)}`;
  return `${nameOf(first)} has not seen ${nameOf(second)}`;
}

function nameOf(thing: Operation | Scan): string {
  const op = 'action' in thing ? `${thing.action.op.toUpperCase()} ${thing.key}` : 'SCAN';
  return thing.place === undefined ? op : `${op} (${thing.place})`;
}
