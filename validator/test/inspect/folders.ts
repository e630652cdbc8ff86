/** Data folders of several weeks, small enough to be looked at. */
import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {encodeVariable} from '../../../weeks/06-blocks/src/variable-format.ts';
import {FILTER_BYTES, probesOf} from '../../src/formats/bloom-file.ts';
import {checksumOf} from '../../src/formats/checksum.ts';
import {blockTable, type Entry, REFERENCE_FORM} from '../formats/block-files.ts';

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Writes them, and the folders that they are in. */
export function writeFiles(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), {recursive: true});
    writeFileSync(join(folder, path), content);
  }
}

function jsonTable(entries: readonly Entry[]): string {
  const lines = entries.map(({key, value}) =>
    JSON.stringify(value === null ? {key, deleted: true} : {key, value}),
  );
  return `[\n${lines.join(',\n')}\n]\n`;
}

function log(entries: readonly Entry[]): string {
  const lines = entries.map(({key, value}) =>
    JSON.stringify(value === null ? {op: 'delete', key} : {op: 'put', key, value}),
  );
  return lines.map((line) => `${line}\n`).join('');
}

/** With seeds 0 and 1, and a checksum. */
function bloomFile(keys: readonly string[]): Uint8Array {
  const bytes = new Uint8Array(FILTER_BYTES + 24);
  for (const key of keys) {
    for (const bit of probesOf({seeds: [0n, 1n]}, key)) {
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (1 << (bit & 7));
    }
  }
  new DataView(bytes.buffer).setBigUint64(FILTER_BYTES + 8, 1n, true);
  bytes.set(checksumOf(bytes.subarray(0, FILTER_BYTES + 16), REFERENCE_FORM), FILTER_BYTES + 16);
  return bytes;
}

/** `a=1 b` is a with the value 1, and a tombstone of b. */
function parsed(text: string): Entry[] {
  return text.split(' ').map((word) => {
    const [key = '', value = null] = word.split('=');
    return {key, value};
  });
}

function table(path: string, text: string): Files {
  const keys = parsed(text).map(({key}) => key);
  return {
    [`${path}.sst`]: blockTable(parsed(text), 2),
    [`${path}.bloom`]: bloomFile(keys),
  };
}

export const WEEK_2: Files = {
  MANIFEST: 'sst-1.json\nsst-2.json\n',
  'sst-1.json': jsonTable(parsed('apple=1 pear=2 plum=3')),
  'sst-2.json': jsonTable(parsed('apple=4 fig=5')),
};

export const WEEK_4: Files = {
  MANIFEST: 'sst-1.json\nsst-3.json\n',
  'sst-1.json': jsonTable(parsed('apple=1 pear=2 plum=3')),
  'sst-3.json': jsonTable(parsed('apple fig=5')),
  // A crash has left this behind, and cut the log short.
  'sst-4.json': '[{"key":"half',
  'MANIFEST.tmp': 'sst-1',
  'wal.db': `${log(parsed('fig lime=6 fig=7'))}{"op":"put","key":"zeb`,
};

export const WEEK_5: Files = {
  MANIFEST: '[L0]\nsst-4.json\n\n[L1]\napple-fig: sst-2.json\nlime-plum: sst-3.json\n',
  'l0/sst-4.json': jsonTable(parsed('fig=8 pear')),
  'l1/sst-2.json': jsonTable(parsed('apple=1 fig=2')),
  'l1/sst-3.json': jsonTable(parsed('lime=3 pear=4 plum=5')),
  'wal.db': log(parsed('lime=9')),
};

/** Two blocks, the first of which is compressed; beside it a table of the other format. */
export const WEEK_6_VARIABLE: Files = {
  MANIFEST: '[L0]\nsst-3.sst\nsst-4.sst\n\n[L1]\n',
  'l0/sst-3.sst': blockTable(parsed('apple=1 pear=2')),
  'l0/sst-4.sst': encodeVariable([
    {key: 'apple', value: 'red and round, '.repeat(300)},
    {key: 'banana', value: ''},
    {key: 'pear', value: null},
  ]),
  'wal.db': '',
};

const damagedVariable = encodeVariable(parsed('apple=1 cherry=2 fig=3'));
damagedVariable[damagedVariable.length - 1] = 0x39;

export const BROKEN_VARIABLE: Files = {
  MANIFEST: '[L0]\nsst-1.sst\nsst-2.sst\n\n[L1]\n',
  'l0/sst-1.sst': damagedVariable,
  'l0/sst-2.sst': encodeVariable(parsed('apple=1 apple=2')).slice(0, 30),
};

const SORTED_TABLES: Files = {
  ...table('l0/sst-7', 'apple=1 fig'),
  ...table('l0/sst-8', 'apple cherry=2 pear=3'),
  ...table('l1/sst-5', 'apple=0 banana=0 fig=0'),
  ...table('l1/sst-6', 'lime=0 pear=0'),
};
const LEVELS = '[L0]\nsst-7.sst\nsst-8.sst\n\n[L1]\napple-fig: sst-5.sst\nlime-pear: sst-6.sst\n';

export const WEEK_7: Files = {...SORTED_TABLES, MANIFEST: LEVELS, 'wal.db': log(parsed('fig=4'))};

export const WEEK_8: Files = {
  ...SORTED_TABLES,
  'MANIFEST-3': '[WAL] 1\n\n[L0]\n\n[L1]\n',
  'MANIFEST-4': `[WAL] 3\n\n${LEVELS}`,
  'wal-2.db': log(parsed('banana=7')),
  'wal-3.db': log(parsed('banana=8 fig=4')),
  'wal-10.db': log(parsed('banana=9')),
  LOCK: '{"pid":1}',
};

const damaged = blockTable(parsed('apple=1 cherry=2 fig=3 pear=4'), 2);
damaged[4096 + 128 + 64] = 0x39;

/** As much as possible is wrong. */
export const BROKEN: Files = {
  MANIFEST:
    '[L0]\nsst-9.sst\nsst-8.sst\nsst-4.sst\n\n[L1]\napple-fig: sst-5.sst\ncherry-zoo: sst-6.sst\n',
  'l0/sst-9.sst': damaged,
  'l0/sst-9.bloom': bloomFile(['apple']),
  'l0/sst-8.sst': blockTable(parsed('apple=1')).slice(0, 5_000),
  'l1/sst-5.sst': blockTable(parsed('apple=1 fig=2 grape=3')),
  'l1/sst-6.sst': blockTable(parsed('fig=1 zoo=2')),
  'l1/sst-8.sst': blockTable(parsed('kiwi=1')),
  'l1/sst-6.bloom': new Uint8Array(100),
  'wal.db': 'garbage\n',
  'evil\x1b[31m\n.txt': 'x',
};
