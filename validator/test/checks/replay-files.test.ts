import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {CheckContext} from '../../src/checks/check.ts';
import {firstKeys, openFixture} from '../../src/checks/fixture-file.ts';
import {replayLife} from '../../src/checks/replay-life.ts';
import {shortened, writesMax} from '../../src/checks/shortened.ts';

let folder = '';
let notes: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kv-replay-files-'));
  mkdirSync(join(folder, 'data'));
  notes = [];
});

afterEach(() => rmSync(folder, {recursive: true}));

function fixture(lines: readonly string[]): string {
  const path = join(folder, 'file.txt');
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

function context(week: number, syncsPerSecond: number): CheckContext {
  const server = {isOurs: true, control: {dataDir: join(folder, 'data')}};
  const note = (text: string) => void notes.push(text);
  return {week, environment: {syncsPerSecond}, server, note} as unknown as CheckContext;
}

describe('the life of a key in a fixture', () => {
  it('has its last writes, kills, restarts and the flushes that are due', async () => {
    const others = Array.from({length: 1_999}, (_, index) => `PUT other${letters(index)} x`);
    const path = fixture(['PUT a 1', 'KILL', 'PUT a 2', ...others, 'RESTART', 'GET a 2']);
    expect(await replayLife(path, 'a', 2_004, 2)).toEqual([
      {at: 'line 1', what: 'PUT a = 1'},
      {at: 'line 2', what: 'KILL'},
      {at: 'line 3', what: 'PUT a = 2'},
      {at: 'line 2002', what: 'memtable full (2000 entries): flush'},
      {at: 'line 2003', what: 'RESTART'},
    ]);
  });

  it('leaves out what is older, and what comes later', async () => {
    const path = fixture([
      'PUT a 1',
      'PUT a 2',
      'PUT a 3',
      'DELETE a',
      'PUT a 5',
      'GET a 5',
      'PUT a 6',
    ]);
    expect(await replayLife(path, 'a', 6, 2)).toEqual([
      {at: '', what: '(1 earlier writes of this key)'},
      {at: 'line 2', what: 'PUT a = 2'},
      {at: 'line 3', what: 'PUT a = 3'},
      {at: 'line 4', what: 'DELETE a'},
      {at: 'line 5', what: 'PUT a = 5'},
    ]);
  });

  it('is empty for a key that was never written', async () => {
    const path = fixture(['GET a NOT_FOUND']);
    expect(await replayLife(path, 'a', 1, 2)).toEqual([{at: '', what: 'no earlier write of a'}]);
  });
});

describe('on a disk with slow syncs', () => {
  const lines = [
    '# week: 3',
    'PUT a 1',
    'GET a 1',
    ...Array.from({length: 40}, (_, index) => `PUT b${letters(index)} x`),
    'GET a 1',
  ];

  it('a file is cut after as many writes as there is time for, its line numbers kept', async () => {
    // 30 s for 30 writes.
    const week3 = context(3, 1);
    const writes = writesMax({weekFirst: 3}, week3);
    const opened = await openFixture(week3, fixture(lines), 'week-03.txt', writes);
    expect(opened.survey).toMatchObject({writes: 30, requests: 31});
    expect(readFileSync(opened.path, 'utf8').split('\n').slice(0, 4)).toEqual([
      '',
      'PUT a 1',
      'GET a 1',
      'PUT ba x',
    ]);
    expect(opened.name).toBe('week-03.txt');
    expect(notes).toEqual(['shortened to 32 of 43 lines: 1 syncs a second']);
  });

  it('it is not cut before week 3, nor on a quick disk', async () => {
    const path = fixture(lines);
    for (const quick of [context(2, 1), context(3, 5_000)]) {
      const writes = writesMax({weekFirst: 3}, quick);
      expect(await openFixture(quick, path, 'x', writes)).toMatchObject({path});
    }
    expect(notes).toEqual([]);
  });

  it('a long file of an earlier week is cut on any disk, but not before week 3', () => {
    const long = {isLong: true, weekFirst: 1};
    expect(writesMax(long, context(2, 5_000))).toBe(Number.POSITIVE_INFINITY);
    expect(writesMax(long, context(3, 5_000))).toBe(2_500);
    expect(writesMax(long, context(3, 100))).toBe(2_500);
    expect(writesMax({isLong: true, weekFirst: 3}, context(3, 5_000))).toBe(150_000);
  });

  it('fewer rounds are run, but as many as are needed', () => {
    expect(shortened(context(3, 100), 12, 500)).toBe(6);
    expect(shortened(context(3, 1), 12, 500)).toBe(1);
    expect(shortened(context(3, 1), 12, 500, 4)).toBe(4);
    expect(shortened(context(3, 5_000), 12, 500)).toBe(12);
    expect(shortened(context(2, 1), 12, 500)).toBe(12);
    expect(notes).toHaveLength(3);
    expect(notes[0]).toBe('shortened to 6 of 12 rounds: the disk does 100 syncs a second');
  });
});

describe('the first keys of a file', () => {
  it('are those that it begins with, each once', async () => {
    const path = fixture(['PUT a 1', 'GET a 1', 'BARRIER', 'GET b NOT_FOUND', 'PUT c 1']);
    expect(Array.from(await firstKeys(path, 2))).toEqual(['a', 'b']);
    expect(Array.from(await firstKeys(path, 10))).toEqual(['a', 'b', 'c']);
  });
});

/** A number in letters. */
function letters(number: number): string {
  const last = String.fromCharCode(97 + (number % 26));
  return number < 26 ? last : letters(Math.floor(number / 26) - 1) + last;
}
