/** A server that somebody else started: `--url`. Only requests are possible. */

import {UsageError} from '../errors.ts';
import {hostAndPort, probe} from './probe.ts';
import type {Address, Server} from './server.ts';

const ANSWER_TIMEOUT_MS = 5000;

/**
 * @param absentKeyPath the route of a key that is never written
 * @throws UsageError if the URL will not do, or if nothing answers there
 */
export async function attachServer(url: string, absentKeyPath: string): Promise<Server> {
  const problems: string[] = [];
  for (const address of parseServerUrl(url)) {
    const result = await probe(address, absentKeyPath, ANSWER_TIMEOUT_MS);
    if (result.kind === 'answered') return {address, control: undefined};
    problems.push(`${hostAndPort(address)}: ${PROBLEMS[result.kind]}`);
  }
  throw new UsageError([
    `--url ${url}: no server there`,
    ...problems.map((problem) => `  ${problem}`),
  ]);
}

const PROBLEMS = {
  refused: 'nothing listens there; is the server running?',
  'no-answer': `accepts connections, but does not answer within ${ANSWER_TIMEOUT_MS / 1000} s`,
  closed: 'closes the connection without a complete answer',
  garbage: 'answers something that is not HTTP',
} as const;

/**
 * The addresses that a URL may mean: `localhost` may be either protocol's.
 * @throws UsageError unless it is http://<loopback>[:port]
 */
export function parseServerUrl(url: string): readonly Address[] {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const example = 'expected something like http://127.0.0.1:8080';
  if (parsed === undefined) throw new UsageError(`--url ${url}: not a URL; ${example}`);
  if (parsed.protocol !== 'http:') {
    throw new UsageError(`--url ${url}: only http is spoken; ${example}`);
  }
  if (parsed.username !== '' || parsed.pathname !== '/' || parsed.search + parsed.hash !== '') {
    throw new UsageError(
      `--url ${url}: only host and port may be given (paths: \`routes:\` in kv.yaml); ${example}`,
    );
  }
  const port = Number(parsed.port || '80');
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost') {
    return [
      {host: '127.0.0.1', port},
      {host: '::1', port},
    ];
  }
  // Requests that damage data are sent, and as fast as possible: only to this machine.
  if (host !== '::1' && !/^127\.\d+\.\d+\.\d+$/.test(host)) {
    throw new UsageError(`--url ${url}: only a server on this machine is graded; ${example}`);
  }
  return [{host, port}];
}
