import {existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {Random} from '@kv-workshop/fixtures/generate/random';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {readListing} from '../../src/checks/block-files.ts';
import type {CheckContext} from '../../src/checks/check.ts';
import {Damage} from '../../src/checks/damage.ts';
import {Ledger} from '../../src/checks/ledger.ts';
import {LISTED_FILE_HARMS, MANIFEST_HARMS} from '../../src/checks/week-05/manifest-harms.ts';

const LEVELS = '[L0]\nsst-7.json\n\n[L1]\napple-fig: sst-5.json\npear-quince: sst-6.json\n';
const FILES = ['l0/sst-7.json', 'l1/sst-5.json', 'l1/sst-6.json'];

let dataDir = '';

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'kv-harms-'));
  for (const path of FILES) {
    mkdirSync(dirname(join(dataDir, path)), {recursive: true});
    writeFileSync(join(dataDir, path), '[]');
  }
});

afterEach(() => rmSync(dataDir, {recursive: true}));

/** What MANIFEST is after each of the harms; undefined where one has nothing to harm. */
async function harmed(name: string, text: string): Promise<(string | undefined)[]> {
  const ledger = new Ledger({durable: true, memtableEntriesMax: 10});
  const server = {control: {dataDir}, ledger};
  const environment = {files: new Map([['manifest', name]])};
  const context = {week: 5, random: new Random(1), environment, server};
  const results: (string | undefined)[] = [];
  writeFileSync(join(dataDir, name), text);
  for (const harm of MANIFEST_HARMS) {
    const damage = new Damage(dataDir, ledger);
    const listing = await readListing(context as unknown as CheckContext);
    const isDone = await harm(damage, listing, context as unknown as CheckContext);
    results.push(isDone ? readFileSync(join(dataDir, name), 'latin1') : undefined);
    await damage.undo();
    expect(readFileSync(join(dataDir, name), 'latin1')).toBe(text);
  }
  return results;
}

it('can be seen by whoever reads MANIFEST', async () => {
  expect(await harmed('MANIFEST', LEVELS)).toEqual([
    LEVELS.slice(0, -'.json\n'.length),
    LEVELS.replace('.json', '\0'.repeat(5)),
    expect.stringMatching(/^(ap\0{6}g: sst-5|pe\0{6}nce: sst-6).json$/m),
    '[L0]\nsst-7.json\n\n[L1]\npear-quince: sst-6.json\napple-fig: sst-5.json\n',
    undefined,
  ]);
});

it('are some less where there is less to harm', async () => {
  expect(await harmed('MANIFEST-3', '[WAL] 12\n\n[L0]\n\n[L1]\na-z: sst-5.json\n')).toEqual([
    '[WAL] 12\n\n[L0]\n\n[L1]\na-z: sst-5',
    undefined,
    '[WAL] 12\n\n[L0]\n\n[L1]\n\0\0\0: sst-5.json\n',
    undefined,
    '[WAL] \0\0\n\n[L0]\n\n[L1]\na-z: sst-5.json\n',
  ]);
});

it('remove a file of L0, and one of another level', async () => {
  writeFileSync(join(dataDir, 'MANIFEST'), LEVELS);
  const ledger = new Ledger({durable: true, memtableEntriesMax: 10});
  const server = {control: {dataDir}, ledger};
  const environment = {files: new Map()};
  const context = {week: 5, random: new Random(1), environment, server} as unknown as CheckContext;
  const damage = new Damage(dataDir, ledger);
  for (const harm of LISTED_FILE_HARMS) await harm(damage, await readListing(context), context);
  const left = FILES.filter((path) => existsSync(join(dataDir, path)));
  expect(left).toEqual([expect.stringMatching(/^l1/)]);
});
