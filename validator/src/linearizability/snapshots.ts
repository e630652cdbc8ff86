/**
 * Scans as snapshots: is there one order of all writes, reads and scans, in which
 * each scan lists exactly the keys that are present at its place?
 *
 * That can be decided if no scanned key is ever deleted, and the writes of each
 * come one after another. Then each read and each scan has its place among the
 * writes of a key, and there is an order unless something goes round in a circle:
 *
 *   the scan lists b, so PUT b comes before it
 *   it does not list a, so it comes before PUT a
 *   but PUT a was answered before PUT b was sent
 *
 * In other histories it is a search over all keys at once, which nobody has the
 * time for.
 */
import {type History, type Operation, precedes, type Scan, type State} from './operation.ts';
import {type Edge, Precedence} from './precedence.ts';
import {impossibleIn, ScannedKeys} from './scanned-keys.ts';

export type SnapshotVerdict =
  | {readonly kind: 'consistent'}
  /** Each has to come before the next one, and the last before the first. */
  | {readonly kind: 'conflict'; readonly circle: readonly (Operation | Scan)[]}
  | {readonly kind: 'undecidable'; readonly reason: string};

export function checkSnapshots(history: History): SnapshotVerdict {
  const scans = history.scans.filter(({return: returned}) => returned !== Number.POSITIVE_INFINITY);
  // Asked first: it is wrong also where the rest cannot be decided.
  const impossible = scans.find((scan) => impossibleIn(scan) !== undefined);
  if (impossible !== undefined) return {kind: 'conflict', circle: [impossible]};
  const scanned = new ScannedKeys(history);
  const ofKeys = operationsOfScanned(history.operations, scans, scanned);
  for (const [key, operations] of ofKeys) {
    const reason = whyUndecidable(key, operations);
    if (reason !== undefined) return {kind: 'undecidable', reason};
  }
  return new Snapshots(ofKeys, scans, scanned).verdict();
}

/** By key, each by invocation, for all keys that lie in the range of a scan. */
function operationsOfScanned(
  operations: readonly Operation[],
  scans: readonly Scan[],
  scanned: ScannedKeys,
): Map<string, Operation[]> {
  const ofKeys = new Map<string, Operation[]>();
  for (const scan of scans) for (const key of scanned.in(scan)) ofKeys.set(key, []);
  for (const operation of operations) ofKeys.get(operation.key)?.push(operation);
  for (const ofKey of ofKeys.values()) ofKey.sort((a, b) => a.invoke - b.invoke);
  return ofKeys;
}

function whyUndecidable(key: string, operations: readonly Operation[]): string | undefined {
  const values = new Set<string>();
  let lastReturn = Number.NEGATIVE_INFINITY;
  for (const {action, invoke, return: returned} of operations) {
    if (action.op === 'get') continue;
    if (action.op !== 'put') return `${key} is not only put and read: ${action.op}`;
    if (returned === Number.POSITIVE_INFINITY) return `a PUT of ${key} was not answered`;
    if (invoke <= lastReturn) return `${key} has several writers`;
    if (values.has(action.value)) return `${key} was given the same value twice`;
    values.add(action.value);
    lastReturn = returned;
  }
  return undefined;
}

class Snapshots {
  readonly #things: (Operation | Scan)[] = [];
  readonly #edges: Edge[] = [];
  /** Of each key, the numbers of its writes, in their order. */
  readonly #writes = new Map<string, number[]>();
  /** What needs a write that there is none of. */
  #stranger: Operation | Scan | undefined;

  constructor(
    ofKeys: ReadonlyMap<string, readonly Operation[]>,
    scans: readonly Scan[],
    scanned: ScannedKeys,
  ) {
    for (const [key, operations] of ofKeys) this.#addKey(key, operations);
    for (const scan of scans) this.#addScan(scan, scanned.in(scan));
  }

  verdict(): SnapshotVerdict {
    if (this.#stranger !== undefined) return {kind: 'conflict', circle: [this.#stranger]};
    const circle = new Precedence(this.#things, this.#edges).circle();
    if (circle === undefined) return {kind: 'consistent'};
    return {kind: 'conflict', circle: circle.map((thing) => this.#things[thing] as Operation)};
  }

  #addKey(key: string, operations: readonly Operation[]): void {
    const writes: number[] = [];
    const indexes = new Map<State, number>([[null, -1]]);
    for (const operation of operations) {
      if (operation.action.op !== 'put') continue;
      indexes.set(operation.action.value, writes.length);
      writes.push(this.#things.push(operation) - 1);
    }
    this.#writes.set(key, writes);
    for (const operation of operations) {
      const {action} = operation;
      if (action.op !== 'get' || operation.return === Number.POSITIVE_INFINITY) continue;
      const index = indexes.get(action.value);
      if (index === undefined) this.#stranger = operation;
      else this.#place(this.#things.push(operation) - 1, writes, index);
    }
  }

  #addScan(scan: Scan, keys: readonly string[]): void {
    const number = this.#things.push(scan) - 1;
    const listed = new Set(scan.keys);
    for (const key of keys) {
      const [first] = this.#writes.get(key) ?? [];
      if (!listed.has(key)) this.#addEdge(number, first);
      else if (first === undefined) this.#stranger = scan;
      else this.#addEdge(first, number);
    }
  }

  /** Behind the write with that index, and before the next one. */
  #place(number: number, writes: readonly number[], index: number): void {
    this.#addEdge(writes[index], number);
    this.#addEdge(number, writes[index + 1]);
  }

  #addEdge(from: number | undefined, to: number | undefined): void {
    if (from === undefined || to === undefined) return;
    const [first, second] = [this.#things[from], this.#things[to]];
    // Nearly always the times say so already.
    if (first !== undefined && second !== undefined && precedes(first, second)) return;
    this.#edges.push({from, to});
  }
}
