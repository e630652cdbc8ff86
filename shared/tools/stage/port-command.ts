/** `pnpm stage:port`: carries the change of one week into all later ones. */
import {mkdir, rm, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {parseToolArgs, type Terminal, UsageError} from '../tool.ts';
import {conflictLines} from './merge.ts';
import {
  binaryPaths,
  changedPaths,
  type Outcome,
  type PortStep,
  type PortWeek,
  planFile,
} from './port-plan.ts';
import {place} from './step.ts';
import {table} from './table.ts';
import {findWeekFolder, readWeek, readWeekAt, type Week, weekFolders} from './weeks.ts';

const USAGE = `Usage: pnpm stage:port WEEK [FILE…] [--from REVISION] [--dry-run] [--force]

Carries what changed in WEEK, a number or a folder, into all later weeks by
three-way merge. Without --from, the change is what is not committed yet.

  FILE             only these files, by their paths inside the week
  --from REVISION  the change is what is different from that commit
  --dry-run        say what would happen, write nothing
  --force          merge into files with uncommitted changes of their own
`;

const LEGEND: Readonly<Record<Outcome, string>> = {
  same: 'was as in the week before, and is so again',
  merged: "the change was made to the week's own text",
  there: 'the change was there already',
  absent: 'the week has no such file',
  conflict: 'the week has other lines where the change is',
  waiting: 'waits for the conflict in an earlier week',
};

/** @returns the exit status: 0, or 1 if there are conflicts */
export async function stagePort(
  args: readonly string[],
  {print, paint}: Terminal,
  root: string,
): Promise<number> {
  const options = {
    from: {type: 'string'},
    'dry-run': {type: 'boolean'},
    force: {type: 'boolean'},
    help: {type: 'boolean', short: 'h'},
  } as const;
  const {values, positionals} = parseToolArgs(args, options, USAGE);
  if (values.help === true) {
    print(USAGE);
    return 0;
  }
  const [weekText, ...only] = positionals;
  if (weekText === undefined) throw new UsageError(`which week?\n\n${USAGE}`);
  const folders = await weekFolders(root);
  const folder = findWeekFolder(folders, weekText);
  const from = values.from ?? 'HEAD';
  const weeks = await readWeeks(root, folders.slice(folders.indexOf(folder)), from);
  const paths = pathsToCarry(weeks, only, from);
  if (weeks.length === 1 || paths.length === 0) {
    const reason = paths.length === 0 ? `unchanged since ${from} (see --from)` : 'the last week';
    print(`Nothing to carry: weeks/${folder} is ${reason}.\n`);
    return 0;
  }

  const steps = (await Promise.all(paths.map((path) => planFile(path, weeks)))).flat();
  if (values.force !== true) await refuseUncommitted(root, steps);
  if (values['dry-run'] !== true) await writeSteps(root, steps);
  print(`${stepsTable(paths, weeks, steps)}\n`);
  const conflicts = steps.filter(({outcome}) => outcome === 'conflict');
  for (const conflict of conflicts) {
    print(`${paint.red('conflict')} ${conflictText(conflict, weeks, values.from)}`);
  }
  if (values['dry-run'] === true) print('Nothing was written: --dry-run.\n');
  return conflicts.length > 0 ? 1 : 0;
}

function readWeeks(
  root: string,
  folders: readonly string[],
  revision: string,
): Promise<PortWeek[]> {
  return Promise.all(
    folders.map(async (folder) => ({
      old: await readWeekAt(root, revision, folder),
      now: await readWeek(root, folder),
    })),
  );
}

/** @throws UsageError if one of the files cannot be merged */
function pathsToCarry(weeks: readonly PortWeek[], only: readonly string[], from: string): string[] {
  const [source] = weeks;
  if (source === undefined) return [];
  const changed = changedPaths(source);
  const unchanged = only.filter((path) => !changed.includes(path));
  if (unchanged.length > 0) {
    const {folder} = source.now;
    throw new UsageError(`unchanged since ${from} in weeks/${folder}: ${unchanged.join(', ')}`);
  }
  const paths = only.length > 0 ? changed.filter((path) => only.includes(path)) : changed;
  const binary = binaryPaths(weeks, paths);
  if (binary.length > 0) {
    throw new UsageError(`binary files cannot be merged, copy them by hand: ${binary.join(', ')}`);
  }
  const marked = weeks.flatMap(({now}) => {
    return paths.flatMap((path) => {
      const [line] = conflictLines(now.files.get(path)?.text ?? '');
      return line === undefined ? [] : [place(now, path, line)];
    });
  });
  if (marked.length > 0) {
    throw new UsageError(`resolve these conflicts first:\n  ${marked.join('\n  ')}`);
  }
  return paths;
}

/** @throws UsageError if a file to be written differs from the last commit */
async function refuseUncommitted(root: string, steps: readonly PortStep[]): Promise<void> {
  const committed = new Map<Week, Week>();
  const touched: string[] = [];
  for (const {week, path, write} of steps) {
    if (write === undefined) continue;
    const old = committed.get(week) ?? (await readWeekAt(root, 'HEAD', week.folder));
    committed.set(week, old);
    if (old.files.get(path)?.text !== week.files.get(path)?.text) touched.push(place(week, path));
  }
  if (touched.length === 0) return;
  throw new UsageError(
    'these have uncommitted changes of their own, which the merge would mix with:\n' +
      `  ${touched.join('\n  ')}\nCommit them, or say --force.`,
  );
}

async function writeSteps(root: string, steps: readonly PortStep[]): Promise<void> {
  for (const {week, path, write} of steps) {
    if (write === undefined) continue;
    const file = join(root, 'weeks', week.folder, path);
    if (write.text === undefined) {
      await rm(file);
    } else {
      await mkdir(dirname(file), {recursive: true});
      await writeFile(file, write.text);
    }
  }
}

function stepsTable(
  paths: readonly string[],
  weeks: readonly PortWeek[],
  steps: readonly PortStep[],
): string {
  const later = weeks.slice(1).map(({now}) => now);
  const rows = paths.map((path) => [
    path,
    ...later.map((week) => {
      return steps.find((step) => step.week === week && step.path === path)?.outcome ?? '';
    }),
  ]);
  const outcomes = new Set(steps.map(({outcome}) => outcome));
  const legend = [...outcomes].map((outcome) => [outcome, LEGEND[outcome]]);
  return `${table([['', ...later.map(({folder}) => folder)], ...rows])}\n${table(legend)}`;
}

function conflictText(
  {week, path, conflictLines: lines}: PortStep,
  weeks: readonly PortWeek[],
  from: string | undefined,
): string {
  const isLast = weeks.at(-1)?.now === week;
  const fromOption = from === undefined ? '' : ` --from ${from}`;
  const then = isLast ? '' : `, then: pnpm stage:port ${week.folder} ${path}${fromOption}`;
  if (lines.length === 0) {
    return `${place(week, path)} differs from what was deleted: delete it or keep it${then}\n`;
  }
  const places = lines.map((line) => place(week, path, line));
  return `${places.join(', ')}: resolve${then}\n`;
}
