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
    let received: Buffer = Buffer.alloc(0);
    let result: ProbeResult | undefined;
    const socket = connect(address.port, address.host);
    const settle = (outcome: ProbeResult): void => {
      result ??= outcome;
      socket.destroy();
    };
    const timer = setTimeout(
      () => settle({kind: 'no-answer', receivedBytes: received.length}),
      timeoutMs,
    );
    socket.on('connect', () => socket.write(request(address, path)));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const outcome = readAnswer(received, false);
      if (outcome !== undefined) settle(outcome);
    });
    socket.on('end', () => {
      settle(readAnswer(received, true) ?? {kind: 'closed', receivedBytes: received.length});
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') settle({kind: 'refused'});
      else if (error.code === 'ECONNRESET' || error.code === 'EPIPE') {
        settle({kind: 'closed', receivedBytes: received.length});
      } else reject(new GraderError(`cannot connect to ${name(address)}: ${error.message}`));
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(result ?? {kind: 'closed', receivedBytes: received.length});
    });
  });
}

/** host:port, as people write it. */
export function name(address: Address): string {
  return address.host.includes(':')
    ? `[${address.host}]:${address.port}`
    : `${address.host}:${address.port}`;
}

function request(address: Address, path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: ${name(address)}\r\nConnection: close\r\n\r\n`;
}

/** @returns undefined while more is needed */
function readAnswer(received: Buffer, hasEnded: boolean): ProbeResult | undefined {
  const text = received.toString('latin1');
  const start = 'HTTP/1.';
  if (!start.startsWith(text.slice(0, start.length))) return garbage(received);
  const headEnd = /\r?\n\r?\n/.exec(text);
  if (headEnd === null) return received.length > PROBE_BYTES_MAX ? garbage(received) : undefined;

  const head = text.slice(0, headEnd.index);
  const status = Number(/^HTTP\/1\.\d (\d{3})\b/.exec(head)?.[1]);
  if (Number.isNaN(status)) return garbage(received);
  const bodyStart = headEnd.index + headEnd[0].length;
  // Interim responses come before the one that counts.
  if (status < 200) return readAnswer(received.subarray(bodyStart), hasEnded);
  const isComplete = hasWholeBody(head, text.slice(bodyStart), status, hasEnded);
  return isComplete || received.length > PROBE_BYTES_MAX ? {kind: 'answered', status} : undefined;
}

function hasWholeBody(head: string, body: string, status: number, hasEnded: boolean): boolean {
  if (status === 204 || status === 304) return true;
  if (/^transfer-encoding:.*\bchunked/im.test(head))
    return /(^|\n)0+\r?\n(.*\n)*?\r?\n$/.test(body);
  const length = /^content-length:\s*(\d+)\s*$/im.exec(head)?.[1];
  return length === undefined ? hasEnded : body.length >= Number(length);
}

function garbage(received: Buffer): ProbeResult {
  return {kind: 'garbage', firstBytes: received.subarray(0, 64)};
}
