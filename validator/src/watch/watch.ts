/** Grades a project again after each save, from the check that fails on. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {readProgress} from '../progress/progress-file.ts';
import {EXIT} from '../verdict.ts';
import {nextChecks} from './next-checks.ts';
import {SourceFiles} from './source-files.ts';

const POLL_MS = 300;
/** Editors and formatters write several files, one after another. */
const SETTLE_MS = 100;
const NAMED_MAX = 3;

export interface WatchOptions {
  readonly folder: string;
  readonly week: number;
  /** The program and the arguments that start `kv grade` for the project. */
  readonly grade: readonly string[];
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * A grading is a process of its own: a save in the middle of it ends it, with
 * all that it has started, by the signal that stops any `kv`. Returns when the
 * signal is aborted.
 */
export async function watch({folder, week, grade, say, signal}: WatchOptions): Promise<void> {
  const files = new SourceFiles(folder);
  while (!signal.aborted) {
    const changed = (await gradeUntilSave(files, {folder, week, grade, say, signal})) ?? [];
    if (changed.length === 0) {
      say('waiting for a save; Ctrl-C ends this');
      changed.push(...(await firstChange(files, signal)));
    }
    await sleep(SETTLE_MS);
    changed.push(...files.changes());
    const names = Array.from(new Set(changed));
    const more = names.length > NAMED_MAX ? ', ...' : '';
    if (!signal.aborted) say(`changed: ${names.slice(0, NAMED_MAX).join(', ')}${more}`);
  }
}

/** Grades on and on as long as checks pass. @returns what was saved meanwhile, if anything was */
async function gradeUntilSave(
  files: SourceFiles,
  {folder, week, grade, say, signal}: WatchOptions,
): Promise<string[] | undefined> {
  let ids = nextChecks(readProgress(folder), week, undefined);
  for (;;) {
    const outcome = await gradeOnce([...grade, ...onlyThese(ids)], files, signal);
    if (Array.isArray(outcome)) return outcome;
    if (outcome !== EXIT.pass) return undefined;
    if (ids === undefined) {
      say(`week ${week} passes; for the next one, set \`week: ${week + 1}\` in kv.yaml`);
      return undefined;
    }
    ids = nextChecks(readProgress(folder), week, ids);
  }
}

/** @returns the exit code, or what was saved before it came to an end */
async function gradeOnce(
  command: readonly string[],
  files: SourceFiles,
  signal: AbortSignal,
): Promise<number | string[]> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {stdio: ['ignore', 'inherit', 'inherit']});
  const end = once(child, 'exit') as Promise<[number | null]>;
  const over = new AbortController();
  const saved = firstChange(files, AbortSignal.any([signal, over.signal]));
  const outcome = await Promise.race([end.then(([code]) => code ?? EXIT.graderError), saved]);
  over.abort();
  if (typeof outcome === 'number') return [outcome, await saved].find(isChange) ?? outcome;
  child.kill('SIGTERM');
  await end;
  return outcome;
}

/** A save that was noticed in the moment in which the grading ended. */
function isChange(outcome: number | string[]): outcome is string[] {
  return Array.isArray(outcome) && outcome.length > 0;
}

function onlyThese(ids: readonly string[] | undefined): string[] {
  return ids === undefined ? [] : ['--check', ids.join(',')];
}

/** @returns an empty list if the signal came first */
async function firstChange(files: SourceFiles, signal: AbortSignal): Promise<string[]> {
  while (!signal.aborted) {
    const changed = files.changes();
    if (changed.length > 0) return changed;
    await sleep(POLL_MS, undefined, {signal}).catch(() => {});
  }
  return [];
}
