/**
 * Waits for a server that was just started: it is ready when its port accepts a
 * connection and a GET of an absent key is answered, whatever the answer is.
 */

import {setTimeout as sleep} from 'node:timers/promises';
import {type ProbeResult, probe} from './probe.ts';
import type {Address} from './server.ts';
import type {ShellProcess} from './shell-process.ts';
import {diagnoseExit, diagnoseNotReady} from './start-diagnosis.ts';

export interface ReadinessOptions {
  readonly address: Address;
  /** The route of a key that is absent. */
  readonly path: string;
  readonly timeoutMs: number;
}

const POLL_MS = {min: 2, max: 50};
/** Of the time that the start has taken so far, the next look may come so much too late. */
const POLL_SHARE = 0.08;
/**
 * A connection without an answer may belong to a server that is not quite there
 * yet; or to a slow one, which gets twice the time at the next attempt.
 */
const ANSWER_TIMEOUT_MS = 2000;
/** Even just before the deadline: a server that does answer must not seem to hang. */
const ANSWER_TIMEOUT_MS_MIN = 250;
const SERVICE_UNAVAILABLE = 503;

/** @throws ServerFailure exited, not-listening, hang, garbage or connection-closed */
export async function waitUntilReady(
  server: ShellProcess,
  options: ReadinessOptions,
): Promise<void> {
  const startedAt = performance.now();
  const deadline = startedAt + options.timeoutMs;
  let last: ProbeResult = {kind: 'refused'};
  let answerTimeoutMs = ANSWER_TIMEOUT_MS;
  for (;;) {
    // Looked at before the probe, so that an answer counts even if it was the last act.
    const hasEnded = server.hasEnded();
    const leftMs = deadline - performance.now();
    last = await probe(
      options.address,
      options.path,
      clamp(leftMs, ANSWER_TIMEOUT_MS_MIN, answerTimeoutMs),
    );
    if (last.kind === 'no-answer') answerTimeoutMs *= 2;
    if (isReady(last)) return;
    if (hasEnded) throw await diagnoseExit(server);
    if (last.kind === 'garbage' || performance.now() >= deadline) {
      throw await diagnoseNotReady(server, options, last);
    }
    await sleep(clamp(POLL_SHARE * (performance.now() - startedAt), POLL_MS.min, POLL_MS.max));
  }
}

/** A server may say 503 while it recovers. */
function isReady(result: ProbeResult): boolean {
  return result.kind === 'answered' && result.status !== SERVICE_UNAVAILABLE;
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
