/** Why a server did not become ready, in words that help its author. */

import {constants} from 'node:os';
import {ServerFailure} from '../errors.ts';
import {hostAndPort, type ProbeResult, probe} from './probe.ts';
import type {ReadinessOptions} from './readiness.ts';
import type {ExitStatus, ShellProcess} from './shell-process.ts';

const OUTPUT_LINES = 12;
const SIGNAL_STATUS_BASE = 128;

/** Causes that can be read from the last output, most telling first. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /EADDRINUSE|address (is )?already in use/i,
    'its port is taken: it must listen on {port} (or PORT), which is a free one at every start',
  ],
  [
    /Cannot find (module|package)|ModuleNotFoundError|No module named|ClassNotFoundException/,
    'a module is missing: are its dependencies installed, and is `build:` set in kv.yaml?',
  ],
  [/permission denied|EACCES/i, 'something may not be opened or run: chmod +x the program?'],
  [/EROFS|read-only file system/i, 'it may write into {dataDir} (or DATA_DIR) only'],
  [/ENOSPC|no space left/i, 'the disk is full'],
  [/out of memory|OutOfMemoryError|Cannot allocate memory/i, 'it ran out of memory'],
];

/** For a server that has ended before it was ready. */
export async function diagnoseExit(server: ShellProcess): Promise<ServerFailure> {
  // Its last words may still be in the pipe.
  await server.waitForEnd(0);
  const how = server.exit === undefined ? 'ended' : describeExit(server.exit);
  return new ServerFailure('exited', `the server ${how} before it was ready`, [
    ...outputDetails(server),
    ...hintsFor(server, server.exit),
  ]);
}

/** For a server that lives, but does not answer. */
export async function diagnoseNotReady(
  server: ShellProcess,
  options: ReadinessOptions,
  last: ProbeResult,
): Promise<ServerFailure> {
  const where = hostAndPort(options.address);
  const within = `within ${options.timeoutMs / 1000} s`;
  const details = [...outputDetails(server), ...hintsFor(server, undefined)];
  const slow = 'if it needs more time to start, raise `ready:` in kv.yaml';
  switch (last.kind) {
    case 'refused':
      return new ServerFailure('not-listening', `nothing listens on ${where} ${within}`, [
        ...(await listensElsewhere(server, options)),
        ...details,
        slow,
      ]);
    case 'garbage':
      return new ServerFailure('garbage', `what ${where} answers is not HTTP`, [
        'expected: HTTP/1.1 404 Not Found',
        `got:      ${JSON.stringify(last.firstBytes.toString('latin1'))}`,
        `in hex:   ${last.firstBytes
          .subarray(0, 24)
          .toString('hex')
          .replace(/..(?=.)/g, '$& ')}`,
        ...details,
      ]);
    case 'closed':
      return new ServerFailure(
        'connection-closed',
        `${where} closes the connection without a complete answer (${last.receivedBytes} bytes came)`,
        [`request: GET ${options.path}`, ...details],
      );
    case 'no-answer':
      return new ServerFailure(
        'hang',
        `${where} accepts connections, but GET ${options.path} got no complete answer ${within}`,
        [`${last.receivedBytes} bytes of an answer came`, ...details, slow],
      );
    case 'answered':
      break;
  }
  return new ServerFailure('hang', `${where} still answers ${last.status} ${within}`, [
    ...details,
    slow,
  ]);
}

/** `exited with status 1`, `was killed by SIGSEGV`. */
export function describeExit(exit: ExitStatus): string {
  const signal = exit.signal ?? signalOfStatus(exit.status);
  if (signal !== undefined) return `was ended by ${signal}`;
  return `exited with status ${exit.status}`;
}

/** A shell passes on that a signal ended its command as the status 128 + number. */
function signalOfStatus(status: number | null): string | undefined {
  const number = (status ?? 0) - SIGNAL_STATUS_BASE;
  return Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
}

function outputDetails(server: ShellProcess): string[] {
  const lines = server.output.lines(OUTPUT_LINES);
  if (lines.length === 0) return ['it printed nothing'];
  return ['its last output:', ...lines.map((line) => `  ${line}`)];
}

function hintsFor(server: ShellProcess, exit: ExitStatus | undefined): string[] {
  const hints: string[] = [];
  if (exit?.status === 127) hints.push('hint: the shell does not find the command: is it built?');
  if (exit?.status === 126) hints.push('hint: the command is not executable: chmod +x?');
  const output = server.output.lines(Number.POSITIVE_INFINITY).join('\n');
  const hint = HINTS.find(([pattern]) => pattern.test(output))?.[1];
  if (hint !== undefined && hints.length === 0) hints.push(`hint: ${hint}`);
  return hints;
}

/** Where it listens instead, as far as that can be found out. */
async function listensElsewhere(
  server: ShellProcess,
  options: ReadinessOptions,
): Promise<string[]> {
  const {port} = options.address;
  const sockets = server.tree.listeningSockets();
  if (sockets === undefined) {
    const result = await probe({host: '::1', port}, options.path, 500);
    return result.kind === 'refused' ? [] : [ipv6Only(port)];
  }
  return sockets.map((socket) => {
    if (socket.port === port && socket.host.includes(':')) return ipv6Only(port);
    const hint = socket.port === port ? 'bind 127.0.0.1' : 'does it use {port} (or PORT) as given?';
    return `it listens on ${hostAndPort(socket)}: ${hint}`;
  });
}

function ipv6Only(port: number): string {
  return `it listens on port ${port} of IPv6 only: bind 127.0.0.1 (or both)`;
}
