/** Free ports on 127.0.0.1. */

import {randomInt} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {GraderError} from '../errors.ts';

/**
 * Below the ports that the system gives to outgoing connections: else a client's
 * socket can sit on the port of a server that is just being started again.
 */
const PORT_MIN = 10_000;
const EPHEMERAL_START_DEFAULT = 32_768;
/** So many ports in a row are only taken if something is wrong with the machine. */
const ATTEMPTS_MAX = 200;

const handedOut = new Set<number>();

/**
 * A port that is free now and was not handed out by this process before.
 * @throws GraderError if none is found
 */
export async function freePort(range: PortRange = portRange()): Promise<number> {
  const size = range.end - range.start;
  const first = randomInt(size);
  let lastError = 'all of them were used before';
  let attempts = 0;
  for (let i = 0; i < size && attempts < ATTEMPTS_MAX; i++) {
    const port = range.start + ((first + i) % size);
    if (handedOut.has(port)) continue;
    attempts++;
    const problem = await tryToListen(port);
    if (problem === undefined) {
      handedOut.add(port);
      return port;
    }
    lastError = problem;
  }
  throw new GraderError(
    `no free port on 127.0.0.1 from ${range.start} to ${range.end - 1}: ${lastError}`,
  );
}

/** Ports from start to end, without end. */
export interface PortRange {
  readonly start: number;
  readonly end: number;
}

function portRange(): PortRange {
  const ephemeralStart = readEphemeralStart();
  // A machine that gives out nearly all its ports leaves no better choice than the usual ones.
  const end = ephemeralStart >= PORT_MIN + 1000 ? ephemeralStart : EPHEMERAL_START_DEFAULT;
  return {start: PORT_MIN, end: Math.min(end, EPHEMERAL_START_DEFAULT)};
}

function readEphemeralStart(): number {
  try {
    const text = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
    return Number.parseInt(text, 10) || EPHEMERAL_START_DEFAULT;
  } catch {
    // Not Linux. macOS starts at 49152.
    return EPHEMERAL_START_DEFAULT;
  }
}

/** @returns why it cannot be listened on; undefined if it can */
async function tryToListen(port: number): Promise<string | undefined> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(error.message));
    server.listen({host: '127.0.0.1', port, exclusive: true}, () => {
      server.close(() => resolve(undefined));
    });
  });
}
