import {expect, test} from 'vitest';
import {OpenKeys, type ReadVerdict} from '../../src/replay/open-keys.ts';

const put = (value: string, line = 1) => ({op: 'put', key: 'k', value, line}) as const;
const remove = (line = 1) => ({op: 'delete', key: 'k', line}) as const;

/** A read of `k` that is sent and answered now. */
function read(
  keys: OpenKeys,
  value: string | null,
  permitted: readonly (string | null)[] = ['v'],
): ReadVerdict | 'closed' {
  const open = keys.at('k');
  return open === undefined ? 'closed' : keys.judge('k', open, {line: 9, permitted, value});
}

test('a key is closed until something is open about it', () => {
  const keys = new OpenKeys(true);
  expect(read(keys, '1')).toBe('closed');
  keys.writeBegins('k');
  keys.writeEnds(put('1'), true);
  expect(read(keys, '1')).toBe('closed');
});

test('one lost write: its value, what the line permits, or the value from before', () => {
  const keys = new OpenKeys(true);
  keys.writeEnds(put('2', 5), false);
  expect(keys.at('k')).toMatchObject({possible: ['2'], olderThanLine: 5});
  expect(read(keys, 'older')).toBe('look-up');
  expect(read(keys, 'v')).toBe('agrees');
  expect(read(keys, '2')).toBe('contradicts');
  expect(read(keys, 'v')).toBe('agrees');
});

test('two lost writes: either, and the value from before the first', () => {
  const keys = new OpenKeys(true);
  keys.writeEnds(put('2', 5), false);
  keys.writeEnds(remove(7), false);
  expect(keys.at('k')).toMatchObject({possible: ['2', null], olderThanLine: 5});
  expect(keys.mayBeAbsent('k')).toBe(true);
  expect(keys.mayBePresent('k')).toBe(true);
  expect(read(keys, null)).toBe('agrees');
  expect(keys.mayBePresent('k')).toBe(false);
});

test('a write that is acknowledged closes it', () => {
  const keys = new OpenKeys(true);
  keys.writeEnds(put('2'), false);
  keys.writeBegins('k');
  keys.writeEnds(put('3'), true);
  expect(read(keys, '3')).toBe('closed');
});

test('while it is being written, only the line counts', () => {
  const keys = new OpenKeys(true);
  keys.writeEnds(put('2'), false);
  const open = keys.at('k');
  keys.writeBegins('k');
  expect(read(keys, '2')).toBe('closed');
  if (open === undefined) throw new Error('k was open');
  const sentBefore = {line: 9, permitted: ['3'], value: '3'};
  expect(keys.judge('k', open, sentBefore)).toBe('agrees');
  expect(keys.judge('k', open, {...sentBefore, value: '2'})).toBe('contradicts');
});

test('a block: several writers leave one of their values, and never an older one', () => {
  const keys = new OpenKeys(false);
  keys.writeEnds(put('1'), true);
  keys.writeEnds(put('2'), true);
  expect(read(keys, '1')).toBe('closed');
  keys.endBlock(false, 4);
  expect(keys.at('k')).toMatchObject({possible: ['1', '2'], olderThanLine: undefined});
  expect(read(keys, 'v')).toBe('contradicts');
  expect(read(keys, '2')).toBe('agrees');
  expect(read(keys, '1')).toBe('contradicts');
});

test('a block: a lost write beside an acknowledged one leaves both, and no older one', () => {
  const keys = new OpenKeys(false);
  keys.writeEnds(put('1'), true);
  keys.writeEnds(put('2'), false);
  keys.endBlock(false, 4);
  expect(keys.at('k')).toMatchObject({possible: ['1', '2'], olderThanLine: undefined});
});

test('a block: a lost write alone leaves the value from before the block', () => {
  const keys = new OpenKeys(false);
  keys.endBlock(false, 4);
  keys.writeEnds(put('2', 6), false);
  keys.endBlock(true, 9);
  expect(keys.at('k')).toMatchObject({possible: ['2'], olderThanLine: 4});
});

test('a block: one writer closes the key, but not if the server was killed in it', () => {
  const keys = new OpenKeys(false);
  keys.writeEnds(put('1'), true);
  keys.endBlock(false, 4);
  expect(keys.at('k')).toBeUndefined();
  keys.writeEnds(put('2'), true);
  keys.endBlock(true, 8);
  expect(read(keys, '1', ['1', '2'])).toBe('contradicts');
  expect(read(keys, '2', ['1', '2'])).toBe('agrees');
});

test('more open keys than can be followed are let go, and counted', () => {
  const keys = new OpenKeys(true);
  for (let i = 0; i < 100_005; i++) {
    keys.writeEnds({op: 'put', key: `k${i}`, value: 'v', line: i + 1}, false);
  }
  expect(keys.dropped).toBe(5);
  expect(keys.at('k4')).toBeUndefined();
  expect(keys.at('k5')).toBeDefined();
});
