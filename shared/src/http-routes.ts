/**
 * From a request's target to what it is about.
 *
 *     /{key}                  a key
 *     /keys/{key}             the same; the only way to the key `scan` once there are scans
 *     /scan?start=a&end=b     the keys in [a, b), if the store can scan
 */

import {KvError} from './errors.ts';
import {checkKey} from './limits.ts';

export type Route =
  | {readonly kind: 'key'; readonly key: string}
  /** `query` is what follows the question mark, not yet looked at. */
  | {readonly kind: 'scan'; readonly query: string}
  | {readonly kind: 'refused'; readonly status: 400 | 404; readonly reason: string};

/** A range of keys, `end` excluded. */
export interface KeyRange {
  readonly start: string;
  readonly end: string;
}

const PLAIN_KEY_PATH = /^\/[a-z0-9_]{1,64}$/;

/**
 * Percent-encoding is undone before anything is compared, so `/%61` is the key
 * `a`. A query on a key is refused: a client that forgot to encode the `?` of
 * a key would otherwise write to some other key.
 */
export function parseTarget(target: string, hasScan: boolean): Route {
  // Nearly every request takes this way out, without the work below.
  if (PLAIN_KEY_PATH.test(target) && !(hasScan && target === '/scan')) {
    return {kind: 'key', key: target.slice(1)};
  }
  // A client that takes us for a proxy names the host as well (RFC 9112, 3.2.2).
  const relative = target.replace(/^https?:\/\/[^/?]*/i, '');
  const queryStart = relative.indexOf('?');
  const path = queryStart === -1 ? relative : relative.slice(0, queryStart);
  const query = queryStart === -1 ? undefined : relative.slice(queryStart + 1);

  const names = decodeNames(path);
  if (names === undefined) return refused(400, 'the path has a malformed percent-encoding');
  const [first, second] = names;
  if (names.length === 1 && first === 'scan' && hasScan) return {kind: 'scan', query: query ?? ''};
  if (names.length === 1 && first !== undefined) return keyRoute(first, query);
  if (names.length === 2 && first === 'keys' && second !== undefined) {
    return keyRoute(second, query);
  }
  const scan = hasScan ? ' and /scan?start={start}&end={end}' : '';
  return refused(404, `no such route; there are /{key}, /keys/{key}${scan}`);
}

/**
 * The bounds in the query of a scan. They follow the rules for keys.
 *
 * @throws KvError INVALID_KEY
 */
export function parseScanQuery(query: string): KeyRange {
  const parameters = new URLSearchParams(query);
  const start = parameters.get('start');
  const end = parameters.get('end');
  // Other parameters are refused because ignoring, say, a limit gives a wrong answer.
  if (start === null || end === null || parameters.size !== 2) {
    throw new KvError('INVALID_KEY', 'a scan takes start and end, each once: /scan?start=a&end=f');
  }
  checkKey(start);
  checkKey(end);
  return {start, end};
}

function keyRoute(key: string, query: string | undefined): Route {
  try {
    checkKey(key);
  } catch (error) {
    return refused(400, error instanceof KvError ? error.message : String(error));
  }
  if (query !== undefined) return refused(400, 'a key takes no query (is a ? not encoded?)');
  return {kind: 'key', key};
}

/** The path's parts between slashes; undefined if one cannot be decoded. */
function decodeNames(path: string): string[] | undefined {
  try {
    return path.slice(1).split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function refused(status: 400 | 404, reason: string): Route {
  return {kind: 'refused', status, reason};
}
