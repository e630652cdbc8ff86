import {describe, expect, it} from 'vitest';
import {parseLog, parseManifest, parseSSTable} from '../../src/checks/series-files.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('an SSTable', () => {
  const parse = (text: string) => parseSSTable('sst-1.json', bytes(text));

  it('is a JSON array of entries, however it is spaced', () => {
    const text = '[ {"value":"7", "key":"a"},\n{"key":"b","deleted":true} ]';
    expect(parse(text)).toEqual([
      {key: 'a', value: '7'},
      {key: 'b', value: null},
    ]);
    expect(parse('[]')).toEqual([]);
  });

  it.for<[string, string, RegExp]>([
    ['cut short', '[{"key":"a"', /sst-1.json: it is not a JSON array of entries/],
    ['an object', '{"a":"1"}', /it is not a JSON array$/],
    ['without a value', '[{"key":"a"}]', /entry 0 is "{"key":"a"}"/],
    ['with a number', '[{"key":"a","value":7}]', /entry 0 is/],
    [
      'unsorted',
      '[{"key":"b","value":""},{"key":"a","value":""}]',
      /entry 1: key "a" comes after "b"/,
    ],
    ['double', '[{"key":"a","value":""},{"key":"a","value":""}]', /entry 1: key "a" occurs twice/],
    ['nothing', '', /it is not a JSON array of entries/],
  ])('is refused if it is %s', ([, text, message]) => {
    expect(() => parse(text)).toThrow(message);
  });
});

describe('MANIFEST', () => {
  const parse = (text: string) => parseManifest('MANIFEST', bytes(text));

  it('is one name a line', () => {
    expect(parse('sst-1.json\nsst-2.json\n')).toEqual(['sst-1.json', 'sst-2.json']);
    expect(parse('')).toEqual([]);
    expect(parse('sst-1.json\nsst-2.json')).toEqual(['sst-1.json', 'sst-2.json']);
  });

  it.for<[string, string, RegExp]>([
    ['an empty line', 'sst-1.json\n\nsst-2.json\n', /line 2 is ""/],
    ['spaces', 'sst-1.json \n', /line 1 is "sst-1.json "/],
    ['a name twice', 'sst-1.json\nsst-1.json\n', /it lists sst-1.json twice/],
  ])('is refused with %s', ([, text, message]) => {
    expect(() => parse(text)).toThrow(message);
  });
});

describe('the log', () => {
  const parse = (text: string) => parseLog('wal.db', bytes(text));

  it('is one record a line, with any further fields', () => {
    const text = '{"op":"put","key":"a","value":"1","crc":9}\n{"op":"delete","key":"a"}\n';
    expect(parse(text)).toEqual([
      {op: 'put', key: 'a', value: '1'},
      {op: 'delete', key: 'a', value: null},
    ]);
    expect(parse('')).toEqual([]);
  });

  it.for<[string, string, RegExp]>([
    ['a cut record', '{"op":"put","key":"a","value":"1"}', /its last record has no newline/],
    ['half a record', '{"op":"put"\n', /wal.db, line 1: it is not a JSON object/],
    ['another operation', '{"op":"get","key":"a"}\n', /line 1 is/],
    ['a put without a value', '{"op":"put","key":"a"}\n', /line 1 is/],
  ])('is refused with %s', ([, text, message]) => {
    expect(() => parse(text)).toThrow(message);
  });
});
