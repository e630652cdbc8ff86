/**
 * What it takes to carry the change of one week into the later ones.
 *
 * A change is carried from week to week, not from its own week to each: week 5
 * gets what week 4 became, compared with what week 4 was. Neighbours differ by one
 * lesson only, so there is less for the change to collide with; and a conflict
 * that was resolved in one week is resolved for all that follow.
 */
import {conflictLines, mergeText} from './merge.ts';
import type {Week, WeekFile} from './weeks.ts';

export type Outcome =
  /** As it was in the week before; replaced, created or deleted as there. */
  | 'same'
  /** The week's own text, with the change made to it. */
  | 'merged'
  /** The week has the change already. */
  | 'there'
  /** The week has no such file. */
  | 'absent'
  /** Both changed the same lines. */
  | 'conflict'
  /** A conflict in an earlier week comes first. */
  | 'waiting';

/** A week before and after the change; a file that is absent has no text. */
export interface PortWeek {
  /** At the revision that the change is counted from. */
  readonly old: Week;
  /** In the working tree. */
  readonly now: Week;
}

export interface PortStep {
  readonly week: Week;
  readonly path: string;
  readonly outcome: Outcome;
  /** What to write: a text, or undefined to delete the file; absent to leave it alone. */
  readonly write?: {readonly text: string | undefined};
  /** 1-based lines of `write` where conflicts begin; none where a file was deleted. */
  readonly conflictLines: readonly number[];
}

/** From a text to a text; undefined where the file does not exist. */
interface Change {
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The week that it was made to. */
  readonly folder: string;
}

/** Paths of the files that differ between the two states of a week. */
export function changedPaths({old, now}: PortWeek): string[] {
  const paths = new Set([...old.files.keys(), ...now.files.keys()]);
  return [...paths].sort().filter((path) => textOf(old, path) !== textOf(now, path));
}

/** Texts and binary files are told apart by their content, in any of the weeks. */
export function binaryPaths(weeks: readonly PortWeek[], paths: readonly string[]): string[] {
  const isBinary = (file: WeekFile | undefined) => file?.isBinary === true;
  return paths.filter((path) => {
    return weeks.some(
      ({old, now}) => isBinary(old.files.get(path)) || isBinary(now.files.get(path)),
    );
  });
}

/**
 * Carries one file's change through the later weeks, in order; writes nothing.
 * @param weeks the changed week, then the later ones
 */
export async function planFile(path: string, weeks: readonly PortWeek[]): Promise<PortStep[]> {
  const [source, ...later] = weeks;
  if (source === undefined) return [];
  let change: Change = {
    from: textOf(source.old, path),
    to: textOf(source.now, path),
    folder: source.now.folder,
  };
  const steps: PortStep[] = [];
  for (const week of later) {
    const isBlocked = steps.some(({outcome}) => outcome === 'conflict');
    const step = isBlocked ? untouched(week, path, 'waiting') : await planStep(path, change, week);
    steps.push(step);
    change = nextChange(change, step, week);
  }
  return steps;
}

async function planStep(path: string, change: Change, week: PortWeek): Promise<PortStep> {
  const ours = textOf(week.now, path);
  if (ours === change.to) return untouched(week, path, 'there');
  if (ours === change.from) return written(week, path, 'same', change.to);
  if (ours === undefined) return untouched(week, path, 'absent');
  // The week changed what is to be deleted: no text can show that.
  if (change.to === undefined) return untouched(week, path, 'conflict');

  if (await isPortedAlready(path, change, week)) return untouched(week, path, 'there');
  const merged = await merge(ours, change, week);
  if (merged.hasConflicts) return written(week, path, 'conflict', merged.text);
  if (merged.text === ours) return untouched(week, path, 'there');
  return written(week, path, 'merged', merged.text);
}

/** Whether the week is what an earlier run made of it. */
async function isPortedAlready(path: string, change: Change, week: PortWeek): Promise<boolean> {
  const [old, now] = [textOf(week.old, path), textOf(week.now, path)];
  if (old === undefined || old === now) return false;
  const merged = await merge(old, change, week);
  return !merged.hasConflicts && merged.text === now;
}

function merge(ours: string, {from, to, folder}: Change, {now}: PortWeek) {
  return mergeText(ours, from ?? '', to ?? '', {
    ours: now.folder,
    base: `${folder} as it was`,
    theirs: `${folder} as it is`,
  });
}

/** What the next week is to get. */
function nextChange(change: Change, step: PortStep, {old, now}: PortWeek): Change {
  const {folder} = now;
  if (step.write !== undefined) {
    return {from: textOf(now, step.path), to: step.write.text, folder};
  }
  const [from, to] = [textOf(old, step.path), textOf(now, step.path)];
  return step.outcome === 'there' && from !== to ? {from, to, folder} : change;
}

function textOf(week: Week, path: string): string | undefined {
  return week.files.get(path)?.text;
}

function untouched({now}: PortWeek, path: string, outcome: Outcome): PortStep {
  return {week: now, path, outcome, conflictLines: []};
}

function written(
  {now}: PortWeek,
  path: string,
  outcome: Outcome,
  text: string | undefined,
): PortStep {
  return {week: now, path, outcome, write: {text}, conflictLines: conflictLines(text ?? '')};
}
