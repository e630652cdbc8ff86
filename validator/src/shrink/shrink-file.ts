/** Cuts a fixture file that fails to the lines that matter. */
import {basename} from 'node:path';
import type {CommandProject} from '../config/project.ts';
import type {SmallestReplay} from '../grade/failure-result.ts';
import {SpawnedSource} from '../grade/server-source.ts';
import type {ReplayResult} from '../replay/replay-result.ts';
import {escapeText} from '../report/escape.ts';
import {RunFolder} from '../server/run-folder.ts';
import {instructionsOf} from './instructions-of.ts';
import {smallSources} from './small-source.ts';
import {smallestReplay} from './smallest-replay.ts';

export interface ShrinkFileOptions {
  readonly path: string;
  /** How the caller names it. */
  readonly name: string;
  /** What its replay came to: it failed. */
  readonly result: ReplayResult;
  /** Built already. */
  readonly project: CommandProject;
  readonly week: number;
  /** `project` is started with small thresholds: no other is tried. */
  readonly isSmall: boolean;
  readonly budgetMs: number;
}

/**
 * Up to the first line that failed.
 * @returns undefined if nothing failed at a line
 * @throws GraderError if this machine is at fault
 */
export async function shrinkFile(options: ShrinkFileOptions): Promise<SmallestReplay | undefined> {
  const {path, name, result, project, week, isSmall, budgetMs} = options;
  const [failure] = result.failures;
  const fixtureLine = failure?.request.line ?? result.breakdown?.line;
  const cause = {
    fixture: path,
    ...(fixtureLine === undefined ? {} : {fixtureLine}),
  };
  const instructions = await instructionsOf(cause, undefined);
  if (instructions === undefined) return undefined;
  const runFolder = new RunFolder();
  try {
    const source = new SpawnedSource(project, week, runFolder);
    return await smallestReplay({
      instructions,
      file: {projectFolder: project.folder, name: fileName(path), week, from: escapeText(name)},
      sources: [
        ...(isSmall ? [] : smallSources(project, week, runFolder)),
        {open: (id) => source.open(id), isSmall},
      ],
      runFolder,
      budgetMs,
      isHang: failure === undefined && result.breakdown?.failure.kind === 'hang',
      onProgress: () => {},
    });
  } finally {
    runFolder.remove();
  }
}

/** Not the name of the file itself, which may be one of those that are kept. */
function fileName(path: string): string {
  const name = basename(path, '.txt').replaceAll(/[^A-Za-z0-9_-]/g, '-');
  return `${name}-small`;
}
