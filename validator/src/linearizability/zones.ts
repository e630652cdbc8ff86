/**
 * Registers in which each value that was read has one writer: decided by sorting,
 * at any concurrency, where a search might never end.
 *
 * The write of a value and the reads of it are a cluster. Let f be the earliest
 * return in it, and s the latest invocation.
 *
 *   f < s   the value is certainly held from f to s: a forward zone
 *
 *             |--put a--|                       f: return of the put
 *                              |--get a--|      s: invocation of the get
 *                       [======]
 *
 *   s <= f  all of the cluster overlaps in [s, f], and fits into one instant
 *           of it: a backward zone
 *
 * A history is linearizable exactly if no read returned before its write was
 * invoked, no two forward zones overlap, and no backward zone lies within a
 * forward one.
 *
 * Source: Gibbons and Korach, "Testing Shared Memories", SIAM J. Comput. 26(4), 1997.
 */
import type {Operation, State} from './operation.ts';

export type ZoneVerdict =
  | {readonly kind: 'linearizable'}
  /** These few cannot all have happened, whatever else there was. */
  | {readonly kind: 'conflict'; readonly operations: readonly Operation[]}
  /** It cannot be told which write a read has seen. */
  | {readonly kind: 'ambiguous'};

/** One value. */
interface Cluster {
  /** Undefined for the absence at the beginning. */
  readonly write: Operation | undefined;
  /** The earliest return, and whose it is. */
  readonly first: End;
  /** The latest invocation, and whose. */
  readonly last: End;
}

interface End {
  readonly time: number;
  readonly operation: Operation | undefined;
}

/** REQUIRES: the operations are of one key, and each is a put, a delete or a get. */
export function checkZones(operations: readonly Operation[]): ZoneVerdict {
  const reads = new Map<State, Operation[]>();
  const writes: Operation[] = [];
  for (const operation of operations) {
    const {action} = operation;
    if (action.op !== 'get') writes.push(operation);
    // A read without an answer has seen nothing.
    else if (operation.return !== Number.POSITIVE_INFINITY) {
      const ofValue = reads.get(action.value);
      if (ofValue === undefined) reads.set(action.value, [operation]);
      else ofValue.push(operation);
    }
  }
  const clusters = clustersOf(writes, reads);
  if (clusters === undefined) return {kind: 'ambiguous'};
  // What is left was written by nobody.
  for (const [stranger] of reads.values()) {
    if (stranger !== undefined) return conflict([stranger]);
  }
  return conflictOf(clusters);
}

/**
 * Takes the reads that it places out of `reads`.
 * @returns undefined if a read could belong to two clusters
 */
function clustersOf(
  writes: readonly Operation[],
  reads: Map<State, Operation[]>,
): Cluster[] | undefined {
  const clusters = [clusterOf(undefined, reads.get(null) ?? [])];
  const placed = new Set<State>([null]);
  for (const write of writes) {
    const {action} = write;
    const value = action.op === 'put' ? action.value : null;
    const seen = reads.get(value) ?? [];
    if (seen.length > 0 && placed.has(value)) return undefined;
    // Nobody saw it, so it need not have happened.
    if (seen.length === 0 && write.return === Number.POSITIVE_INFINITY) continue;
    placed.add(value);
    clusters.push(clusterOf(write, seen));
  }
  for (const value of placed) reads.delete(value);
  return clusters;
}

function clusterOf(write: Operation | undefined, reads: readonly Operation[]): Cluster {
  const beginning = Number.NEGATIVE_INFINITY;
  let first: End = {time: write?.return ?? beginning, operation: write};
  let last: End = {time: write?.invoke ?? beginning, operation: write};
  for (const operation of reads) {
    if (operation.return < first.time) first = {time: operation.return, operation};
    if (operation.invoke > last.time) last = {time: operation.invoke, operation};
  }
  return {write, first, last};
}

function conflictOf(clusters: readonly Cluster[]): ZoneVerdict {
  for (const {write, first} of clusters) {
    if (write !== undefined && first.time < write.invoke) {
      return conflict([first.operation, write]);
    }
  }
  const byStart = (a: Cluster, b: Cluster) => a.first.time - b.first.time || 0;
  const forward = clusters.filter(({first, last}) => first.time < last.time).sort(byStart);
  for (const [index, cluster] of forward.entries()) {
    const next = forward[index + 1];
    if (next !== undefined && next.first.time < cluster.last.time) {
      return conflict([...endsOf(cluster), ...endsOf(next)]);
    }
  }
  for (const cluster of clusters) {
    const {first, last} = cluster;
    if (first.time < last.time) continue;
    // Forward zones are apart by now: the last that begins before this one is the only candidate.
    const around = lastBeginningBefore(forward, last.time);
    if (around !== undefined && first.time < around.last.time) {
      return conflict([...endsOf(around), ...endsOf(cluster)]);
    }
  }
  return {kind: 'linearizable'};
}

function lastBeginningBefore(forward: readonly Cluster[], time: number): Cluster | undefined {
  let low = 0;
  let high = forward.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((forward[middle]?.first.time ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return forward[low - 1];
}

/** What makes the zone as long as it is, and the write, which says where the value came from. */
function endsOf({write, first, last}: Cluster): (Operation | undefined)[] {
  return [write, first.operation, last.operation];
}

function conflict(operations: readonly (Operation | undefined)[]): ZoneVerdict {
  const distinct = new Set(operations.filter((operation) => operation !== undefined));
  return {kind: 'conflict', operations: Array.from(distinct)};
}
