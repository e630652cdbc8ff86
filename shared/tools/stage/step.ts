/** One step of the series, from a week to the next, and what a rule finds wrong with it. */
import type {Part, Stage} from './declaration.ts';
import {partOf} from './declaration.ts';
import type {FileDiff, WeekDiff} from './week-diff.ts';
import type {Week} from './weeks.ts';

export interface Step {
  /** The stages up to that of `after`, which is the last. */
  readonly stages: readonly Stage[];
  readonly stage: Stage;
  readonly before: Week;
  readonly after: Week;
  readonly diff: WeekDiff;
}

export interface Violation {
  readonly rule: Rule;
  /** `weeks/<folder>/<path>:<line>`; the earlier week first. */
  readonly where: readonly string[];
  readonly problem: string;
  /** What to do. */
  readonly remedy: string;
}

type Rule =
  | 'budget'
  | 'cosmetic'
  | 'files'
  | 'moved'
  | 'order'
  | 'package'
  | 'plain'
  | 'renamed'
  | 'syntax'
  | 'words';

/** How a person finds a line: terminals and editors open `path:line`. */
export function place(week: Week, path: string, line?: number): string {
  return `weeks/${week.folder}/${path}${line === undefined ? '' : `:${line}`}`;
}

export function isSource(path: string): boolean {
  return path.endsWith('.ts') || path.endsWith('.mjs');
}

/** Differences of source files that both weeks have. */
export function changedSources(step: Step): FileDiff[] {
  return [...step.diff.files.values()].filter((file) => {
    return file.status === 'changed' && isSource(file.path) && !file.isBinary;
  });
}

export function partOfFile(step: Step, path: string): Part {
  return partOf(step.stages, path);
}
