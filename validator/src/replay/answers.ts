import type {Expected, Get, Request, ScanKey} from '@kv-workshop/fixtures/instruction';
import type {BodyCodec} from '../http/body-codec.ts';
import type {Answered} from '../http/exchange.ts';
import {scanKeys} from '../http/scan-body.ts';

/** Why an answer is wrong whatever the keys hold. */
export interface BadAnswer {
  readonly kind: 'status' | 'body';
  /** What would have been right, as a noun phrase. */
  readonly expected: string;
}

/** Undefined if the write was acknowledged (contract, section 2). */
export function checkWrite(request: Request, status: number): BadAnswer | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (request.op === 'delete') {
    return status === 404 ? undefined : {kind: 'status', expected: 'any 2xx, or 404'};
  }
  return {kind: 'status', expected: 'any 2xx'};
}

/** @returns the value (null for 404), or what is wrong */
export function readValue(answer: Answered, codec: BodyCodec): Expected | BadAnswer {
  if (answer.status === 200) {
    return codec.decode(answer.body) ?? {kind: 'body', expected: codec.form};
  }
  return answer.status === 404 ? null : {kind: 'status', expected: '200, or 404 for an absent key'};
}

/** Whether the line's one permitted answer, or one of several, is this. */
export function isPermitted(get: Get, value: Expected): boolean {
  return get.expected.length === 1 ? get.expected[0] === value : get.expected.includes(value);
}

/** @returns the keys in the order of the answer, or what is wrong */
export function readKeys(answer: Answered): readonly string[] | BadAnswer {
  if (answer.status !== 200 && answer.status !== 204) {
    return {kind: 'status', expected: '200, also for an empty range (or 204)'};
  }
  return (
    scanKeys(answer.status, answer.body) ?? {
      kind: 'body',
      expected: 'a JSON array of keys, or another form that the contract accepts',
    }
  );
}

/** How the keys of a SCAN differ from those expected; the lists are in the order of the keys. */
export interface KeysDifference {
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
  /** A key that came behind a greater one. */
  readonly outOfOrder: string | undefined;
  readonly repeated: string | undefined;
}

/** What is known about keys beyond the fixture's line. */
export interface Presence {
  mayBePresent(key: string): boolean;
  mayBeAbsent(key: string): boolean;
}

/** Undefined if the answer is right. */
export function compareKeys(
  expected: readonly ScanKey[],
  got: readonly string[],
  presence: Presence,
): KeysDifference | undefined {
  if (areEqual(expected, got)) return undefined;
  const known = new Set(expected.map(({key}) => key));
  const answered = new Set(got);
  const missing = expected
    .filter(({key, optional}) => !optional && !answered.has(key) && !presence.mayBeAbsent(key))
    .map(({key}) => key);
  const unexpected = [...answered].filter((key) => !known.has(key) && !presence.mayBePresent(key));
  const outOfOrder = got.find((key, index) => index > 0 && key < (got[index - 1] ?? ''));
  const repeated = got.find((key, index) => index > 0 && key === got[index - 1]);
  const isRight =
    missing.length + unexpected.length === 0 && outOfOrder === undefined && repeated === undefined;
  return isRight ? undefined : {missing, unexpected, outOfOrder, repeated};
}

/** All keys, those that may be absent included. */
export function areEqual(expected: readonly ScanKey[], got: readonly string[]): boolean {
  if (expected.length !== got.length) return false;
  for (let index = 0; index < got.length; index++) {
    if (expected[index]?.key !== got[index]) return false;
  }
  return true;
}
