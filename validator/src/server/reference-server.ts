/** The workshop's own servers, as projects to grade. */

import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {CommandProject} from '../config/project.ts';
import {UsageError} from '../errors.ts';
import {DEFAULT_ROUTES} from '../http/routes.ts';
import {bundleServer} from './bundle.ts';
import {shellQuote} from './shell-command.ts';

const WEEKS_FOLDER = fileURLToPath(new URL('../../../weeks', import.meta.url));
const READY_TIMEOUT_MS = 10_000;
const SMALL_MEMTABLE_ENTRIES = 16;

export interface ReferenceWeek {
  readonly week: number;
  /** Its folder's name: `03-write-ahead-log`. */
  readonly name: string;
  readonly folder: string;
}

/** The weeks that are there, in ascending order. */
export function referenceWeeks(weeksFolder = WEEKS_FOLDER): ReferenceWeek[] {
  return readdirSync(weeksFolder)
    .flatMap((name) => {
      const week = Number(/^0(\d)-/.exec(name)?.[1]);
      const folder = join(weeksFolder, name);
      return existsSync(join(folder, 'src/main.ts')) ? [{week, name, folder}] : [];
    })
    .sort((a, b) => a.week - b.week);
}

/**
 * @throws UsageError if there is no such week
 * @throws GraderError if it cannot be bundled
 */
export async function referenceProject(week: number): Promise<CommandProject> {
  const weeks = referenceWeeks();
  const reference = weeks.find((entry) => entry.week === week);
  if (reference === undefined) {
    const present = weeks.map((entry) => entry.week).join(', ');
    throw new UsageError(`there is no reference server of week ${week}, only of ${present}`);
  }
  const bundle = await bundleServer(join(reference.folder, 'src/main.ts'));
  const command = `${shellQuote(process.execPath)} ${shellQuote(bundle)} --port {port} --data-dir {dataDir}`;
  return {
    kind: 'command',
    source: `the reference server weeks/${reference.name}`,
    week,
    folder: reference.folder,
    command,
    // The first week has no memtable to be full.
    smallCommand:
      week === 1 ? undefined : `${command} --memtable-entries-max ${SMALL_MEMTABLE_ENTRIES}`,
    buildCommand: undefined,
    readyTimeoutMs: READY_TIMEOUT_MS,
    env: {},
    routes: DEFAULT_ROUTES,
    body: 'raw',
    files: 'series',
    stretch: [],
  };
}
