/** Looks for a small replay of a grading's first failure, once all checks have ended. */
import type {Check} from '../checks/check.ts';
import type {FailureCause} from '../checks/failure.ts';
import type {Ledger} from '../checks/ledger.ts';
import type {CommandProject} from '../config/project.ts';
import type {RunFolder} from '../server/run-folder.ts';
import {instructionsOf} from '../shrink/instructions-of.ts';
import {smallSources} from '../shrink/small-source.ts';
import {smallestReplay} from '../shrink/smallest-replay.ts';
import {replayCommands} from './reproduce.ts';
import type {CheckResult} from './result.ts';
import type {RunPlan} from './run-plan.ts';

interface Failed {
  readonly check: Check;
  readonly cause: FailureCause;
  readonly ledger: Ledger | undefined;
}

export interface ShrinkPlan {
  /** 0: nothing is looked for. */
  readonly budgetMs: number;
  readonly runFolder: RunFolder;
  /** Undefined for a server that is not ours to start, or whose folder is not to be touched. */
  readonly project: CommandProject | undefined;
}

export class FailureShrinker {
  readonly #plan: ShrinkPlan;
  /** By the ids of their checks. */
  readonly #failures = new Map<string, Failed>();

  constructor(plan: ShrinkPlan) {
    this.#plan = plan;
  }

  /** Checks run side by side: the first one to fail need not come first. */
  readonly failed = (check: Check, cause: FailureCause, ledger: Ledger | undefined): void => {
    this.#failures.set(check.id, {check, cause, ledger});
  };

  /** Adds what it finds to the result of the check. @throws GraderError */
  async shrink(run: RunPlan, results: CheckResult[]): Promise<void> {
    const {budgetMs, runFolder, project} = this.#plan;
    const index = results.findIndex(({state}) => state === 'fail');
    const result = results[index];
    if (budgetMs === 0 || project === undefined || result?.failure === undefined) return;
    const {check, cause, ledger} = this.#failures.get(result.id) ?? {};
    if (check === undefined || cause === undefined) return;
    const instructions = await instructionsOf(cause, ledger);
    if (instructions === undefined) return;
    const {listener, week, seed} = run;
    listener.shrinkStarted(result);
    const smallest = await smallestReplay({
      instructions,
      file: {
        projectFolder: project.folder,
        name: check.id,
        week,
        from: `${check.id}, seed ${seed}`,
      },
      sources: [
        ...smallSources(project, week, runFolder),
        {open: (id) => run.source.open(id), isSmall: false},
      ],
      runFolder,
      budgetMs,
      isHang: cause.brokenDown === 'hang',
      onProgress: (text) => listener.progressed(text),
    });
    const {path, isSmall} = smallest;
    const commands = path === undefined ? [] : replayCommands(path, run, isSmall);
    const reproduce = [...result.failure.reproduce, ...commands];
    results[index] = {...result, failure: {...result.failure, smallest, reproduce}};
  }
}
