/** Plans with made-up checks and servers that are never spoken to. */
import type {Check, CheckContext} from '../../src/checks/check.ts';
import type {OpenServer} from '../../src/checks/open-server.ts';
import type {CheckResult} from '../../src/grade/result.ts';
import {runChecks} from '../../src/grade/run-checks.ts';
import type {RunPlan} from '../../src/grade/run-plan.ts';
import {HttpClient} from '../../src/http/http-client.ts';
import {Quiet} from '../../src/report/reporter.ts';
import type {Server, ServerControl} from '../../src/server/server.ts';

export function fakeCheck(
  id: string,
  work: (context: CheckContext) => Promise<void> = async () => {},
  fields: Partial<Check> = {},
): Check {
  return {
    id,
    title: `about ${id}`,
    weekFirst: 1,
    weekLast: 8,
    needs: 'requests',
    proves: `${id} works.`,
    hints: {look: 'here', cause: 'that', chapter: 'docs/contract.md#week-1'},
    cost: {requests: 10, writes: 5, restarts: 0},
    run: work,
    ...fields,
  };
}

/** A server that nothing listens for. */
const NOBODY: Server = {address: {host: '127.0.0.1', port: 1}, control: undefined};

/** Of a server that is simply there, and passes for one that was started for the check. */
export const IDLE_CONTROL: ServerControl = {
  dataDir: '/nowhere',
  isUp: true,
  start: async () => 1,
  stop: async () => ({clean: true}),
  kill: async () => {},
  exitReason: () => undefined,
  exitReasonWithin: async () => undefined,
  lastOutput: () => [],
};

export function openServer(server: Server = NOBODY): OpenServer {
  return {
    address: server.address,
    control: server.control,
    client: new HttpClient({server}),
    dispose: async () => {},
  };
}

export function planOf(checks: readonly Check[], fields: Partial<RunPlan> = {}): RunPlan {
  return {
    week: 1,
    seed: 7,
    checks,
    jobs: 1,
    all: false,
    required: new Set(),
    target: {kind: 'project', name: 'kv.yaml', arguments: ['--in', 'my server']},
    environment: {
      fixturesDir: '/nowhere',
      syncsPerSecond: 5_000,
      files: new Map(),
      stretch: new Set(),
    },
    source: {unavailable: () => undefined, open: () => openServer()},
    listener: new Quiet(),
    ...fields,
  };
}

export async function run(
  checks: readonly Check[],
  fields: Partial<RunPlan> = {},
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  await runChecks(planOf(checks, fields), results);
  return results;
}

export async function states(
  checks: readonly Check[],
  fields: Partial<RunPlan> = {},
): Promise<string[]> {
  return (await run(checks, fields)).map(({id, state}) => `${id}: ${state}`);
}
