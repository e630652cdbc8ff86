/** Rule `budget`: how many lines a step may add and remove, for each part of it. */
import {type Budget, DEFAULT_BUDGETS, type Part} from '../declaration.ts';
import {partOfFile, type Step, type Violation} from '../step.ts';

export interface Total extends Budget {
  readonly part: Part;
  readonly budget: Budget;
  /** Why the budget is not the default one. */
  readonly why: string | undefined;
}

/** The lines of a step, by part, against its budgets. */
export function totals(step: Step): Total[] {
  const parts: readonly Part[] = ['lesson', 'tests', 'optional'];
  return parts.map((part) => {
    const files = [...step.diff.files.values()].filter(({path}) => {
      // Where package.json is not declared, it differs by its name only.
      const counts = path !== 'package.json' || step.stage.changed?.includes(path) === true;
      return counts && partOfFile(step, path) === part;
    });
    const own = step.stage.budgets?.[part];
    return {
      part,
      added: files.reduce((sum, file) => sum + file.added, 0),
      removed: files.reduce((sum, file) => sum + file.removed, 0),
      budget: own ?? DEFAULT_BUDGETS[part],
      why: own?.why,
    };
  });
}

export function checkBudget(step: Step): Violation[] {
  const violations: Violation[] = [];
  for (const {part, added, removed, budget} of totals(step)) {
    if (added <= budget.added && removed <= budget.removed) continue;
    violations.push({
      rule: 'budget',
      where: [`weeks/${step.before.folder}`, `weeks/${step.after.folder}`],
      problem: `${part}: +${added} −${removed}, at most +${budget.added} −${budget.removed}`,
      remedy: `make it smaller, or give ${step.stage.folder} a budget of its own, with a reason`,
    });
  }
  return violations;
}
