import type {CommandProject} from '../config/project.ts';
import {type ServerSource, SpawnedSource} from '../grade/server-source.ts';
import type {RunFolder} from '../server/run-folder.ts';

/** Where a replay can be tried. */
export interface Source extends Pick<ServerSource, 'open'> {
  /** It has small thresholds: flushes come after a few writes, so a few lines may do. */
  readonly isSmall: boolean;
}

/** Where a memtable is full after a few writes; none if the project does not say how to start it. */
export function smallSources(
  project: CommandProject,
  week: number,
  runFolder: RunFolder,
): readonly Source[] {
  const {smallCommand: command} = project;
  if (command === undefined) return [];
  const source = new SpawnedSource({...project, command}, week, runFolder);
  return [{open: (id: string) => source.open(id), isSmall: true}];
}
