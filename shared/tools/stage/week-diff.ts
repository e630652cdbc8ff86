/**
 * The differences between two weeks, as git finds them: the checks count and
 * judge the very lines that a reader of `git diff` sees.
 */
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {devNull, tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {parsePatch, type StructuredPatchHunk} from 'diff';
import {$, type ProcessOutput} from 'zx/core';
import type {Week} from './weeks.ts';

export interface FileDiff {
  /** Path inside the week's folder. */
  readonly path: string;
  readonly status: 'changed' | 'added' | 'removed';
  readonly isBinary: boolean;
  /** Numbers of lines. */
  readonly added: number;
  readonly removed: number;
  readonly hunks: readonly Hunk[];
}

/** Changed lines with the unchanged ones around them. */
export interface Hunk {
  /** 1-based lines of the first line shown. */
  readonly lineBefore: number;
  readonly lineAfter: number;
  /** Alternating runs of unchanged and of changed lines. */
  readonly runs: readonly (SameRun | ChangedRun)[];
}

interface SameRun {
  readonly kind: 'same';
  readonly lines: readonly string[];
}

/** Lines that were replaced by others; either side may be empty. */
export interface ChangedRun {
  readonly kind: 'changed';
  readonly removed: readonly Line[];
  readonly added: readonly Line[];
}

export interface Line {
  /** 1-based line in its file. */
  readonly number: number;
  readonly text: string;
}

interface Rename {
  readonly from: string;
  readonly to: string;
  readonly similarityPercent: number;
}

export interface WeekDiff {
  /** By path. */
  readonly files: ReadonlyMap<string, FileDiff>;
  /** Pairs of a removed and an added file that git takes for a rename. */
  readonly renames: readonly Rename[];
}

/** A person's configuration of git must not change what is counted. */
const GIT_ENV = {GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: devNull};

export async function diffWeeks(before: Week, after: Week): Promise<WeekDiff> {
  const folder = await mkdtemp(join(tmpdir(), 'kv-stage-diff-'));
  try {
    const paths = new Set([...before.files.keys(), ...after.files.keys()]);
    const different = [...paths].filter((path) => {
      return before.files.get(path)?.text !== after.files.get(path)?.text;
    });
    await writeFiles(join(folder, 'before'), before, different);
    await writeFiles(join(folder, 'after'), after, different);

    const env = {...process.env, ...GIT_ENV, GIT_CEILING_DIRECTORIES: folder};
    const git = $({cwd: folder, env, nothrow: true, quiet: true});
    // Status 1 means that there are differences.
    const okay = (output: ProcessOutput) => {
      if (output.exitCode !== 0 && output.exitCode !== 1) throw output;
      return output.stdout;
    };
    const patch = okay(await git`git diff --no-index --no-renames --no-prefix before after`);
    const hunks = parseHunks(patch);
    const files = different.map((path) => fileDiff(path, before, after, hunks.get(path) ?? []));
    const mayBeRenamed = files.some(({status}) => status === 'removed');
    const renames = mayBeRenamed
      ? okay(
          await git`git diff --no-index --find-renames --diff-filter=R --name-status -z before after`,
        )
      : '';
    return {
      files: new Map(files.map((file) => [file.path, file])),
      renames: parseRenames(renames),
    };
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

/** All runs of changed lines of one file, in order. */
export function changedRuns(file: Pick<FileDiff, 'hunks'>): ChangedRun[] {
  return file.hunks.flatMap((hunk) => hunk.runs.filter((run) => run.kind === 'changed'));
}

async function writeFiles(folder: string, week: Week, paths: readonly string[]): Promise<void> {
  await mkdir(folder);
  for (const path of paths) {
    const file = week.files.get(path);
    if (file === undefined) continue;
    await mkdir(dirname(join(folder, path)), {recursive: true});
    await writeFile(join(folder, path), file.text, file.isBinary ? 'latin1' : 'utf8');
  }
}

function fileDiff(path: string, before: Week, after: Week, hunks: readonly Hunk[]): FileDiff {
  const [old, now] = [before.files.get(path), after.files.get(path)];
  const runs = changedRuns({hunks});
  return {
    path,
    status: old === undefined ? 'added' : now === undefined ? 'removed' : 'changed',
    isBinary: old?.isBinary === true || now?.isBinary === true,
    added: runs.reduce((sum, run) => sum + run.added.length, 0),
    removed: runs.reduce((sum, run) => sum + run.removed.length, 0),
    hunks,
  };
}

/** The hunks of each file that has any, by path. */
function parseHunks(patch: string): Map<string, Hunk[]> {
  const hunks = new Map<string, Hunk[]>();
  for (const file of parsePatch(patch)) {
    // Empty and binary files have no names here, and no hunks.
    const name = file.newFileName === '/dev/null' ? file.oldFileName : file.newFileName;
    const path = name?.slice(name.indexOf('/') + 1);
    if (path !== undefined) hunks.set(path, file.hunks.map(parseHunk));
  }
  return hunks;
}

function parseHunk(hunk: StructuredPatchHunk): Hunk {
  const runs: (
    | {kind: 'same'; lines: string[]}
    | {kind: 'changed'; removed: Line[]; added: Line[]}
  )[] = [];
  let lineBefore = hunk.oldStart;
  let lineAfter = hunk.newStart;
  for (const line of hunk.lines) {
    const text = line.slice(1);
    const last = runs.at(-1);
    if (line.startsWith(' ')) {
      lineBefore++;
      lineAfter++;
      if (last?.kind === 'same') last.lines.push(text);
      else runs.push({kind: 'same', lines: [text]});
    } else if (!line.startsWith('\\')) {
      const run =
        last?.kind === 'changed' ? last : {kind: 'changed' as const, removed: [], added: []};
      if (run !== last) runs.push(run);
      if (line.startsWith('-')) run.removed.push({number: lineBefore++, text});
      else run.added.push({number: lineAfter++, text});
    }
  }
  return {lineBefore: hunk.oldStart, lineAfter: hunk.newStart, runs};
}

/** @param output of `--name-status -z`: status, old name, new name, each ended by a NUL */
function parseRenames(output: string): Rename[] {
  const fields = output.split('\0');
  const renames: Rename[] = [];
  for (let i = 0; i + 2 < fields.length; i += 3) {
    const [status = '', from = '', to = ''] = fields.slice(i, i + 3);
    const withoutFolder = (name: string) => name.slice(name.indexOf('/') + 1);
    renames.push({
      from: withoutFolder(from),
      to: withoutFolder(to),
      similarityPercent: Number(status.slice(1)),
    });
  }
  return renames;
}
