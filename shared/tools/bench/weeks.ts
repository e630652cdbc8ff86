/**
 * The same workload on the engine of every week, in process: what each lesson
 * buys, and what it costs. The chapters quote it.
 */
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {$} from 'zx/core';
import {ROOT} from '../tool.ts';
import type {BenchContext} from './bench.ts';
import {WRITERS} from './load.ts';
import {median} from './measure.ts';
import type {WeekFigures} from './measure-week.ts';
import {SCANNED_KEYS} from './read-rates.ts';
import {type BenchTable, rounded, whole} from './table.ts';
import {KEY_BYTES, VALUE_BYTES} from './workload.ts';

const PROGRAM = fileURLToPath(new URL('measure-week.ts', import.meta.url));
const START = fileURLToPath(new URL('../../bin/start.mjs', import.meta.url));
/** As many as the linear searches of the first weeks can bear. */
const KEYS = 50_000;

const COLUMNS: readonly {
  readonly title: string;
  readonly of: (figures: WeekFigures) => number | undefined;
}[] = [
  {title: 'puts/s', of: (figures) => figures.putsPerSecond},
  {title: 'hits/s', of: (figures) => figures.hitsPerSecond},
  {title: 'misses/s', of: (figures) => figures.missesPerSecond},
  {title: 'scans/s', of: (figures) => figures.scansPerSecond},
  {title: 'restart, ms', of: (figures) => figures.restartMs},
  {title: 'on disk', of: (figures) => figures.diskBytesPerByte},
  {title: 'written', of: (figures) => figures.writtenBytesPerByte},
];

const NOTES = [
  `${whole(KEYS)} keys of ${KEY_BYTES} bytes, values of ${VALUE_BYTES} bytes, in random order, each put twice by ${WRITERS} writers
at once; then reads one after another, of keys that are there (hits), of keys between them
that are not (misses), and scans of ${whole(SCANNED_KEYS)} keys. In process, with the default options of each week.`,
  `Puts include all flushes and compactions, to the end of those in the background. Weeks 1 and 2
do not wait for the disk. Restart: from opening the folder to the first answer. On disk: bytes
of all files for one byte of live keys and values. Written: bytes to all files for one byte put
(write amplification). In brackets: times the figure of the week before.`,
];

/** @param week its number */
export interface MeasuredWeek {
  readonly week: number;
  readonly title: string;
  /** One for each round. */
  readonly rounds: readonly WeekFigures[];
}

export async function benchWeeks({rounds, progress}: BenchContext): Promise<BenchTable[]> {
  const weeks = weekFolders().map((name) => ({name, rounds: [] as WeekFigures[]}));
  for (let round = 1; round <= rounds; round++) {
    for (const week of weeks) {
      progress(`round ${round} of ${rounds}: ${week.name}`);
      week.rounds.push(await measureWeek(week.name, round));
    }
  }
  return [weeksTable(weeks.map((week) => ({...describeWeek(week.name), rounds: week.rounds})))];
}

/** Medians of the rounds, and how they compare with the week before. */
export function weeksTable(weeks: readonly MeasuredWeek[]): BenchTable {
  const medians = weeks.map(({rounds}) => COLUMNS.map(({of}) => medianOf(rounds.map(of))));
  const rows = weeks.map(({week, title}, row) => {
    const cells = (medians[row] ?? []).map((value, column) => {
      const before = medians[row - 1]?.[column];
      if (value === undefined) return '–';
      return before === undefined ? rounded(value) : `${rounded(value)} (${times(value / before)})`;
    });
    return [`${week} ${title}`, ...cells];
  });
  const columns = ['week', ...COLUMNS.map(({title}) => title)];
  return {title: 'All weeks on one workload', columns, rows, notes: NOTES};
}

/** For the chapter of a week: its row, and that of the week before. @param selector its number */
export function excerptOfWeek([table]: readonly BenchTable[], selector: string): BenchTable[] {
  if (table === undefined) return [];
  const wanted = new Set([Number(selector) - 1, Number(selector)]);
  const rows = table.rows.filter(([name = '']) => wanted.has(Number.parseInt(name, 10)));
  return [{...table, rows, notes: []}];
}

/** The folders of the weeks, in their order. */
export function weekFolders(): string[] {
  return readdirSync(join(ROOT, 'weeks')).filter((name) => /^0\d-/.test(name));
}

/** `07-bloom-and-trie` is week 7, "bloom and trie". */
export function describeWeek(folder: string): Pick<MeasuredWeek, 'week' | 'title'> {
  const [number = '', ...words] = folder.split('-');
  return {week: Number(number), title: words.join(' ')};
}

async function measureWeek(name: string, round: number): Promise<WeekFigures> {
  const folder = join(ROOT, 'weeks', name);
  const {stdout} = await $({
    quiet: true,
  })`${process.execPath} ${START} ${PROGRAM} ${folder} ${KEYS} ${round}`;
  return JSON.parse(stdout) as WeekFigures;
}

/** `1.23`, and `1/4,720` where digits behind the point would say nothing. */
function times(ratio: number): string {
  return ratio < 0.01 ? `1/${whole(1 / ratio)}` : rounded(ratio);
}

function medianOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : median(known);
}
