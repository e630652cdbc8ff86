import * as fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {readJsonTable} from '../../src/formats/json-table.ts';
import {readLog} from '../../src/formats/log-file.ts';
import {readManifestFile} from '../../src/formats/manifest-file.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a JSON SSTable', () => {
  const read = (text: string) => readJsonTable(bytes(text));

  it('is an array of entries, however it is spaced; each knows its place', () => {
    const text =
      ' [ {"value":"7}", "key":"a"} ,\n{"key":"b","deleted":true, "x":[1,{"y":"]"}]} ]\n';
    const {records, problems} = read(text);
    expect(problems).toEqual([]);
    expect(records).toEqual([
      {offset: 3, sizeBytes: 25, key: 'a', value: '7}'},
      {offset: 31, sizeBytes: 45, key: 'b', value: null},
    ]);
    expect(read('[]')).toEqual({records: [], problems: []});
  });

  it('has its offsets in bytes, whatever the text', () => {
    const {records} = read('[{"key":"a","value":"Zoë \\"→\\" "},{"key":"b","value":""}]');
    expect(records).toMatchObject([
      {value: 'Zoë "→" ', offset: 1, sizeBytes: 35},
      {value: '', offset: 37},
    ]);
  });

  it.for<[string, string, number, string]>([
    ['nothing', '', 0, 'it is not a JSON array'],
    ['an object', '{"a":"1"}', 0, 'it is not a JSON array'],
    ['cut short', '[{"key":"a"', 11, 'it is not a JSON array: it ends within an entry'],
    ['cut in a string', '[{"key":"a\\', 11, 'it is not a JSON array: it ends within an entry'],
    [
      'a comma too many',
      '[{"key":"a","value":""},]',
      24,
      'it is not a JSON array: an entry is missing',
    ],
    ['followed by more', '[] []', 3, 'something comes behind its JSON array'],
    [
      'without a value',
      '[{"key":"a"}]',
      1,
      'entry 0 is "{"key":"a"}", not {"key":"…","value":"…"}',
    ],
    [
      'with a number',
      '[{"key":"a","value":7}]',
      1,
      'entry 0 is "{"key":"a","value":7}", not {"key":"…","value":"…"}',
    ],
    ['with another thing', '[null]', 1, 'entry 0 is "null", not an object'],
    [
      'unsorted',
      '[{"key":"b","value":""},{"key":"a","value":""}]',
      24,
      'entry 1: key "a" comes after "b"',
    ],
    [
      'double',
      '[{"key":"a","value":""},{"key":"a","value":""}]',
      24,
      'entry 1: key "a" occurs twice',
    ],
  ])('has a problem if it is %s', ([, text, offset, message]) => {
    expect(read(text).problems).toMatchObject([{offset, message}]);
  });

  it('is read on behind an entry that is damaged', () => {
    const {records, problems} = read('[{"key":"a","value":""},{"key":b},{"key":"c","value":""}]');
    expect(records.map(({key}) => key)).toEqual(['a', 'c']);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({offset: 24, rule: 'json-table'});
  });

  it('finds in any JSON array what JSON.parse finds', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({key: fc.string(), value: fc.oneof(fc.string(), fc.json())})),
        fc.nat(3),
        (entries, spaces) => {
          const text = JSON.stringify(entries, null, spaces);
          const {records} = read(text);
          expect(records.map(({key, value}) => ({key, value}))).toEqual(entries);
          for (const {offset, sizeBytes, key} of records) {
            const item = new TextDecoder().decode(bytes(text).subarray(offset, offset + sizeBytes));
            expect(JSON.parse(item)).toMatchObject({key});
          }
        },
      ),
    );
  });
});

describe('the log', () => {
  const read = (text: string) => readLog(bytes(text));

  it('is one record a line, with any further fields', () => {
    const text = '{"op":"put","key":"a","value":"1","crc":9}\n{"op":"delete","key":"a"}\n';
    expect(read(text)).toEqual({
      records: [
        {offset: 0, sizeBytes: 43, key: 'a', value: '1'},
        {offset: 43, sizeBytes: 26, key: 'a', value: null},
      ],
      validBytes: 69,
      problems: [],
    });
    expect(read('')).toEqual({records: [], validBytes: 0, problems: []});
  });

  const PUT = '{"op":"put","key":"a","value":"1"}\n';

  it.for<[string, string, string, string]>([
    ['a cut record', PUT.trim(), 'log-tail', 'its last record has no newline'],
    ['half a record', '{"op":"put"\n', 'log-record', 'line 2 is "{"op":"put"", not JSON'],
    ['another operation', '{"op":"get","key":"a"}\n', 'log-record', 'line 2 is "{"op":"get"'],
    ['a put without a value', '{"op":"put","key":"a"}\n', 'log-record', 'line 2 is "{"op":"put"'],
    ['an empty line', '\n', 'log-record', 'line 2 is "", not JSON'],
  ])('ends at %s', ([, line, rule, message]) => {
    for (const behind of rule === 'log-tail' ? [''] : ['', PUT]) {
      const {records, validBytes, problems} = read(PUT + line + behind);
      expect(records).toHaveLength(1);
      expect(validBytes).toBe(PUT.length);
      expect(problems).toMatchObject([
        {offset: PUT.length, rule, message: expect.stringContaining(message)},
      ]);
    }
  });

  it('cut at any byte has its whole records, and no others', () => {
    const text = PUT.repeat(4);
    for (let length = 0; length <= text.length; length++) {
      expect(read(text.slice(0, length)).records).toHaveLength(Math.floor(length / PUT.length));
    }
  });
});

describe('MANIFEST as a list', () => {
  const read = (text: string) => readManifestFile(bytes(text));

  it('is one name a line; the last line may lack its newline', () => {
    const {form, tables, problems} = read('sst-1.json\nsst-2.json');
    expect(form).toBe('list');
    expect(problems).toEqual([]);
    expect(tables).toEqual([
      {offset: 0, sizeBytes: 11, level: 0, name: 'sst-1.json', range: undefined},
      {offset: 11, sizeBytes: 10, level: 0, name: 'sst-2.json', range: undefined},
    ]);
    expect(read('')).toMatchObject({tables: [], problems: []});
  });

  it.for<[string, string, number, string]>([
    ['an empty line', 'a\n\nb\n', 2, 'line 2 is "", not a file name'],
    ['spaces', 'a \n', 0, 'line 1 is "a ", not a file name'],
    ['a name twice', 'a\na\n', 2, 'line 2 lists "a" again'],
  ])('has a problem with %s', ([, text, offset, message]) => {
    expect(read(text).problems).toEqual([{offset, rule: 'manifest-line', message}]);
  });
});

describe('MANIFEST with levels', () => {
  const read = (text: string) => readManifestFile(bytes(text));
  const LEVELS = '[L0]\nsst-7.sst\nsst-8.sst\n\n[L1]\na-c: sst-5.sst\nd-d: sst-6.sst\n';

  it('has a section for each level', () => {
    const {form, walFirst, levelCount, tables, problems} = read(LEVELS);
    expect({form, walFirst, levelCount}).toEqual({
      form: 'levels',
      walFirst: undefined,
      levelCount: 2,
    });
    expect(problems).toEqual([]);
    expect(tables.map(({level, name}) => `${level} ${name}`)).toEqual([
      '0 sst-7.sst',
      '0 sst-8.sst',
      '1 sst-5.sst',
      '1 sst-6.sst',
    ]);
    expect(tables[2]).toMatchObject({offset: 31, sizeBytes: 15, range: {first: 'a', last: 'c'}});
  });

  it('begins with the number of a log in week 8', () => {
    expect(read(`[WAL] 3\n\n${LEVELS}`)).toMatchObject({walFirst: 3, levelCount: 2, problems: []});
  });

  it.for<[string, string, number, string, string]>([
    ['no [L1]', '[L0]\n', 5, 'manifest-sections', 'it has no section [L1]'],
    [
      'a level left out',
      '[L0]\n[L2]\n[L1]\n',
      5,
      'manifest-sections',
      'line 2 is [L2], where [L1] is expected',
    ],
    [
      'a line before any section',
      'x\n[L0]\n[L1]\n',
      0,
      'manifest-sections',
      'line 1 is "x", before any section',
    ],
    [
      'a name without its range',
      '[L0]\n[L1]\nsst-1.sst\n',
      10,
      'manifest-ranges',
      'line 3 is "sst-1.sst", not min-max: name',
    ],
    [
      'a range backwards',
      '[L0]\n[L1]\nb-a: x\n',
      10,
      'manifest-ranges',
      'line 3: its range ends before it begins',
    ],
    [
      'ranges that overlap',
      '[L0]\n[L1]\na-c: x\nb-d: y\n',
      17,
      'manifest-ranges',
      'line 4: its range begins before the one above it ends',
    ],
    [
      'a name in two levels',
      '[L0]\nx\n[L1]\na-c: x\n',
      12,
      'manifest-line',
      'line 4 lists "x" again',
    ],
    [
      'a log without a number',
      '[WAL] x\n[L0]\n[L1]\n',
      0,
      'manifest-wal',
      'line 1 is "[WAL] x", not [WAL] and a number',
    ],
    ['a log further down', '[L0]\n[WAL] 1\n[L1]\n', 5, 'manifest-wal', 'line 2 is "[WAL] 1"'],
  ])('has a problem with %s', ([, text, offset, rule, message]) => {
    expect(read(text).problems).toContainEqual({offset, rule, message});
  });

  it('may have the half-open ranges of the series', () => {
    expect(read('[L0]\n[L1]\na-c: x\nc-e: y\n').problems).toEqual([]);
  });
});

describe('garbage', () => {
  const readers = [readJsonTable, readLog, readManifestFile];
  const SAMPLE =
    '[WAL] 1\n[L0]\n[{"key":"a","value":"b"},\n{"op":"put","key":"\\u0041"}]\n[L1]\na-b: c\n';

  it.each(readers)('is read without a throw by %o', (read) => {
    const mangled = fc
      .tuple(fc.nat(SAMPLE.length), fc.uint8Array({maxLength: 9}))
      .map(([at, inserted]) =>
        Buffer.concat([bytes(SAMPLE.slice(0, at)), inserted, bytes(SAMPLE.slice(at))]),
      );
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({maxLength: 500}), mangled), (garbage) => {
        expect(read(garbage).problems.length).toBeLessThanOrEqual(100);
      }),
    );
  });

  it.each(readers)('of one kind, and a lot of it, is read quickly by %o', (read) => {
    for (const text of ['[', '\n', '{"', '"', '[L0]\n', ',', '[[', '[1,']) {
      expect(read(bytes(text.repeat(200_000))).problems.length).toBeLessThanOrEqual(100);
    }
  });
});
