/** How a replay ended: its verdict, and its numbers. */
import type {ReplayResult} from '../replay/replay-result.ts';
import {EXIT, type ExitCode} from '../verdict.ts';
import type {Colour} from './colour.ts';
import {count, plural, seconds} from './numbers.ts';
import {wrap} from './wrap.ts';

const WIDTH = 80;

export function replayExitCode(result: ReplayResult): ExitCode {
  if (result.failureCount > 0 || result.end === 'server-failure') return EXIT.fail;
  const hasNoVerdict =
    result.end !== 'complete' || result.wasNeverConcurrent || result.undecided > 0;
  return hasNoVerdict ? EXIT.inconclusive : EXIT.pass;
}

/** @param name of the fixture */
export function replaySummary(result: ReplayResult, name: string, colour: Colour): string[] {
  const exitCode = replayExitCode(result);
  const verdict = {[EXIT.pass]: 'PASS', [EXIT.fail]: 'FAIL'}[exitCode as 0 | 1] ?? 'NO VERDICT';
  const paint = exitCode === EXIT.pass ? colour.green : colour.red;
  const {answered, failureCount, survey, latency} = result;
  const lines = [
    `${name}: ${verdict}: ${count(answered)} of ${plural(survey.requests, 'request')} answered, ${plural(failureCount, 'wrong answer')}`,
    `${count(result.requestsPerSecond)} requests/s, in ${seconds(result.durationMs)}; latency ${ms(latency.p50Ms)} (median), ${ms(latency.p99Ms)} (99 %), ${ms(latency.maxMs)} (longest)`,
    `${inFlight(result)} over ${plural(result.connectionsOpened, 'connection')}`,
    ...remarks(result),
  ];
  const [first = '', ...rest] = lines.flatMap((line) => wrap(line, WIDTH));
  return [paint(first.replace(verdict, colour.bold(verdict))), ...rest];
}

function inFlight({survey, concurrency, peakInFlight}: ReplayResult): string {
  if (survey.mode === 'sequential') return 'one request in flight at a time (no BARRIER)';
  return `peak in flight ${peakInFlight} (of at most ${concurrency})`;
}

function remarks(result: ReplayResult): string[] {
  const {answered, connectionsOpened, kills, restarts} = result;
  const closesOften = connectionsOpened > 100 && connectionsOpened > answered / 10;
  const remark = (isTrue: boolean, text: string): string[] => (isTrue ? [text] : []);
  return [
    ...remark(
      result.wasNeverConcurrent,
      'never were two requests in flight at once, so nothing is known about concurrency: this is no pass',
    ),
    ...remark(result.end === 'too-many-failures', 'stopped at --max-failures'),
    ...remark(
      kills + restarts > 0,
      `${plural(kills, 'kill')} and ${plural(restarts, 'restart')}, down for ${seconds(result.downMs)} in all`,
    ),
    ...remark(
      result.uncleanStops > 0,
      `${plural(result.uncleanStops, 'restart')} needed SIGKILL, since SIGTERM did not end the server in time`,
    ),
    ...remark(
      result.lost > 0 && result.end === 'complete',
      `${plural(result.lost, 'answer')} lost; ${plural(result.resent, 'request')} sent again over a new connection`,
    ),
    ...remark(
      result.skipped > 0,
      `${plural(result.skipped, 'request')} never sent, because of KILL AFTER`,
    ),
    ...remark(
      result.refusedWhileDown > 0,
      `${plural(result.refusedWhileDown, 'connection')} refused while the server was down`,
    ),
    ...remark(
      result.undecided > 0,
      `${plural(result.undecided, 'read')} could not be judged, because too many writes had failed before`,
    ),
    ...remark(
      result.unfollowed > 0,
      `${plural(result.unfollowed, 'key')} with several writers at once could not be followed: there were too many`,
    ),
    ...remark(
      closesOften,
      'the server closes its connections; keep-alive would make it several times as fast',
    ),
    ...result.hints.map((hint) => `hint: ${hint}`),
  ];
}

function ms(milliseconds: number): string {
  return milliseconds < 9.995 ? `${milliseconds.toFixed(2)} ms` : `${milliseconds.toFixed(1)} ms`;
}
