import type {Socket} from 'node:net';
import * as fc from 'fast-check';
import {afterAll, beforeAll, expect, test} from 'vitest';
import type {Outcome} from '../../src/http/exchange.ts';
import {HttpClient, type Transport} from '../../src/http/http-client.ts';
import {RawServer} from './raw-server.ts';

/**
 * Our parser against undici's (llhttp) on answers of all kinds, most of them
 * a little wrong, in pieces of any size: whatever both accept they must read
 * alike, and where only one accepts, the reason must be one of those below.
 */

let server: RawServer;
let pieces: readonly string[] = [];

beforeAll(async () => {
  server = await RawServer.start((socket) => {
    void send(socket);
  });
});

afterAll(() => server.close());

async function send(socket: Socket): Promise<void> {
  for (const piece of pieces) {
    socket.write(piece, 'latin1');
    await new Promise((resolve) => setImmediate(resolve));
  }
  // So that nothing has to be waited for: what is incomplete now stays so.
  socket.end();
}

async function ask(transport: Transport): Promise<Outcome> {
  const connection = new HttpClient({server, transport}).connect();
  const outcome = await connection.exchange({method: 'GET', path: '/k'});
  connection.close();
  return outcome;
}

/** One of the first list, or now and then of the second. */
function mostly(usual: readonly string[], odd: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    {weight: 12, arbitrary: fc.constantFrom(...usual)},
    {weight: 1, arbitrary: fc.constantFrom(...odd)},
  );
}

const GENERATED = fc.record({
  version: mostly(['HTTP/1.1', 'HTTP/1.0'], ['HTTP/1.2', 'http/1.1']),
  status: mostly(['200', '404', '500', '201'], ['204', '304', '99', '2xx']),
  reason: fc.constantFrom(' OK', '', ' ', '  Not Found'),
  headers: fc.array(fc.constantFrom('X-A: 1', 'Date:', 'x_y.z: \t b ', 'ETag: \xe9'), {
    maxLength: 3,
  }),
  connection: fc.constantFrom('', 'Connection: close', 'connection: Keep-Alive, X'),
  framing: mostly(['length', 'chunked', 'none'], ['both', 'twice', 'short', 'minus']),
  body: fc.constantFrom('', 'v', 'hello world', 'x'.repeat(300)),
  interim: mostly([''], ['HTTP/1.1 102 X\r\n\r\n', 'HTTP/1.1 103 X\r\nA: b\r\n\r\n']),
  trailers: mostly(['', 'T: 1\r\n'], ['bad trailer\r\n']),
  lead: mostly([''], ['\r\n', '\n']),
  lineEnd: mostly(['\r\n'], ['\n']),
  flipAt: fc.option(fc.nat(400), {freq: 1}),
  flipTo: fc.constantFrom('\n', '\r', '\0', ' ', 'x', ':', '9'),
  cuts: fc.array(fc.nat(400), {maxLength: 4}),
});

type Generated = typeof GENERATED extends fc.Arbitrary<infer T> ? T : never;

function textOf(generated: Generated): string {
  const {version, status, reason, headers, connection, framing, lineEnd} = generated;
  const lines = [`${version} ${status}${reason}`, ...headers, connection].filter(Boolean);
  const {length} = generated.body;
  if (['length', 'both', 'twice'].includes(framing)) lines.push(`Content-Length: ${length}`);
  if (framing === 'twice') lines.push(`Content-Length: ${length}`);
  if (framing === 'short') lines.push(`Content-Length: ${length + 1}`);
  if (framing === 'minus') lines.push(`Content-Length: -${length}`);
  const isChunked = ['chunked', 'both'].includes(framing);
  if (isChunked) lines.push('Transfer-Encoding: Chunked');
  const body = isChunked ? chunked(generated) : generated.body;
  const head = lines.join(lineEnd) + lineEnd + lineEnd;
  const text = generated.lead + generated.interim + head + body;
  const {flipAt, flipTo} = generated;
  return flipAt === null ? text : text.slice(0, flipAt) + flipTo + text.slice(flipAt + 1);
}

function chunked({body, trailers}: Generated): string {
  const middle = Math.floor(body.length / 2);
  const chunks = [body.slice(0, middle), body.slice(middle)].filter(Boolean);
  const encoded = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  return `${encoded.join('')}0\r\n${trailers}\r\n`;
}

/** Where we accept less than undici, and mean to. */
const WE_ARE_STRICTER: readonly RegExp[] = [
  // A body that its own length does not cover; after 204 and 304, any body.
  /behind the end of the answer/,
  // A coding that was not asked for.
  /only chunked was possible/,
  // Versions that do not exist: HTTP/9.1.
  /status line is not HTTP|does not begin with "HTTP\/1\."/,
];

/** Where we accept more, as RFC 9112 has it. */
const WE_ARE_MORE_LENIENT: readonly RegExp[] = [
  // 304 and 204 have no body, whatever their Content-Length.
  /does not match content-length/,
  // A space before a chunk's extension.
  /chunk size|chunk extension/,
];

test('what both accept they read alike', async () => {
  let bothAccepted = 0;
  let bothRefused = 0;
  await fc.assert(
    fc.asyncProperty(GENERATED, async (generated) => {
      const text = textOf(generated);
      const cuts = [...new Set(generated.cuts)].sort((a, b) => a - b);
      pieces = [0, ...cuts].map((from, index) => text.slice(from, cuts[index])).filter(Boolean);
      const ours = await ask('own');
      const theirs = await ask('undici');
      if (ours.kind === 'answered' && theirs.kind === 'answered') {
        bothAccepted++;
        expect(ours).toEqual(theirs);
      } else if (ours.kind === 'lost' && theirs.kind === 'answered') {
        expect(
          WE_ARE_STRICTER.some((reason) => reason.test(ours.failure.message)),
          ours.failure.message,
        ).toBe(true);
      } else if (ours.kind === 'answered' && theirs.kind === 'lost') {
        const message = theirs.failure.message;
        expect(
          WE_ARE_MORE_LENIENT.some((reason) => reason.test(message)),
          message,
        ).toBe(true);
      } else {
        bothRefused++;
      }
    }),
    {numRuns: 500},
  );
  expect(bothAccepted).toBeGreaterThan(100);
  expect(bothRefused).toBeGreaterThan(50);
});
