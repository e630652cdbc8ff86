/** Three-way merge of one text, by git. */
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {$} from 'zx/core';

export interface Labels {
  readonly ours: string;
  readonly base: string;
  readonly theirs: string;
}

export interface Merged {
  /** With conflict markers, diff3 style, where both sides changed the same lines. */
  readonly text: string;
  readonly hasConflicts: boolean;
}

/** Does to `ours` what led from `base` to `theirs`. */
export async function mergeText(
  ours: string,
  base: string,
  theirs: string,
  labels: Labels,
): Promise<Merged> {
  if (ours === base || ours === theirs) return {text: theirs, hasConflicts: false};
  const folder = await mkdtemp(join(tmpdir(), 'kv-merge-'));
  try {
    await writeFile(join(folder, 'ours'), ours);
    await writeFile(join(folder, 'base'), base);
    await writeFile(join(folder, 'theirs'), theirs);
    const names = ['-L', labels.ours, '-L', labels.base, '-L', labels.theirs];
    const git = $({cwd: folder, nothrow: true, quiet: true});
    const merged = await git`git merge-file --stdout --diff3 ${names} ours base theirs`;
    // The status is the number of conflicts, cut off at 127; above is an error.
    const status = merged.exitCode ?? 255;
    if (status > 127) throw merged;
    return {text: merged.stdout, hasConflicts: status > 0};
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

/** 1-based lines where conflicts begin. */
export function conflictLines(text: string): number[] {
  const lines = text.split('\n').map((line, index) => ({line, number: index + 1}));
  return lines.filter(({line}) => line.startsWith('<<<<<<< ')).map(({number}) => number);
}
