import {Random} from '@kv-workshop/fixtures/generate/random';
import type {History} from '../../linearizability/operation.ts';
import type {Check, CheckContext} from '../check.ts';
import {ConcurrentClients, type Step} from '../concurrent-clients.ts';
import {CheckFailure, Inconclusive} from '../failure.ts';
import {judgeHistory} from '../judge-history.ts';
import {letters} from '../keys.ts';
import {shortened} from '../shortened.ts';
import {WRITES_PER_SYNC} from '../side-by-side.ts';
import {WEEK_LAST} from '../week-rules.ts';

const WRITERS = 32;
const SCANNERS = 2;
/** The compaction falls into the middle of the last one. */
const ROUNDS = 4;
/** Of keys in the scanned range, for each writer in a round. */
const PAIRS = 7;
/** New keys elsewhere for each pair: they fill memtables, and make no scan longer. */
const OTHERS = 10;
/** The answer to a scan of many long keys leaves in several parts. */
const KEY_LETTERS = 40;
const WRITES_EACH_ROUND = WRITERS * PAIRS * (2 + OTHERS);
/** Of each scanner in a round, while there are writers. */
const SCANS_MAX = 120;
/** And behind them: what the last writes have caused in the background may take a while. */
const SCANS_AFTER = 30;

export const scansOneMoment: Check = {
  id: 'scans-one-moment',
  title: 'A scan sees one moment',
  weekFirst: 8,
  weekLast: WEEK_LAST,
  needs: 'requests',
  proves:
    'A long scan, during writes, flushes and compactions, lists exactly the keys that were there at one moment.',
  hints: {
    look: 'which memtable, which full memtables and which SSTables a scan reads, and when it makes that choice',
    cause:
      'a scan that asks for the newest version again on its way, reads a memtable that goes on changing, or whose files a compaction takes away',
    chapter: 'docs/weeks/08.md#scans-see-one-version',
  },
  cost: {
    requests: ROUNDS * (WRITES_EACH_ROUND + SCANNERS * 120),
    writes: ROUNDS * WRITES_EACH_ROUND,
    restarts: 0,
  },

  async run(context) {
    const {server, random, progress} = context;
    const rounds = shortened(context, ROUNDS, WRITES_EACH_ROUND / WRITES_PER_SYNC);
    const range = new ScannedRange(random);
    const clients = new ConcurrentClients(server);
    for (let round = 1; round <= rounds; round++) {
      progress(`round ${round} of ${rounds}: ${SCANNERS} clients scan, ${WRITERS} write`);
      await clients.run(scriptsOf(range, random));
      await clients.run([[range.scan]]);
      judge(clients.history, range);
    }
    describe(context, clients.history);
  },
};

/** A range that only this check has keys in. */
class ScannedRange {
  /** Three letters. */
  readonly start: string;
  readonly end: string;
  readonly #random: Random;
  #keys = 0;

  constructor(random: Random) {
    this.#random = random;
    const prefix = letters(random, 2);
    const third = random.below(25);
    this.start = `${prefix}${letterAt(third)}`;
    this.end = `${prefix}${letterAt(third + 1)}`;
  }

  get scan(): Step {
    return {op: 'scan', start: this.start, end: this.end};
  }

  /** A new key in the first or in the second half of the range. */
  inside(isFirstHalf: boolean): string {
    const half = letterAt(this.#random.below(13) + (isFirstHalf ? 0 : 13));
    return `${this.start}${half}${this.#rest()}`;
  }

  /** A new key behind the range. */
  outside(): string {
    return `${this.end}${this.#rest()}`;
  }

  /** Random letters would hardly ever come twice, and these never do. */
  #rest(): string {
    this.#keys += 1;
    const number = Array.from(String(this.#keys), (digit) => letterAt(Number(digit))).join('');
    return `${letters(this.#random, KEY_LETTERS)}x${number}`;
  }
}

function letterAt(index: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + index);
}

function scriptsOf(range: ScannedRange, random: Random): Iterable<Step>[] {
  const writing = {clients: WRITERS};
  const writers = Array.from({length: WRITERS}, () =>
    writes(range, new Random(random.uint32()), writing),
  );
  return [...writers, ...Array.from({length: SCANNERS}, () => scans(range, writing))];
}

/** Keys in both halves of the range, the second one when the first is acknowledged. */
function* writes(range: ScannedRange, random: Random, writing: {clients: number}): Generator<Step> {
  for (let pair = 0; pair < PAIRS; pair++) {
    const isLowFirst = random.chance(50);
    const keys = [range.inside(isLowFirst), range.inside(!isLowFirst)];
    for (let other = 0; other < OTHERS; other++) keys.push(range.outside());
    for (const key of keys) yield {op: 'write', key, value: String(pair)};
  }
  writing.clients -= 1;
}

/** One after another, so that nearly always one is under way. */
function* scans(range: ScannedRange, writing: {readonly clients: number}): Generator<Step> {
  for (let scan = 0; scan < SCANS_MAX && writing.clients > 0; scan++) yield range.scan;
  for (let scan = 0; scan < SCANS_AFTER; scan++) yield range.scan;
}

function judge(history: History, range: ScannedRange): void {
  for (const {keys} of history.scans) checkOrder(keys, range);
  const {scans: checked} = judgeHistory(history);
  if (checked.checkedAs === 'snapshots') return;
  throw new Inconclusive(`the scans cannot be held against one moment: ${checked.reason}`);
}

function describe({note}: CheckContext, {scans: all, operations}: History): void {
  const longest = Math.max(...all.map(({keys}) => keys.length));
  note(`${all.length} scans of up to ${longest} keys, during ${operations.length} writes`);
}

function checkOrder(keys: readonly string[], {start, end}: ScannedRange): void {
  let before = '';
  for (const key of keys) {
    const isInRange = start <= key && key < end;
    if (isInRange && before < key) {
      before = key;
      continue;
    }
    const what = before === key ? 'twice' : isInRange ? `after ${before}` : 'which is not in range';
    throw new CheckFailure({
      summary: `a scan during writes answered ${key} ${what}`,
      key,
      invariant:
        'A SCAN answers keys from start up to, but not including, end: ascending, each once.',
    });
  }
}
