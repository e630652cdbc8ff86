/** Makes the data of a failure card from what a check threw. */
import type {Check} from '../checks/check.ts';
import {CheckFailure} from '../checks/failure.ts';
import type {ServerUnderTest} from '../checks/server-under-test.ts';
import type {ServerFailure} from '../errors.ts';
import {reproduceCommand} from './reproduce.ts';
import type {FailureReport} from './result.ts';
import type {RunPlan} from './run-plan.ts';

const OUTPUT_LINES = 10;

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
  const common = {details, hints: check.hints, serverOutput: isShown ? [] : output};
  const command = reproduceCommand(check, plan);
  if (!(error instanceof CheckFailure)) {
    return {...common, summary: error.message, reproduce: [command]};
  }
  const {replay, details: _, ...failure} = error.failure;
  return {
    ...common,
    ...failure,
    reproduce: replay === undefined ? [command] : [command, replay],
  };
}
