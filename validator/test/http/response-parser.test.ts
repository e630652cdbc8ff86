import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {ResponseProblem} from '../../src/http/response-head.ts';
import {ResponseParser} from '../../src/http/response-parser.ts';

interface Parsed {
  readonly status: number;
  readonly body: string;
  readonly keepAlive: boolean;
  readonly surplus: string;
}

const HEAD_MAX = 1_000;
const BODY_MAX = 500;

/** @returns undefined if the pieces are no complete answer */
function parse(pieces: readonly string[], isClosed = false, isHead = false): Parsed | undefined {
  const parser = new ResponseParser(HEAD_MAX);
  parser.begin(isHead, BODY_MAX);
  let isComplete = false;
  for (const piece of pieces) isComplete = parser.push(piece);
  if (isClosed && !isComplete) isComplete = parser.end();
  if (!isComplete) return undefined;
  const {status, body, keepAlive, surplus} = parser;
  return {status, body, keepAlive, surplus};
}

function problemOf(text: string): string {
  try {
    parse([text]);
  } catch (error) {
    if (error instanceof ResponseProblem) return `${error.kind}: ${error.message}`;
    throw error;
  }
  return 'none';
}

const OK = 'HTTP/1.1 200 OK\r\n';

describe('what ends a body', () => {
  test.each([
    ['Content-Length', `${OK}Content-Length: 5\r\n\r\nhello`, 'hello'],
    ['Content-Length 0', `${OK}Content-Length: 0\r\n\r\n`, ''],
    ['chunks', `${OK}Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n`, 'hello'],
    [
      'chunks, extension',
      `${OK}transfer-encoding: Chunked\r\n\r\n5;a="b"\r\nhello\r\n0\r\n\r\n`,
      'hello',
    ],
    [
      'chunks, trailers',
      `${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nT: 1\r\nU: 2\r\n\r\n`,
      'hello',
    ],
    ['no chunk at all', `${OK}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, ''],
    [
      'interim answers',
      `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 X\r\nLink: y\r\n\r\n${OK}Content-Length: 2\r\n\r\nhi`,
      'hi',
    ],
    ['204', 'HTTP/1.1 204 No Content\r\n\r\n', ''],
    ['no reason', 'HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nv', 'v'],
  ])('%s, in pieces of any size', (_, text, body) => {
    expect(parse([text])).toMatchObject({body, keepAlive: true, surplus: ''});
    expect(parse(text.split(''))).toMatchObject({body, keepAlive: true, surplus: ''});
    for (let at = 1; at < text.length; at++) {
      expect(parse([text.slice(0, at)]), `only ${at} bytes`).toBeUndefined();
      expect(parse([text.slice(0, at), text.slice(at)])).toMatchObject({body, surplus: ''});
    }
  });

  test('the end of the connection, if nothing else', () => {
    const text = `${OK}\r\nhello`;
    expect(parse([text])).toBeUndefined();
    expect(parse(text.split(''), true)).toMatchObject({body: 'hello', keepAlive: false});
  });

  test('but the end of the connection does not complete a counted body', () => {
    expect(parse([`${OK}Content-Length: 6\r\n\r\nhello`], true)).toBeUndefined();
    expect(parse([`${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`], true)).toBeUndefined();
    expect(parse([OK], true)).toBeUndefined();
  });

  test('HEAD is answered without a body, whatever its Content-Length', () => {
    expect(parse([`${OK}Content-Length: 6\r\n\r\n`], false, true)).toMatchObject({body: ''});
  });
});

describe('whether the connection stays open', () => {
  test.each([
    ['HTTP/1.1', '', true],
    ['HTTP/1.1', 'Connection: close\r\n', false],
    ['HTTP/1.1', 'connection: X, Close\r\n', false],
    ['HTTP/1.1', 'Connection: x\r\nConnection: close\r\n', false],
    ['HTTP/1.0', '', false],
    ['HTTP/1.0', 'Connection: Keep-Alive\r\n', true],
  ])('%s %j: %j', (version, header, keepAlive) => {
    const text = `${version} 200 OK\r\n${header}Content-Length: 1\r\n\r\nv`;
    expect(parse([text])).toMatchObject({keepAlive});
  });
});

test('bytes behind the end are surplus; line ends are not', () => {
  expect(parse([`${OK}Content-Length: 1\r\n\r\nvalue`])).toMatchObject({
    body: 'v',
    surplus: 'alue',
  });
  expect(parse([`${OK}Content-Length: 1\r\n\r\nv\r\n`])).toMatchObject({body: 'v', surplus: ''});
});

describe('refused', () => {
  const chunked = `${OK}Transfer-Encoding: chunked\r\n\r\n`;
  test.each([
    ['hello', /does not begin/],
    ['HTTP/2', /does not begin/],
    ['HTTP/1.1 20 OK\r\n\r\n', /status line is not HTTP/],
    ['HTTP/1.1 OK\r\n\r\n', /status line is not HTTP/],
    ['HTTP/1.1 200 OK\nContent-Length: 1\r\n\r\n', /line feed without a carriage return/],
    [`${OK}Content-Length : 1\r\n\r\nv`, /header line is not HTTP/],
    [`${OK} folded\r\n\r\n`, /header line is not HTTP/],
    [`${OK}X: a\0b\r\n\r\n`, /header line is not HTTP/],
    [`${OK}Content-Length: -1\r\n\r\n`, /not one number: -1/],
    [`${OK}Content-Length: 1\r\nContent-Length: 1\r\n\r\nv`, /not one number: 1,1/],
    [`${OK}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`, /both/],
    [`${OK}Transfer-Encoding: gzip, chunked\r\n\r\n`, /Transfer-Encoding is gzip, chunked/],
    [`${chunked}x\r\n`, /size of a chunk/],
    [`${chunked}1\r\nvv\r\n0\r\n\r\n`, /size of a chunk/],
    [`${chunked}0\r\nno trailer\r\n\r\n`, /header line is not HTTP/],
    [`${chunked}1;${'x'.repeat(2_000)}`, /has no end/],
    [`${chunked}0\r\n${'T: 1\r\n'.repeat(400)}`, /trailers/],
    [`${OK}X: ${'x'.repeat(HEAD_MAX)}`, /headers are longer/],
    [`${OK}X: ${'x'.repeat(HEAD_MAX)}\r\n\r\n`, /headers are longer/],
    ['HTTP/1.1 101 Switching\r\n\r\n', /101/],
    ['HTTP/1.1 102 X\r\n\r\n'.repeat(21), /interim/],
  ])('%j', (text, reason) => {
    expect(problemOf(text)).toMatch(/^garbage: /);
    expect(problemOf(text)).toMatch(reason);
  });

  test.each([
    ['announced', `${OK}Content-Length: ${BODY_MAX + 1}\r\n\r\n`],
    ['chunked', `${chunked}200\r\n`],
    ['many chunks', `${chunked}${`64\r\n${'x'.repeat(100)}\r\n`.repeat(6)}`],
    ['without an end', `${OK}\r\n${'x'.repeat(BODY_MAX + 1)}`],
  ])('a body that is too long: %s', (_, text) => {
    expect(problemOf(text)).toMatch(/^body-too-long: .*at most 500/);
  });
});

test('how an answer is cut into pieces makes no difference', () => {
  const body = fc.string({unit: 'binary-ascii', maxLength: 200});
  const sizes = fc.array(fc.integer({min: 1, max: 50}), {minLength: 1, maxLength: 60});
  fc.assert(
    fc.property(body, sizes, sizes, (text, chunkSizes, pieceSizes) => {
      const chunks = cut(text, chunkSizes);
      const encoded = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`);
      const answer = `${OK}Transfer-Encoding: chunked\r\n\r\n${encoded.join('')}0\r\n\r\n`;
      expect(parse(cut(answer, pieceSizes))).toMatchObject({body: text, surplus: ''});
    }),
  );
});

/** Pieces of these sizes, over and over. None is empty. */
function cut(text: string, sizes: readonly number[]): string[] {
  const pieces: string[] = [];
  for (let at = 0, index = 0; at < text.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return pieces;
}
