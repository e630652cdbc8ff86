/**
 * How long the slowest requests of week 8 take while flushes and compactions run,
 * and while there are none. The same mix of requests goes to two servers with the
 * same data. PUTs of one go to all keys, so that its memtable becomes full again and
 * again; those of the other go to keys that are in its memtable.
 */
import type {BenchContext} from './bench.ts';
import {getRequest, putRequest, sendAll} from './http-load.ts';
import {type Limit, median} from './measure.ts';
import {BenchServer, bundleBenchServer, type Work} from './start-bench-server.ts';
import {type BenchTable, rounded, verdict, whole} from './table.ts';
import {shuffled} from './workload.ts';

const KEYS = 100_000;
const CONNECTIONS = 64;
const REQUESTS = 40_000;
/** With what the load left in the memtable, they do not fill it. */
const FEW_KEYS = 1_000;
const LIMIT: Limit = {atMost: 5};
const NO_WORK = '0 flushes, 0 compactions';

const NOTES = [
  `${CONNECTIONS} connections with one request under way on each, GETs and PUTs in turn, ${whole(REQUESTS)} a round, ${whole(KEYS)}
keys. 99 of 100 requests take no longer.`,
];

/** Milliseconds. */
interface Tail {
  readonly GET: number;
  readonly PUT: number;
}

export async function benchTailLatency({rounds, progress}: BenchContext): Promise<BenchTable[]> {
  await bundleBenchServer();
  progress('loading');
  const busy = await MixedLoad.start(KEYS);
  const quiet = await MixedLoad.start(FEW_KEYS);
  try {
    // What the load left to do is done before the first measured round.
    for (const side of [busy, quiet]) await side.run(0);
    await quiet.server.settle();
    const [busyBefore, quietBefore] = [await busy.server.work(), await quiet.server.work()];
    const tails: {readonly busy: Tail; readonly quiet: Tail}[] = [];
    for (let round = 1; round <= rounds; round++) {
      progress(`round ${round} of ${rounds}`);
      const [first, second] = round % 2 === 0 ? [busy, quiet] : [quiet, busy];
      const [ofFirst, ofSecond] = [await first.run(round), await second.run(round)];
      tails.push(
        first === busy ? {busy: ofFirst, quiet: ofSecond} : {busy: ofSecond, quiet: ofFirst},
      );
    }
    const [busyAfter, quietAfter] = [await busy.server.work(), await quiet.server.work()];
    if (backgroundWork(quietBefore, quietAfter) !== NO_WORK) {
      throw new Error('there was work in the background where there should be none');
    }
    return [tableOf(tails, backgroundWork(busyBefore, busyAfter))];
  } finally {
    await busy.server.dispose();
    await quiet.server.dispose();
  }
}

/** A loaded server, and the requests that are sent to it. */
class MixedLoad {
  readonly server: BenchServer;
  /** A key is either read or written, so that each GET has one answer. */
  readonly #readKeys: readonly number[];
  readonly #writtenKeys: readonly number[];

  private constructor(
    server: BenchServer,
    readKeys: readonly number[],
    writtenKeys: readonly number[],
  ) {
    this.server = server;
    this.#readKeys = readKeys;
    this.#writtenKeys = writtenKeys;
  }

  /** @param writtenCount so many keys are written again */
  static async start(writtenCount: number): Promise<MixedLoad> {
    const server = await BenchServer.start('week-8');
    const order = shuffled(KEYS, 1);
    const puts = order.map((number) => putRequest(number, 0));
    await sendAll(server.port, puts, CONNECTIONS);
    const readKeys = order.filter((number) => number % 2 === 0);
    const writtenKeys = order.filter((number) => number % 2 === 1);
    // The newest ones are in the memtable.
    return new MixedLoad(server, readKeys, writtenKeys.slice(-writtenCount));
  }

  async run(round: number): Promise<Tail> {
    const requests = Array.from({length: REQUESTS}, (_, index) => {
      const turn = (round * REQUESTS + index) >> 1;
      if (index % 2 === 0) return getRequest(this.#readKeys[turn % this.#readKeys.length] ?? 0, 0);
      return putRequest(this.#writtenKeys[turn % this.#writtenKeys.length] ?? 0, round);
    });
    const {latenciesMs} = await sendAll(this.server.port, requests, CONNECTIONS);
    return {
      GET: percentile99(latenciesMs.filter((_, index) => index % 2 === 0)),
      PUT: percentile99(latenciesMs.filter((_, index) => index % 2 === 1)),
    };
  }
}

function backgroundWork(before: Work, after: Work): string {
  const flushes = after.flushes - before.flushes;
  return `${flushes} flushes, ${after.compactions - before.compactions} compactions`;
}

function percentile99(values: Float64Array): number {
  return values.toSorted()[Math.floor(0.99 * values.length)] ?? Number.NaN;
}

function tableOf(
  tails: readonly {readonly busy: Tail; readonly quiet: Tail}[],
  work: string,
): BenchTable {
  const rows = (['GET', 'PUT'] as const).map((method) => {
    const ratio = median(tails.map(({busy, quiet}) => busy[method] / quiet[method]));
    return [
      method,
      rounded(median(tails.map(({quiet}) => quiet[method]))),
      rounded(median(tails.map(({busy}) => busy[method]))),
      ratio.toFixed(2),
      verdict(LIMIT, ratio),
    ];
  });
  return {
    title: 'The slowest hundredth of requests, in milliseconds',
    columns: ['p99 of', 'without', 'with background work', 'ratio', 'limit'],
    rows,
    notes: [...NOTES, `With background work: ${work}.`],
  };
}
