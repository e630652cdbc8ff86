/**
 * From `kill -9` to the first answered GET, the start of the process included:
 * week 8 beside LevelDB, both from one bundle, with the same data.
 */
import type {BenchContext} from './bench.ts';
import {getRequest, putRequest, sendAll} from './http-load.ts';
import {type Limit, median} from './measure.ts';
import {BenchServer, bundleBenchServer} from './start-bench-server.ts';
import {type BenchTable, rounded, verdict, whole} from './table.ts';
import {shuffled} from './workload.ts';

const KEYS = 100_000;
const CONNECTIONS = 64;
/** Put before each kill, so that there is a log to be replayed. */
const PUTS = 1_000;
const LIMIT: Limit = {atMost: 1};

const NOTES = [
  `${whole(KEYS)} keys, and ${whole(PUTS)} more PUTs right before each kill, the first of which is then read.`,
];

export async function benchRestart({rounds, progress}: BenchContext): Promise<BenchTable[]> {
  await bundleBenchServer();
  progress('loading');
  const order = shuffled(KEYS, 1);
  const ours = await BenchServer.start('week-8');
  const peer = await BenchServer.start('classic-level-grouped');
  try {
    for (const server of [ours, peer]) {
      await sendAll(
        server.port,
        order.map((number) => putRequest(number, 0)),
        CONNECTIONS,
      );
      await server.settle();
    }
    const times: {readonly ours: number; readonly peer: number}[] = [];
    for (let round = 1; round <= rounds; round++) {
      progress(`round ${round} of ${rounds}`);
      const first = ((round - 1) * PUTS) % KEYS;
      const numbers = order.slice(first, first + PUTS);
      const oursFirst = round % 2 === 0;
      const before = oursFirst ? await killAndGet(ours, numbers, round) : undefined;
      const ofPeer = await killAndGet(peer, numbers, round);
      times.push({ours: before ?? (await killAndGet(ours, numbers, round)), peer: ofPeer});
    }
    return [tableOf(times)];
  } finally {
    await ours.dispose();
    await peer.dispose();
  }
}

/** @returns milliseconds */
async function killAndGet(
  server: BenchServer,
  numbers: readonly number[],
  round: number,
): Promise<number> {
  const puts = numbers.map((number) => putRequest(number, round));
  await sendAll(server.port, puts, CONNECTIONS);
  const startMs = performance.now();
  await server.kill();
  await server.start();
  await sendAll(server.port, [getRequest(numbers[0] ?? 0, round)], 1);
  return performance.now() - startMs;
}

function tableOf(times: readonly {readonly ours: number; readonly peer: number}[]): BenchTable {
  const ratio = median(times.map(({ours, peer}) => ours / peer));
  const row = [
    'from kill to answer',
    rounded(median(times.map(({ours}) => ours))),
    rounded(median(times.map(({peer}) => peer))),
    ratio.toFixed(2),
    verdict(LIMIT, ratio),
  ];
  return {
    title: 'A start after kill -9, in milliseconds',
    columns: ['', 'week 8', 'LevelDB', 'ratio', 'limit'],
    rows: [row],
    notes: NOTES,
  };
}
