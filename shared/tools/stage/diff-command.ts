/** `pnpm stage:diff`: shows what a step of the series changes. */
import type {ChalkInstance} from 'chalk';
import {parseToolArgs, type Terminal, UsageError} from '../tool.ts';
import type {Stage} from './declaration.ts';
import {diffLines} from './diff-lines.ts';
import {type View, type ViewedFile, viewOf} from './diff-view.ts';
import {table} from './table.ts';
import {diffWeeks} from './week-diff.ts';
import {findWeekFolder, readWeek, readWeekAt, type Week, weekFolders} from './weeks.ts';

const USAGE = `Usage: pnpm stage:diff A B [--tests] [--all] [--stat] [--rev REVISION]

Shows what is different between two weeks, numbers or folders, in the order in
which to read it. Optional tasks, tests and unchanged files are folded to a line.

  --tests         show the tests too
  --all           show the tests and the optional tasks too
  --stat          print the table of added and removed lines only
  --rev REVISION  the weeks as they were in that commit, not as they are now
`;

/** @returns the exit status, 0 */
export async function stageDiff(
  args: readonly string[],
  {print, paint}: Terminal,
  {root, stages}: {root: string; stages: readonly Stage[]},
): Promise<number> {
  const options = {
    tests: {type: 'boolean'},
    all: {type: 'boolean'},
    stat: {type: 'boolean'},
    rev: {type: 'string'},
    help: {type: 'boolean', short: 'h'},
  } as const;
  const {values, positionals} = parseToolArgs(args, options, USAGE);
  if (values.help === true) {
    print(USAGE);
    return 0;
  }
  const folders = await weekFolders(root);
  if (positionals.length !== 2) {
    throw new UsageError(`which two weeks? There are: ${folders.join(', ')}\n\n${USAGE}`);
  }
  const {rev} = values;
  const read = (folder: string) => {
    return rev === undefined ? readWeek(root, folder) : readWeekAt(root, rev, folder);
  };
  const [first = '', second = ''] = positionals.map((text) => findWeekFolder(folders, text));
  const [before, after] = await Promise.all([read(first), read(second)]);

  const view = viewOf(before, after, await diffWeeks(before, after), stages);
  print(`${paint.bold(`weeks/${before.folder} → weeks/${after.folder}`)}\n`);
  if (values.stat !== true) {
    const parts = values.all === true ? ['lesson', 'optional', 'tests'] : ['lesson'];
    if (values.tests === true) parts.push('tests');
    print(viewText(view, (file) => parts.includes(file.part), after, paint));
  }
  print(`\n${statTable(view)}`);
  return 0;
}

function viewText(
  {files, unchanged}: View,
  isShown: (file: ViewedFile) => boolean,
  after: Week,
  paint: ChalkInstance,
): string {
  const shown = files.filter(isShown).map((file) => {
    const {diff} = file;
    const text = after.files.get(diff.path)?.text ?? '';
    return `\n${paint.bold(diff.path)}  ${counts(file)}\n${diffLines(diff, text, paint)}`;
  });
  const folded = files
    .filter((file) => !isShown(file))
    .map((file) => `${paint.dim(`${kindOf(file)}: ${file.diff.path}  ${counts(file)}`)}\n`);
  const same = unchanged.length === 0 ? '' : paint.dim(`unchanged: ${unchanged.join(', ')}`);
  const foldedText = folded.length === 0 ? '' : `\n${folded.join('')}`;
  return `${shown.join('')}${foldedText}${same === '' ? '' : `\n${same}\n`}`;
}

function counts({diff}: ViewedFile): string {
  return `${diff.status} +${diff.added} −${diff.removed}`;
}

function kindOf({part, task}: ViewedFile): string {
  return task === undefined ? part : `optional, ${task}`;
}

function statTable({files}: View): string {
  const rows = files.map((file) => [
    file.diff.path,
    kindOf(file),
    file.diff.status,
    `+${file.diff.added}`,
    `−${file.diff.removed}`,
  ]);
  if (rows.length === 0) return 'No differences.\n';
  const totals = [...new Set(files.map(({part}) => part))].map((part) => {
    const own = files.filter((file) => file.part === part);
    const added = own.reduce((sum, {diff}) => sum + diff.added, 0);
    const removed = own.reduce((sum, {diff}) => sum + diff.removed, 0);
    return [`total, ${part}`, '', '', `+${added}`, `−${removed}`];
  });
  return table([...rows, ...totals], [3, 4]);
}
