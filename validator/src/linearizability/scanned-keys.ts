/** The keys that a history has, and those that lie in the range of a scan. */
import type {History, Operation, Scan} from './operation.ts';

export class ScannedKeys {
  /** All keys that the history names, ascending. */
  readonly #keys: readonly string[];

  constructor({operations, scans}: History) {
    const keys = new Set(operations.map(({key}) => key));
    for (const scan of scans) for (const key of scan.keys) keys.add(key);
    this.#keys = Array.from(keys).sort();
  }

  /** Those in the scan's range, whether it listed them or not. */
  in({start, end}: Scan): readonly string[] {
    return this.#keys.slice(this.#firstFrom(start), this.#firstFrom(end));
  }

  #firstFrom(bound: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? '') < bound) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * What no order of requests leads to, whatever was written: a key that the scan did
 * not ask for, or one that it lists twice. Undefined if there is nothing of it.
 */
export function impossibleIn({start, end, keys}: Scan): string | undefined {
  const listed = new Set<string>();
  for (const key of keys) {
    if (key < start || key >= end) return `${key} is outside its range`;
    if (listed.has(key)) return `${key} is listed twice`;
    listed.add(key);
  }
  return undefined;
}

/** What each scan says about each key in its range, as reads of that key. */
export function scansAsReads(history: History): Operation[] {
  const scanned = new ScannedKeys(history);
  const reads: Operation[] = [];
  for (const scan of history.scans) {
    const {client, invoke, place, return: returned} = scan;
    const listed = new Set(scan.keys);
    for (const key of scanned.in(scan)) {
      reads.push({
        key,
        action: listed.has(key) ? {op: 'present'} : {op: 'get', value: null},
        client,
        invoke,
        return: returned,
        isOfScan: true,
        ...(place === undefined ? {} : {place}),
      });
    }
  }
  return reads;
}
