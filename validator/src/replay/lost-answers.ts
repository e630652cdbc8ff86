import {setTimeout as sleep} from 'node:timers/promises';
import {ServerFailure} from '../errors.ts';
import type {Lost} from '../http/exchange.ts';
import {byItself} from '../server/disk-guard.ts';
import type {ServerControl} from '../server/server.ts';

/** A connection breaks a moment before its process has ended. */
const EXIT_NOTICE_MS = 500;
/** Of the server's, in a failure. */
export const OUTPUT_LINES = 20;
/** A keep-alive connection may be closed in the very moment of a request, but not again and again. */
const STALE_CONNECTIONS_MAX = 10;
/** Longer than any start deadline. */
const DOWNTIME_MS_MAX = 120_000;
const POLL_MS = 5;

export interface LossContext {
  readonly control: ServerControl | undefined;
  /** 2 if this was the second request already. */
  readonly attempt: number;
  /** So far, this one included. */
  readonly staleConnections: number;
  /** Open at the same time. */
  readonly connections: number;
}

/**
 * Settles if the request is to be sent again, once: its connection had been
 * closed between two requests.
 * @throws ServerFailure with the reason for all else
 */
export async function diagnoseLoss(lost: Lost, context: LossContext): Promise<void> {
  const {control, attempt, staleConnections} = context;
  const reason = await control?.exitReasonWithin(EXIT_NOTICE_MS);
  const output = control?.lastOutput(OUTPUT_LINES) ?? [];
  if (reason !== undefined) {
    throw new ServerFailure('exited', `the server ended${byItself(reason)}: ${reason}`, output);
  }
  const mayBeSentAgain = lost.stale && attempt === 1;
  if (!mayBeSentAgain)
    throw withDetails(lost.failure, [...connectionHint(lost, context), ...output]);
  if (staleConnections <= STALE_CONNECTIONS_MAX) return;
  throw new ServerFailure(
    'connection-closed',
    `the server closed ${staleConnections} connections between two requests without having said so`,
    [
      'an answer after which the connection is closed needs the header "Connection: close"',
      ...output,
    ],
  );
}

function connectionHint({failure}: Lost, {connections}: LossContext): readonly string[] {
  if (failure.kind !== 'hang' || connections === 1) return [];
  return [
    `up to ${connections} connections are open at once: a server that serves one after another leaves the others waiting`,
  ];
}

function withDetails(failure: ServerFailure, details: readonly string[]): ServerFailure {
  if (details.length === 0) return failure;
  return new ServerFailure(failure.kind, failure.message, [...failure.details, ...details]);
}

/** @throws ServerFailure if the server stays down */
export async function waitUntilUp(
  control: ServerControl,
  signal: AbortSignal | undefined,
): Promise<void> {
  const deadline = performance.now() + DOWNTIME_MS_MAX;
  const isAborted = (): boolean => signal?.aborted === true;
  while (!control.isUp && !isAborted()) {
    if (performance.now() > deadline) {
      const seconds = DOWNTIME_MS_MAX / 1_000;
      throw new ServerFailure('refused', `the server did not come up again within ${seconds} s`);
    }
    await sleep(POLL_MS);
  }
}
