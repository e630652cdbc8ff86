import {formatLine} from '@kv-workshop/fixtures/format-line';
import type {Instruction} from '@kv-workshop/fixtures/instruction';
import {FORMAT_VERSION} from '@kv-workshop/fixtures/survey-fixture';
import {writeKvFile} from '../config/kv-folder.ts';

export interface ReplayFile {
  /** The folder of the project: the file goes into its `.kv`. */
  readonly projectFolder: string;
  /** Of the file, without `.txt`: letters that are safe in a path. */
  readonly name: string;
  readonly week: number;
  /** What failed, for people: a check and its seed, a file. On one line. */
  readonly from: string;
}

/**
 * Writes the instructions as a fixture file.
 * @param shows how they fail
 * @returns its path
 * @throws Error of the file system
 */
export function writeReplay(
  {projectFolder, name, week, from}: ReplayFile,
  instructions: readonly Instruction[],
  shows: string,
): string {
  const header = {
    format: FORMAT_VERSION,
    week,
    lines: instructions.length,
    shows,
    from,
  };
  const lines = [
    ...Object.entries(header).map(([key, value]) => `# ${key}: ${value}`),
    ...instructions.map(formatLine),
  ];
  return writeKvFile(
    projectFolder,
    `replays/${name}.txt`,
    lines.map((line) => `${line}\n`).join(''),
  );
}
