/** Which differences of two weeks are shown, in which order, and which are folded. */
import {addedFiles, optionalTaskOf, type Part, partOf, type Stage} from './declaration.ts';
import {isOnlyRenamedPackage} from './rules/package-json.ts';
import type {FileDiff, WeekDiff} from './week-diff.ts';
import type {Week} from './weeks.ts';

export interface ViewedFile {
  readonly diff: FileDiff;
  readonly part: Part;
  /** The optional task that the file belongs to. */
  readonly task: string | undefined;
}

export interface View {
  /** In reading order; the lesson first, then optional tasks, then tests. */
  readonly files: readonly ViewedFile[];
  /** Paths that are the same in both weeks. */
  readonly unchanged: readonly string[];
}

const PARTS: readonly Part[] = ['lesson', 'optional', 'tests'];
const STATUSES: readonly FileDiff['status'][] = ['changed', 'added', 'removed'];

/** @param stages all stages; those of the steps between the two weeks give the order */
export function viewOf(before: Week, after: Week, diff: WeekDiff, stages: readonly Stage[]): View {
  const numbers = [before, after].map(({folder}) => {
    return stages.findIndex((stage) => stage.folder === folder);
  });
  const upTo = stages.slice(0, Math.max(...numbers) + 1);
  const order = readingOrder(upTo.slice(Math.min(...numbers) + 1));
  const isShown = ({path}: FileDiff) => {
    return path !== 'package.json' || !isOnlyRenamedPackage(before, after);
  };
  const files = [...diff.files.values()].filter(isShown).map((file) => ({
    diff: file,
    part: partOf(upTo, file.path),
    task: optionalTaskOf(upTo, file.path),
  }));
  const rank = ({diff: {path, status}, part}: ViewedFile): number[] => {
    const place = order.indexOf(path);
    return [
      PARTS.indexOf(part),
      STATUSES.indexOf(status),
      place === -1 ? Number.POSITIVE_INFINITY : place,
    ];
  };
  return {
    files: files.sort((a, b) => compare(rank(a), rank(b)) || compare([a.diff.path], [b.diff.path])),
    unchanged: [...after.files.keys()].filter((path) => !diff.files.has(path)),
  };
}

/** The declared paths of the steps, each once, in the order in which they are to be read. */
function readingOrder(steps: readonly Stage[]): string[] {
  const paths = steps.flatMap((stage) => [
    ...(stage.changed ?? []),
    ...addedFiles(stage),
    ...(stage.removed ?? []),
  ]);
  return [...new Set(paths)];
}

function compare<T extends number | string>(a: readonly T[], b: readonly T[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? left;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
