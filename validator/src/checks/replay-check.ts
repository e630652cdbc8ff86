/** Checks that replay a fixture file of the workshop. */
import {join} from 'node:path';
import type {FixtureSurvey} from '@kv-workshop/fixtures/survey-fixture';
import {replay} from '../replay/replay.ts';
import type {ReplayProgress, ReplayResult} from '../replay/replay-result.ts';
import type {Check, CheckContext} from './check.ts';
import {Inconclusive} from './failure.ts';
import {type Fixture, firstKeys, openFixture} from './fixture-file.ts';
import {replayFailure} from './replay-failure.ts';
import {writesMax} from './shortened.ts';

interface ReplayCheckOptions {
  /** The week that the file is for: `week-02.txt`, or `week-02-short.txt`. */
  readonly week: number;
  readonly isShort: boolean;
  readonly weekLast: number;
  readonly proves: string;
  readonly hints: Check['hints'];
  readonly cost: Check['cost'];
}

/** A short file is a first look; a long one goes through all that its week has added. */
const POINTS = {short: 2, long: 6};
/** Ample for 30,000 requests at 100 a second. */
const DEADLINE_MS = 300_000;
/** Of a server that should be empty. */
const KEYS_ASKED_FOR = 200;
/** After so long a replay can tell whether it will be done in time. */
const PROJECT_AFTER_MS = 5_000;
const PROJECT_FROM_ANSWERS = 20;

export function replayCheck(options: ReplayCheckOptions): Check {
  const {week, isShort, weekLast, proves, hints, cost} = options;
  const name = `week-0${week}${isShort ? '-short' : ''}`;
  return {
    id: `replay-${name}`,
    title: isShort ? `A short file of week ${week}` : `The long file of week ${week}`,
    weekFirst: week,
    weekLast,
    isLong: !isShort,
    needs: cost.restarts > 0 ? 'process' : 'requests',
    needsEmptyServer: true,
    proves,
    hints,
    points: isShort ? POINTS.short : POINTS.long,
    cost,
    deadlineMs: DEADLINE_MS,
    run(context) {
      const writes = writesMax({isLong: !isShort, weekFirst: week}, context);
      const file = `${name}.txt`;
      return runReplay(
        context,
        {path: join(context.environment.fixturesDir, file), name: file},
        writes,
      );
    },
  };
}

/** A file of one's own as a check, valid in one week; it is never shortened. */
export function fixtureCheck(
  path: string,
  name: string,
  survey: FixtureSurvey,
  week: number,
): Check {
  const {kills, restarts, requests, writes} = survey;
  return {
    id: 'fixture',
    title: `The file ${name}`,
    weekFirst: week,
    weekLast: week,
    needs: kills + restarts > 0 ? 'process' : 'requests',
    needsEmptyServer: true,
    proves: 'The requests of the file are answered rightly.',
    hints: {
      look: 'the life of the key on this card, and the lines of the file around the one that failed',
      cause: 'what the file was written for, or cut down to',
      chapter: 'docs/contract.md#fixture-files',
    },
    cost: {requests, writes, restarts: kills + restarts},
    deadlineMs: DEADLINE_MS,
    arguments: ['--fixture', name],
    run: (context) => runReplay(context, {path, name}, Number.POSITIVE_INFINITY),
  };
}

async function runReplay(
  context: CheckContext,
  {path, name}: {readonly path: string; readonly name: string},
  writes: number,
): Promise<void> {
  const {server, signal} = context;
  const fixture = await openFixture(context, path, name, writes);
  if (!server.isOurs) await expectEmpty(context, fixture);
  const tooSlow = new AbortController();
  const result = await replay({
    fixture,
    server: server.open,
    client: server.open.client,
    stopAfterFailures: 1,
    signal: AbortSignal.any([signal, tooSlow.signal]),
    onProgress(progress) {
      server.replayed(progress);
      context.progress(`line ${progress.line}`);
      if (willBeLate(progress, context.deadline)) tooSlow.abort();
    },
  });
  server.replayed({answered: result.answered, elapsedMs: result.durationMs});
  signal.throwIfAborted();
  await judge(context, fixture, result);
}

/** A server that we have not started may hold the file's keys from an earlier run. */
async function expectEmpty({server}: CheckContext, {path, name}: Fixture): Promise<void> {
  for (const key of await firstKeys(path, KEYS_ASKED_FOR)) {
    const {status} = await server.send(server.dialect.get(key));
    if (status === 404) continue;
    throw new Inconclusive(
      `the server already holds ${key}, a key of ${name}: start it anew, without data`,
    );
  }
  // The replay has a connection of its own, and the server perhaps but one.
  server.disconnect();
}

function willBeLate({answered, requests, elapsedMs}: ReplayProgress, deadline: number): boolean {
  // Of a few answers nothing can be told; one that never comes ends by its own time-out.
  if (elapsedMs < PROJECT_AFTER_MS || answered < PROJECT_FROM_ANSWERS) return false;
  const restMs = (elapsedMs / answered) * (requests - answered);
  return performance.now() + restMs > deadline;
}

async function judge(context: CheckContext, fixture: Fixture, result: ReplayResult): Promise<void> {
  for (const hint of result.hints) context.note(hint);
  const speed = `${Math.round(result.requestsPerSecond).toLocaleString('en-US')} a second`;
  if (result.end === 'server-failure' || result.failures.length > 0) {
    throw await replayFailure(context, fixture, result);
  }
  if (result.end === 'aborted') {
    throw new Inconclusive(
      `too slow: ${result.answered} of ${result.survey.requests} requests, ${speed}; the rest would take longer than ${DEADLINE_MS / 60_000} minutes`,
    );
  }
  if (result.wasNeverConcurrent) {
    throw new Inconclusive('never were two requests in flight at once, so nothing is known');
  }
  context.note(`${result.answered.toLocaleString('en-US')} requests, ${speed}`);
  if (result.survey.mode === 'barriers') {
    context.note(`at most ${result.peakInFlight} requests in flight at once`);
  }
}
