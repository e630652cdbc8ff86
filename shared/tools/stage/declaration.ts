/**
 * The shape of shared/tools/stages.ts: what each week adds, changes and removes,
 * compared with the week before.
 */
import {UsageError} from '../tool.ts';

export interface Stage {
  /** The week's folder in weeks/. */
  readonly folder: string;
  /** Files that differ from the week before, in the order in which to read them. */
  readonly changed?: readonly string[];
  /** Files that the week before does not have, in the order in which to read them. */
  readonly added?: readonly string[];
  /** Files that only the week before has. */
  readonly removed?: readonly string[];
  /** More added files: those of each optional task, by the task's name. */
  readonly optional?: Readonly<Record<string, readonly string[]>>;
  /** For a week that cannot be kept within DEFAULT_BUDGETS. */
  readonly budgets?: Partial<Readonly<Record<Part, ReasonedBudget>>>;
}

/**
 * What a file is part of. Once a file is one of an optional task, it stays so in
 * later weeks; any other file below test/ is a test.
 */
export type Part = 'lesson' | 'tests' | 'optional';

/** Most lines that one step may add and remove, as `git diff --numstat` counts them. */
export interface Budget {
  readonly added: number;
  readonly removed: number;
}

interface ReasonedBudget extends Budget {
  readonly why: string;
}

export const DEFAULT_BUDGETS: Readonly<Record<Part, Budget>> = {
  lesson: {added: 350, removed: 50},
  tests: {added: 500, removed: 50},
  optional: {added: 250, removed: 25},
};

const FOLDER = /^(\d\d)-[a-z0-9]+(-[a-z0-9]+)*$/;

/** @throws UsageError if the declaration contradicts itself or the folders in weeks/ */
export function checkDeclaration(stages: readonly Stage[], folders: readonly string[]): void {
  const problems = [
    ...stages.flatMap((stage, index) => stageProblems(stage, index)),
    ...folderProblems(stages, folders),
  ];
  if (problems.length === 0) return;
  throw new UsageError(
    `shared/tools/stages.ts cannot be right:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
  );
}

/** Files that the stage adds, those of optional tasks last. */
export function addedFiles(stage: Stage): string[] {
  return [...(stage.added ?? []), ...Object.values(stage.optional ?? {}).flat()];
}

/** @param stages the stages up to the one that `path` is looked at in */
export function partOf(stages: readonly Stage[], path: string): Part {
  if (optionalTaskOf(stages, path) !== undefined) return 'optional';
  return path.startsWith('test/') ? 'tests' : 'lesson';
}

/** The name of the optional task that `path` belongs to. */
export function optionalTaskOf(stages: readonly Stage[], path: string): string | undefined {
  for (const stage of stages) {
    for (const [task, paths] of Object.entries(stage.optional ?? {})) {
      if (paths.includes(path)) return task;
    }
  }
  return undefined;
}

function stageProblems(stage: Stage, index: number): string[] {
  const problems: string[] = [];
  const number = FOLDER.exec(stage.folder)?.[1];
  if (Number(number) !== index + 1) {
    const expected = String(index + 1).padStart(2, '0');
    problems.push(
      `${stage.folder}: entry ${index + 1} must be a folder named ${expected}-some-name`,
    );
  }
  const isFirst = index === 0;
  if (isFirst && (stage.changed !== undefined || stage.removed !== undefined)) {
    problems.push(`${stage.folder}: the first week has none before it to change or remove from`);
  }
  const declared = [...(stage.changed ?? []), ...addedFiles(stage), ...(stage.removed ?? [])];
  for (const path of new Set(declared)) {
    if (declared.indexOf(path) !== declared.lastIndexOf(path)) {
      problems.push(`${stage.folder}: ${path} is declared twice`);
    }
    if (path.startsWith('/') || path.split('/').some((part) => ['', '.', '..'].includes(part))) {
      problems.push(`${stage.folder}: ${path} is not a path inside the week's folder`);
    }
  }
  for (const [part, budget] of Object.entries(stage.budgets ?? {})) {
    if (budget.why.trim() === '') problems.push(`${stage.folder}: budget of ${part}: say why`);
  }
  return problems;
}

function folderProblems(stages: readonly Stage[], folders: readonly string[]): string[] {
  const declared = stages.map((stage) => stage.folder);
  return [
    ...declared
      .filter((folder) => !folders.includes(folder))
      .map((folder) => `${folder} is declared, but weeks/${folder} is not there`),
    ...folders
      .filter((folder) => !declared.includes(folder))
      .map((folder) => `weeks/${folder} is there, but is not declared`),
  ];
}
