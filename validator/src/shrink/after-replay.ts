/** What `kv replay` does about a file that fails: it cuts it down, or says how to. */
import {argumentsOf, type ProjectFlags} from '../config/find-project.ts';
import type {Project} from '../config/project.ts';
import {UsageError} from '../errors.ts';
import type {SmallestReplay} from '../grade/failure-result.ts';
import {replayCommands} from '../grade/reproduce.ts';
import type {ReplayResult} from '../replay/replay-result.ts';
import {colourFor} from '../report/colour.ts';
import {escapeText} from '../report/escape.ts';
import {replayLines} from '../report/failure-card.ts';
import {roughly} from '../report/numbers.ts';
import type {ReplayScreen} from '../report/replay-screen.ts';
import {parseShrink} from './parse-shrink.ts';

const SHRINK_DEFAULT = '10s';

/** @returns milliseconds, 0 for not at all. @throws UsageError */
export function shrinkMsOf(shrink: string | true | undefined, project: Project): number {
  if (shrink === undefined) return 0;
  const budgetMs = parseShrink(shrink === true ? SHRINK_DEFAULT : shrink);
  if (budgetMs === 0 || project.kind === 'command') return budgetMs;
  throw new UsageError(
    '--shrink needs a server that is started anew for each try: --command or --in, not --url',
  );
}

export interface FailedReplay {
  readonly path: string;
  /** How the caller names it. */
  readonly name: string;
  readonly result: ReplayResult;
  readonly project: Project;
  /** As they were given, to be given again. */
  readonly flags: ProjectFlags;
  readonly isSmall: boolean;
  /** 0: it is only said how to. */
  readonly shrinkMs: number;
}

/** @returns what was found, if it was looked for. @throws GraderError */
export async function followUp(
  failed: FailedReplay,
  screen: ReplayScreen,
): Promise<SmallestReplay | undefined> {
  const {path, project, result, shrinkMs} = failed;
  if (project.kind !== 'command' || shrinkMs === 0) {
    if (!wasShrunk(result)) screen.print(['', ...nextStep(failed)]);
    return undefined;
  }
  screen.print(['', `looking for a smaller replay, for ${roughly(shrinkMs)}`]);
  // Most replays do without it.
  const {shrinkFile} = await import('./shrink-file.ts');
  const week = project.week ?? result.survey.header.week ?? 1;
  const smallest = await shrinkFile({...failed, path, project, week, budgetMs: shrinkMs});
  if (smallest === undefined) return undefined;
  const {path: file, isSmall} = smallest;
  const again = file === undefined ? undefined : commandOf(failed, file, isSmall);
  screen.print(['', ...replayLines(smallest, again, colourFor('stdout'))]);
  return smallest;
}

function nextStep(failed: FailedReplay): string[] {
  const {path, project, isSmall} = failed;
  if (project.kind !== 'command') {
    return [
      'to cut it to the lines that matter, let kv start the server: --in or --command,',
      'and --shrink',
    ];
  }
  const command = `${commandOf(failed, path, isSmall)} --shrink`;
  return ['to cut it to the lines that matter:', '', `  ${escapeText(command)}`];
}

/** Replays a file as this one was. */
function commandOf({flags}: FailedReplay, path: string, isSmall: boolean): string {
  const target = {kind: 'project', arguments: argumentsOf(flags)} as const;
  return replayCommands(path, {target}, isSmall).join('');
}

/** A file that was written by this says what it shows. */
function wasShrunk({survey}: ReplayResult): boolean {
  return survey.header.entries.has('shows');
}
