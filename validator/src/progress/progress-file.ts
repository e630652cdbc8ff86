/** How far a project has come, kept in its `.kv/progress.json` from run to run. */
import * as v from 'valibot';
import {readKvFile, writeKvFile} from '../config/kv-folder.ts';
import type {Grading} from '../grade/result.ts';

const FILE = 'progress.json';
const VERSION = 1;

const checkProgress = v.object({
  /** How it ended the last time that it ran. */
  state: v.picklist(['pass', 'fail', 'inconclusive', 'grader-error']),
  /** ISO 8601, UTC: since when it has ended so. */
  since: v.string(),
});

const progressSchema = v.object({
  version: v.literal(VERSION),
  /** By the week that was graded, then by the id of the check. */
  weeks: v.record(v.string(), v.record(v.string(), checkProgress)),
});

export type Progress = v.InferOutput<typeof progressSchema>;

const NONE: Progress = {version: VERSION, weeks: {}};

/** @returns nothing done yet, if there is no file or it cannot be made sense of */
export function readProgress(projectFolder: string): Progress {
  try {
    const text = readKvFile(projectFolder, FILE);
    const parsed = v.safeParse(progressSchema, text === undefined ? NONE : JSON.parse(text));
    return parsed.success ? parsed.output : NONE;
  } catch {
    return NONE;
  }
}

/**
 * Adds the outcome of a grading. Checks that did not run keep what they had.
 * @throws Error of the file system
 */
export function saveProgress(projectFolder: string, grading: Grading, now = new Date()): void {
  const progress = readProgress(projectFolder);
  const before = progress.weeks[grading.week] ?? {};
  const checks = {...before};
  for (const {id, state} of grading.checks) {
    if (state === 'blocked' || state === 'not-claimed' || state === 'unavailable') continue;
    const known = before[id];
    checks[id] = known?.state === state ? known : {state, since: now.toISOString()};
  }
  const weeks = {...progress.weeks, [grading.week]: checks};
  writeKvFile(projectFolder, FILE, `${JSON.stringify({...progress, weeks}, undefined, 2)}\n`);
}
