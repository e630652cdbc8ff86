/** Made-up results for the reports. */
import type {FailureReport} from '../../src/grade/failure-result.ts';
import type {CheckResult, Grading} from '../../src/grade/result.ts';
import type {State} from '../../src/verdict.ts';

export function result(id: string, state: State, fields: Partial<CheckResult> = {}): CheckResult {
  const isRun = !['blocked', 'not-claimed', 'unavailable'].includes(state);
  return {
    id,
    title: `About ${id}`,
    proves: `What ${id} says is so.`,
    week: 2,
    state,
    durationMs: isRun ? 1_234 : 0,
    requests: isRun ? 500 : 0,
    notes: [],
    ...fields,
  };
}

export function failure(fields: Partial<FailureReport> = {}): FailureReport {
  return {
    summary: 'a wrong value of apple was read',
    details: [],
    serverOutput: [],
    hints: {
      look: 'the order in which a lookup asks the SSTables, and that it stops at the first hit',
      cause: 'SSTables read from the oldest to the newest, or the memtable asked last',
      chapter: 'docs/contract.md#week-2',
    },
    reproduce: ["kv grade 2 --in 'my server' --check newest-wins --seed 7"],
    ...fields,
  };
}

export function grading(checks: readonly CheckResult[], fields: Partial<Grading> = {}): Grading {
  return {
    week: 2,
    target: {kind: 'project', name: 'kv.yaml in this folder', arguments: []},
    seed: 7,
    durationMs: 12_345,
    checks,
    interrupted: false,
    exitCode: 0,
    ...fields,
  };
}
