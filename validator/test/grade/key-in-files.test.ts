import {mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {CheckFailure} from '../../src/checks/failure.ts';
import {claimedFiles} from '../../src/config/file-claims.ts';
import {ServerFailure} from '../../src/errors.ts';
import {keyInFiles} from '../../src/grade/key-in-files.ts';
import {inFilesLines} from '../../src/report/failure-card.ts';
import {BROKEN, WEEK_2, WEEK_4, WEEK_5, WEEK_7, WEEK_8, writeFiles} from '../inspect/folders.ts';
import {failure} from '../report/results.ts';
import {fakeCheck, IDLE_CONTROL, openServer, run} from './plan.ts';

const HEAD = 'read after the server was stopped, the newest first:';
const UNCLAIMED_HEAD = 'read after the server was stopped (the formats are not claimed):';

let dataDir = '';

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'kv-key-in-files-'));
});

afterEach(() => rmSync(dataDir, {recursive: true}));

type Claims = Parameters<typeof claimedFiles>[0];

/** The lines of the card. */
async function linesOf(key: string, week: number, claims: Claims = 'series'): Promise<string[]> {
  const inFiles = await keyInFiles({dataDir, key, week, claimed: claimedFiles(claims, week)});
  return inFilesLines(failure({inFiles}));
}

describe('a key in the files of a failed check', () => {
  it('has its records in the order of a read, and the one that counts is marked', async () => {
    writeFiles(dataDir, WEEK_2);
    expect(await linesOf('apple', 2)).toEqual([
      HEAD,
      'sst-2.json, byte 2  counts  "4"',
      'sst-1.json, byte 2  hidden  "1"',
    ]);
  });

  it('may be deleted, in the log', async () => {
    writeFiles(dataDir, WEEK_4);
    expect(await linesOf('fig', 4)).toEqual([
      HEAD,
      'wal.db, byte 66      counts  "7"',
      'wal.db, byte 0       hidden  deleted',
      'sst-3.json, byte 34  hidden  "5"',
    ]);
  });

  it('is looked for level by level', async () => {
    writeFiles(dataDir, WEEK_5);
    expect(await linesOf('pear', 5)).toEqual([
      HEAD,
      'l0/sst-4.json, byte 29  counts  deleted',
      'l1/sst-3.json, byte 30  hidden  "4"',
    ]);
  });

  it('is found in blocks, and in numbered logs', async () => {
    writeFiles(dataDir, WEEK_8);
    expect(await linesOf('banana', 8)).toEqual([
      HEAD,
      'wal-10.db, byte 0        counts  "9"',
      'wal-3.db, byte 0         hidden  "8"',
      'l1/sst-5.sst, byte 4352  hidden  "0"',
      'wal-2.db, byte 0         unlisted  "7"',
    ]);
  });

  it('comes with what would keep a server from finding it', async () => {
    // Without the line of an SSTable that is not there.
    writeFiles(dataDir, {...BROKEN, MANIFEST: '[L0]\nsst-9.sst\n\n[L1]\n'});
    const [, first] = await linesOf('cherry', 7);
    expect(first).toBe(
      'l0/sst-9.sst, byte 4352  counts  "2"; a server would miss it: its filter denies the key, the checksum of its block is wrong',
    );
  });

  it('may be nowhere', async () => {
    writeFiles(dataDir, WEEK_2);
    expect(await linesOf('zebra', 2)).toEqual([
      HEAD,
      'no file has it; what was only in memory is gone',
    ]);
    writeFiles(dataDir, WEEK_7);
    expect(await linesOf('zebra', 7)).toEqual([HEAD, 'no file has it']);
  });

  it('may be behind the end of what a replay reads', async () => {
    const records = ['{"op":"put","key":"fig","value":"1"}', '{"op":"{"op":"put"', ''];
    writeFiles(dataDir, {...WEEK_4, 'wal.db': records.join('\n')});
    expect(await linesOf('zebra', 4)).toEqual([
      HEAD,
      'no file has it',
      'wal.db  only its first 37 of 56 bytes are valid records',
    ]);
  });

  it('is found under the names that kv.yaml gives', async () => {
    writeFiles(dataDir, {
      'tables/0002.tab': WEEK_2['sst-2.json'] ?? '',
      'tables/0001.tab': WEEK_2['sst-1.json'] ?? '',
      LIST: '0001.tab\n0002.tab\n',
    });
    expect(await linesOf('apple', 2, {sstable: 'tables/*', manifest: 'LIST'})).toEqual([
      HEAD,
      'tables/0002.tab, byte 2  counts  "4"',
      'tables/0001.tab, byte 2  hidden  "1"',
    ]);
  });

  it('weighs nothing where not all of the formats are claimed', async () => {
    writeFiles(dataDir, WEEK_4);
    for (const claims of ['none', {sstable: 'sst-*.json', manifest: 'MANIFEST'}] as const) {
      const [head, ...records] = await linesOf('apple', 4, claims);
      expect(head).toBe(UNCLAIMED_HEAD);
      expect(records).toEqual(['sst-3.json, byte 2  deleted', 'sst-1.json, byte 2  "1"']);
      expect(await linesOf('zebra', 4, claims)).toEqual([]);
    }
  });

  it('has at most six lines, two of them of one file', async () => {
    const log = Array.from({length: 9}, (_, value) => ({
      op: 'put',
      key: 'apple',
      value: `${value}`,
    }));
    writeFiles(dataDir, {
      ...WEEK_4,
      'wal.db': log.map((record) => `${JSON.stringify(record)}\n`).join(''),
    });
    expect(await linesOf('apple', 4)).toEqual([
      HEAD,
      'wal.db, byte 312    counts  "8"',
      'wal.db, byte 273    hidden  "7"',
      'sst-3.json, byte 2  hidden  deleted',
      'sst-1.json, byte 2  hidden  "1"',
      '(7 more of this key)',
    ]);
  });
});

describe('what is not to be trusted', () => {
  it('is not followed, and not read if it is large: then nothing is said to count', async () => {
    writeFiles(dataDir, {...WEEK_2, MANIFEST: 'sst-1.json\nsst-2.json\nsst-3.json\nsst-4.json\n'});
    symlinkSync('/etc/passwd', join(dataDir, 'sst-3.json'));
    writeFileSync(join(dataDir, 'sst-4.json'), '[]');
    truncateSync(join(dataDir, 'sst-4.json'), 100_000_000);
    expect(await linesOf('apple', 2)).toEqual([
      HEAD,
      'sst-2.json, byte 2  "4"',
      'sst-1.json, byte 2  "1"',
      '(files that were not read: 2)',
    ]);
    expect(await linesOf('zebra', 2)).toContain('no file that was read has it');
  });

  it('is cut and escaped', async () => {
    const value = `\u001b[2J\u202e${'x'.repeat(5_000)}`;
    const name = 'sst-1.json';
    writeFiles(dataDir, {MANIFEST: `${name}\n`, [name]: JSON.stringify([{key: 'a', value}])});
    const text = (await linesOf('a', 2)).join('\n');
    expect(text).toContain('\\x1b[2J\\u{202e}xxx');
    expect(text.length).toBeLessThan(250);
  });

  it('is no reason to fail: a folder that is not there, or no folder', async () => {
    rmSync(dataDir, {recursive: true});
    expect(await linesOf('a', 2)).toEqual([]);
    writeFileSync(dataDir, 'a file');
    expect(await linesOf('a', 2)).toEqual([]);
    rmSync(dataDir);
    mkdirSync(dataDir);
  });
});

describe('the files of a check', () => {
  const wrong = fakeCheck('wrong', async () => {
    throw new CheckFailure({summary: 'a wrong value', key: 'apple'});
  });

  function sourceOf(afterLook: () => Promise<void> = async () => {}) {
    const open = () => ({
      ...openServer({address: {host: '127.0.0.1', port: 1}, control: {...IDLE_CONTROL, dataDir}}),
      async dispose(look?: (folder: string) => Promise<void>) {
        await look?.(dataDir);
        await afterLook();
      },
    });
    return {unavailable: () => undefined, open};
  }

  it('are in its failure, once its server was ended', async () => {
    writeFiles(dataDir, WEEK_2);
    const [result] = await run([wrong], {week: 2, source: sourceOf()});
    expect(result?.failure?.inFiles).toEqual([
      {at: '', what: UNCLAIMED_HEAD},
      {at: 'sst-2.json, byte 2', what: '"4"'},
      {at: 'sst-1.json, byte 2', what: '"1"'},
    ]);
  });

  it('are left alone if it passes, or fails for another reason than a key', async () => {
    writeFiles(dataDir, WEEK_2);
    const dead = fakeCheck('dead', async () => {
      throw new ServerFailure('hang', 'no answer');
    });
    const results = await run([fakeCheck('good'), dead], {week: 2, source: sourceOf()});
    for (const {failure: card} of results) expect(card ?? {}).not.toHaveProperty('inFiles');
  });

  it('do not change its verdict, nor does a server that cannot be ended', async () => {
    writeFiles(dataDir, WEEK_2);
    const source = sourceOf(async () => {
      throw new ServerFailure('survivor', 'something of it lives on');
    });
    const [result] = await run([wrong], {week: 2, source});
    expect(result).toMatchObject({state: 'fail', reason: 'a wrong value'});
  });
});
