import {describe, expect, it} from 'vitest';
import {checkIds} from '../../src/checks/catalogue.ts';
import {UsageError} from '../../src/errors.ts';
import {
  defaultJobs,
  parseCheckIds,
  parseJobs,
  parseRequired,
  parseSeed,
  parseWeek,
} from '../../src/grade/parse-arguments.ts';

describe('arguments of kv grade', () => {
  it('takes weeks 1 to 8', () => {
    expect(parseWeek('3')).toBe(3);
    for (const wrong of ['0', '9', 'three', '1.5', '']) {
      expect(() => parseWeek(wrong)).toThrow(UsageError);
    }
  });

  it('takes seeds of 32 bits', () => {
    expect(parseSeed('0')).toBe(0);
    expect(parseSeed('4294967295')).toBe(4_294_967_295);
    for (const wrong of ['4294967296', '-1', '1e3', '']) {
      expect(() => parseSeed(wrong)).toThrow(UsageError);
    }
  });

  it('takes 1 to 8 checks at a time; by default two, if there are processors', () => {
    expect(parseJobs('1')).toBe(1);
    expect(parseJobs('8')).toBe(8);
    for (const wrong of ['0', '9', '-1', '1.5', 'all', '']) {
      expect(() => parseJobs(wrong)).toThrow(UsageError);
    }
    expect(defaultJobs(1)).toBe(1);
    expect(defaultJobs(64)).toBe(2);
  });

  it('takes ids one by one or with commas', () => {
    const ids = parseCheckIds('--check', ['kill-twice,torn-tail', 'contract-basics']);
    expect(Array.from(ids)).toEqual(['kill-twice', 'torn-tail', 'contract-basics']);
  });

  it('names the nearest check', () => {
    expect(() => parseCheckIds('--check', ['torn-tale'])).toThrow(
      '--check torn-tale: there is no such check; did you mean torn-tail?',
    );
    expect(() => parseCheckIds('--check', ['xyzzyplugh'])).toThrow(
      '--check xyzzyplugh: there is no such check; kv checks lists them',
    );
  });

  it('takes all for every check', () => {
    expect(Array.from(parseRequired(['all']))).toEqual(checkIds());
    expect(() => parseRequired(['most'])).toThrow('--require most: there is no such check');
  });
});
