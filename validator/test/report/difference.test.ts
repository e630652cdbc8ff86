import {describe, expect, it} from 'vitest';
import {firstDifference, showDifference} from '../../src/report/difference.ts';

describe('the first difference', () => {
  it.for<[string, string, number]>([
    ['abc', 'abd', 2],
    ['abc', 'ab', 2],
    ['ab', 'abc', 2],
    ['', 'a', 0],
    ['same', 'same', 4],
  ])('of %j and %j is at %i', ([expected, got, at]) => {
    expect(firstDifference(expected, got)).toBe(at);
  });

  it.for<[string, string]>([
    ['abc', 'abd'],
    ['x'.repeat(100), `${'x'.repeat(60)}y${'x'.repeat(39)}`],
    ['long enough to be cut, for sure, is it not? yes it is', 'long enough'],
    ['0123456789', '01234567890'],
  ])('has the caret below it: %j, %j', ([expected, got]) => {
    const view = showDifference(expected, got);
    const column = view.caret.indexOf('^');
    const at = firstDifference(expected, got);
    expect(view.expected.charAt(column)).toBe(expected.charAt(at) || '"');
    expect(view.got.charAt(column)).toBe(got.charAt(at) || '"');
  });

  it('has the carets below its hex digits', () => {
    const expected = 'the quick brown fox jumps';
    const got = 'the quick brown f\u0000x jumps';
    const view = showDifference(expected, got);
    const column = view.caret.indexOf('^^');
    expect(view.got.slice(column, column + 2)).toBe('00');
  });
});
