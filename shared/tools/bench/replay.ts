/**
 * The replay of fixture files, all checking and recording included, against
 * clients that do nothing but send.
 */
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import autocannon from 'autocannon';
import {HistoryRecorder} from '../../../validator/src/history/history-recorder.ts';
import {HttpClient, type Transport} from '../../../validator/src/http/http-client.ts';
import {replay} from '../../../validator/src/replay/replay.ts';
import {ROOT} from '../tool.ts';
import {type BareRequest, bareRequests, sendAllByUndici} from './bare-undici.ts';
import type {BenchContext} from './bench.ts';
import {type Comparison, compare} from './measure.ts';
import {MapServer} from './start-map-server.ts';
import {type BenchTable, comparisonTable} from './table.ts';

const SEQUENTIAL = join(ROOT, 'fixtures', 'week-01.txt');
const IN_FLIGHT = 64;
/** Blocks are over when their last answer is there, so the bench needs some length. */
const BLOCK_LINES = 500;
const BLOCKS = 60;
/** It builds all requests for each connection before it starts, so they are few. */
const AUTOCANNON_REQUESTS = 20;
const AUTOCANNON_SECONDS = 3;

/** What the figures compare, and where the two sides are not the same. */
const NOTES = [
  'The bare loop sends the same lines by Client.dispatch, and looks at nothing.',
  `The replay in blocks waits for the last answer of every ${BLOCK_LINES} lines. autocannon has no
blocks and checks nothing: for ${AUTOCANNON_SECONDS} s, each of its ${IN_FLIGHT} connections sends the first ${AUTOCANNON_REQUESTS} of the
same lines over and over, half PUTs and half GETs as in the file.`,
];

async function replayAll(server: MapServer, path: string, transport: Transport): Promise<number> {
  const target = {address: server.address, control: undefined};
  const client = new HttpClient({server: target, transport});
  const history = new HistoryRecorder();
  const result = await replay({
    fixture: {path},
    server: target,
    client,
    concurrency: IN_FLIGHT,
    history,
  });
  history.dispose();
  if (result.end !== 'complete' || result.failureCount > 0) {
    throw new Error(`the replay of ${path} failed: ${result.end}, ${result.failureCount} failures`);
  }
  return result.answered;
}

async function sendAllByAutocannon(
  server: MapServer,
  requests: readonly BareRequest[],
): Promise<number> {
  const {requests: sent, errors} = await autocannon({
    url: server.origin,
    connections: IN_FLIGHT,
    duration: AUTOCANNON_SECONDS,
    requests: requests.slice(0, AUTOCANNON_REQUESTS).map(({method, path, body}) => {
      if (body === undefined) return {method, path};
      return {method, path, body, headers: {'content-type': 'text/plain'}};
    }),
    sampleInt: 10,
  });
  if (errors > 0) throw new Error(`autocannon: ${errors} errors`);
  return sent.total;
}

/** Half PUTs, half GETs; the keys of a block differ, so that each GET has one answer. */
function blockFixture(): string {
  const values = new Map<string, string>();
  const lines = ['# format: 1'];
  for (let block = 0; block < BLOCKS; block++) {
    const writes: [string, string][] = [];
    for (let i = 0; i < BLOCK_LINES; i++) {
      const key = letters((block * 37 + i * 7) % 2_000);
      if (i % 2 === 0) {
        const value = `value-${block}-${i}-`.padEnd(40, 'x');
        writes.push([key, value]);
        lines.push(`PUT ${key} ${value}`);
      } else {
        lines.push(`GET ${key} ${values.get(key) ?? 'NOT_FOUND'}`);
      }
    }
    for (const [key, value] of writes) values.set(key, value);
    lines.push('BARRIER');
  }
  return `${lines.join('\n')}\n`;
}

function letters(number: number): string {
  return `key${String(number).replace(/\d/g, (digit) => 'abcdefghij'.charAt(Number(digit)))}`;
}

/** Each round begins with an empty server: the files say what is absent. */
export async function benchReplays({rounds, progress}: BenchContext): Promise<BenchTable[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kv-bench-'));
  const server = await MapServer.start();
  try {
    const blocks = join(folder, 'blocks.txt');
    await writeFile(blocks, blockFixture());
    const sequentialRequests = await bareRequests(SEQUENTIAL);
    const blockRequests = await bareRequests(blocks);
    const side = (name: string, run: () => Promise<number>) => ({
      name,
      run: async () => {
        await server.empty();
        return await run();
      },
    });
    const sequential = (transport: Transport) =>
      side(`replay (${transport})`, () => replayAll(server, SEQUENTIAL, transport));
    const bareLoop = side('bare loop', () => sendAllByUndici(server.origin, sequentialRequests));
    const inBlocks = side('replay (own)', () => replayAll(server, blocks, 'own'));
    const cannon = side('autocannon', () => sendAllByAutocannon(server, blockRequests));
    const each = [
      [
        'one at a time: replay over undici / bare loop over undici',
        sequential('undici'),
        bareLoop,
        {atLeast: 0.9},
      ],
      ['one at a time: replay / bare loop over undici', sequential('own'), bareLoop, undefined],
      [`${IN_FLIGHT} in flight: replay / autocannon`, inBlocks, cannon, {atLeast: 0.8}],
    ] as const;
    const comparisons: Comparison[] = [];
    for (const [name, ours, peer, limit] of each) {
      progress(name);
      comparisons.push(await compare(name, ours, peer, rounds, limit));
    }
    return [comparisonTable('Replays, requests', comparisons, NOTES)];
  } finally {
    await server.stop();
    await rm(folder, {recursive: true, force: true});
  }
}
