/**
 * One GET over a connection of its own: is there a server, and does it speak HTTP?
 *
 * Deliberately no HTTP client: what comes back may be anything, and all that is
 * asked is whether a complete answer came. At most PROBE_BYTES_MAX are read.
 */

import {connect} from 'node:net';
import {GraderError} from '../errors.ts';
import type {Address} from './server.ts';

export type ProbeResult =
  /** A complete HTTP response, or one longer than is worth reading. */
  | {readonly kind: 'answered'; readonly status: number}
  | {readonly kind: 'refused'}
  /** The connection was accepted, but no complete answer came in time. */
  | {readonly kind: 'no-answer'; readonly receivedBytes: number}
  /** Closed or reset before a complete answer. */
  | {readonly kind: 'closed'; readonly receivedBytes: number}
  | {readonly kind: 'garbage'; readonly firstBytes: Buffer};

const PROBE_BYTES_MAX = 128 * 1024;
const INTERIM_RESPONSES_MAX = 10;

/**
 * Settles when the answer is known and this side of the connection is closed.
 * @throws GraderError if this machine cannot open a connection
 */
export async function probe(
  address: Address,
  path: string,
  timeoutMs: number,
): Promise<ProbeResult> {
  return await new Promise((resolve, reject) => {
    let received = '';
    let result: ProbeResult | undefined;
    const socket = connect(address.port, address.host).setEncoding('latin1');
    const settle = (outcome: ProbeResult): void => {
      result ??= outcome;
      socket.destroy();
    };
    const settleIfAnswered = (hasEnded: boolean): void => {
      const status = readAnswer(received, hasEnded);
      if (status === 'garbage') {
        settle({kind: 'garbage', firstBytes: Buffer.from(received.slice(0, 64), 'latin1')});
      } else if (status !== undefined) {
        settle({kind: 'answered', status});
      }
    };
    const timer = setTimeout(
      () => settle({kind: 'no-answer', receivedBytes: received.length}),
      timeoutMs,
    );
    socket.on('connect', () => socket.write(request(address, path)));
    socket.on('data', (chunk: string) => {
      received += chunk;
      settleIfAnswered(false);
    });
    socket.on('end', () => {
      settleIfAnswered(true);
      settle({kind: 'closed', receivedBytes: received.length});
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (isRefusal(error, address)) settle({kind: 'refused'});
      else if (error.code === 'ECONNRESET' || error.code === 'EPIPE') {
        settle({kind: 'closed', receivedBytes: received.length});
      } else reject(new GraderError(`cannot connect to ${hostAndPort(address)}: ${error.message}`));
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(result ?? {kind: 'closed', receivedBytes: received.length});
    });
  });
}

function isRefusal({code}: NodeJS.ErrnoException, {host}: Address): boolean {
  if (code === 'ECONNREFUSED') return true;
  // Without IPv6 nobody can be there. For IPv4 the same codes mean that this machine is in trouble.
  const noSuchProtocol = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENETUNREACH', 'EHOSTUNREACH'];
  return host.includes(':') && noSuchProtocol.includes(code ?? '');
}

/** host:port, as people write it. */
export function hostAndPort(address: Address): string {
  return address.host.includes(':')
    ? `[${address.host}]:${address.port}`
    : `${address.host}:${address.port}`;
}

function request(address: Address, path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${hostAndPort(address)}\r\nConnection: close\r\n\r\n`;
}

/**
 * @param text all that came so far, one character per byte
 * @returns the status of a complete answer; undefined while more is needed
 */
function readAnswer(
  text: string,
  hasEnded: boolean,
  interimMax = INTERIM_RESPONSES_MAX,
): number | 'garbage' | undefined {
  const start = 'HTTP/1.';
  if (!start.startsWith(text.slice(0, start.length))) return 'garbage';
  const headEnd = /\r?\n\r?\n/.exec(text);
  if (headEnd === null) return text.length > PROBE_BYTES_MAX ? 'garbage' : undefined;

  const head = text.slice(0, headEnd.index);
  const body = text.slice(headEnd.index + headEnd[0].length);
  const status = Number(/^HTTP\/1\.\d (\d{3})\b/.exec(head)?.[1]);
  if (Number.isNaN(status)) return 'garbage';
  // Interim responses come before the one that counts.
  if (status < 200)
    return interimMax === 0 ? 'garbage' : readAnswer(body, hasEnded, interimMax - 1);
  const isComplete = hasWholeBody(head, body, status, hasEnded);
  return isComplete || text.length > PROBE_BYTES_MAX ? status : undefined;
}

function hasWholeBody(head: string, body: string, status: number, hasEnded: boolean): boolean {
  if (status === 204 || status === 304) return true;
  // Good enough without taking the chunks apart: one of size 0, and an empty line at the end.
  if (/^transfer-encoding:.*\bchunked/im.test(head)) {
    return /^0+\r?$/m.test(body) && /(^|\n)\r?\n$/.test(body);
  }
  const length = /^content-length:\s*(\d+)\s*$/im.exec(head)?.[1];
  return length === undefined ? hasEnded : body.length >= Number(length);
}
