/** The keys of a wrong SCAN, in messages. */
import {scanKeys} from '../http/scan-body.ts';
import type {KeysDifference} from '../replay/answers.ts';
import type {ReplayFailure} from '../replay/replay-result.ts';

/** Keys shown from the first wrong one on. */
const KEYS_SHOWN = 4;

/** `37 keys; at position 12 (the first is 0): abc abd abe abf ...` */
export function showKeys(keys: readonly string[], index: number): string {
  if (keys.length === 0) return 'no keys';
  const count = keys.length === 1 ? '1 key' : `${keys.length} keys`;
  if (index >= keys.length) return `${count}; the last one is ${keys.at(-1)}`;
  const shown = keys.slice(index, index + KEYS_SHOWN).join(' ');
  const more = index + KEYS_SHOWN < keys.length ? ' ...' : '';
  return `${count}; at position ${index} (the first is 0): ${shown}${more}`;
}

/** The first key with which something is wrong, and what; in the order of the keys. */
export function firstWrongKey(difference: KeysDifference): {key: string; what: string} | undefined {
  const {repeated, outOfOrder, missing, unexpected} = difference;
  if (repeated !== undefined) return {key: repeated, what: `a scan answered ${repeated} twice`};
  if (outOfOrder !== undefined) {
    return {key: outOfOrder, what: `a scan answered ${outOfOrder} after a key behind it`};
  }
  const [left] = missing;
  const [added] = unexpected;
  if (left !== undefined && (added === undefined || left < added)) {
    return {key: left, what: `a scan left out ${left}`};
  }
  if (added === undefined) return undefined;
  return {key: added, what: `a scan answered ${added}, which should not be there`};
}

/** The expected keys from the first wrong one on; undefined if it was no scan. */
export function expectedKeys({request, keys}: ReplayFailure): string | undefined {
  if (request.op !== 'scan' || keys === undefined) return undefined;
  const expected = request.keys.map(({key, optional}) => (optional ? `${key}?` : key));
  return showKeys(expected, placeOf(firstWrongKey(keys)?.key, expected));
}

/** The answered keys from there on; undefined if it was no scan. */
export function answeredKeys({status, body, keys}: ReplayFailure): string | undefined {
  const answered = keys === undefined ? undefined : scanKeys(status, body);
  // Of a long body only the beginning is kept.
  if (keys === undefined || answered === undefined) return undefined;
  const {outOfOrder} = keys;
  const place = () => placeOf(firstWrongKey(keys)?.key, answered);
  const index = outOfOrder === undefined ? place() : answered.indexOf(outOfOrder);
  return showKeys(answered, index);
}

/** The index of the first key that is `key` or behind it. */
export function placeOf(key: string | undefined, keys: readonly string[]): number {
  const index = keys.findIndex((each) => key !== undefined && each >= key);
  return index === -1 ? keys.length : index;
}
