import {describe, expect, it} from 'vitest';
import {escapeBytes, escapeText} from '../../src/report/escape.ts';
import {count, plural, roughly, seconds} from '../../src/report/numbers.ts';
import {wrap} from '../../src/report/wrap.ts';

describe('escaping', () => {
  it('shows each byte that is not printable ASCII', () => {
    expect(escapeBytes('a b~\n\r\t\u0000\u001b\u007f\u0080\u00ff')).toBe(
      'a b~\\n\\r\\t\\x00\\x1b\\x7f\\x80\\xff',
    );
  });

  it('leaves letters of any script, and shows what is invisible', () => {
    expect(escapeText('é 日本 🙂')).toBe('é 日本 🙂');
    expect(escapeText('a\u001b[0m\u202eb\u200b\u2028')).toBe(
      'a\\x1b[0m\\u{202e}b\\u{200b}\\u{2028}',
    );
  });
});

describe('wrapping', () => {
  it.for<[string, number, string[]]>([
    ['', 10, ['']],
    ['one two three', 20, ['one two three']],
    ['one two three', 7, ['one two', 'three']],
    ['one two three', 8, ['one two', 'three']],
    ['abcdefghij', 4, ['abcd', 'efgh', 'ij']],
    ['a bcdefghij', 6, ['a bcde', 'fghij']],
  ])('%j at %i', ([text, width, lines]) => {
    expect(wrap(text, width)).toEqual(lines);
  });
});

describe('numbers', () => {
  it('are for people', () => {
    expect([0, 31, 9_990, 12_340, 65_000].map(seconds)).toEqual([
      '0.00 s',
      '0.03 s',
      '9.99 s',
      '12.3 s',
      '65.0 s',
    ]);
    expect(seconds(125_000)).toBe('2 min 5 s');
    expect([100, 4_400, 33_000, 170_000].map(roughly)).toEqual([
      'about 1 s',
      'about 4 s',
      'about 35 s',
      'about 3 min',
    ]);
    expect(count(30_000)).toBe('30,000');
    expect([plural(1, 'check'), plural(2, 'check')]).toEqual(['1 check', '2 checks']);
  });
});
