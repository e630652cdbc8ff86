/** Makes the data of a failure card from what a check threw. */
import type {Check, Hints} from '../checks/check.ts';
import {CheckFailure} from '../checks/failure.ts';
import type {ServerUnderTest} from '../checks/server-under-test.ts';
import type {ServerFailure} from '../errors.ts';
import type {FailureReport} from './failure-result.ts';
import {replayCommands, reproduceCommand} from './reproduce.ts';
import type {RunPlan} from './run-plan.ts';

const OUTPUT_LINES = 10;

const START_HINTS: Hints = {
  look: 'its last output, and whether the same command starts it in a shell of yours',
  cause:
    'another port than the one it is given, another address than 127.0.0.1, or a program that is not built',
  chapter: 'docs/contract.md#ready',
};

const NOT_IMPLEMENTED = 501;

const UNWRITTEN_HINTS: Hints = {
  look: 'the function that answers requests: it has no answer yet to the one on this card',
  cause:
    'nothing is broken; this is the next thing to write: a PUT keeps a value, a GET finds it again',
  chapter: 'docs/contract.md#http',
};

export function failureReport(
  error: CheckFailure | ServerFailure,
  check: Check,
  plan: RunPlan,
  server: ServerUnderTest | undefined,
): FailureReport {
  const details = (error instanceof CheckFailure ? error.failure.details : error.details) ?? [];
  const output = server?.lastOutput(OUTPUT_LINES) ?? [];
  // Some failures bring the output along.
  const isShown = output.every((line) => details.some((detail) => detail.includes(line)));
  // Before it was ever up, the check had not begun to ask for what it is about.
  const neverUp = server !== undefined && server.isOurs && server.startMs === undefined;
  const hints = neverUp ? START_HINTS : check.hints;
  const common = {details, hints, serverOutput: isShown ? [] : output};
  const command = reproduceCommand(check, plan);
  if (!(error instanceof CheckFailure)) {
    return {...common, summary: error.message, reproduce: [command]};
  }
  const {fixture, fixtureLine: _, read: __, details: ___, status, ...failure} = error.failure;
  const replays = fixture === undefined ? [] : replayCommands(fixture, plan);
  const unwritten = status === NOT_IMPLEMENTED ? {hints: UNWRITTEN_HINTS} : {};
  return {...common, ...failure, ...unwritten, reproduce: [command, ...replays]};
}
