/**
 * Rule `moved`: no run of lines is taken out in one place and put in at another,
 * within a file or from one file to another.
 */
import {isSource, place, type Step, type Violation} from '../step.ts';
import {changedRuns, type Line} from '../week-diff.ts';
import {contains, isImport, type LineRange, weight, withoutSpace} from './lines.ts';

/** The lines on one side of a run of changes, blank ones left out. */
interface Block {
  readonly path: string;
  /** Blocks of the same number stood in for each other. */
  readonly run: number;
  readonly lines: readonly Line[];
}

interface Move {
  readonly from: Block;
  readonly to: Block;
  readonly lines: readonly Line[];
  readonly firstAdded: Line;
}

/** What `git diff --color-moved` takes for a moved block. */
const WEIGHT_MIN = 20;
/** Two files may share a line or an idiom without one having got it from the other. */
const WEIGHT_MIN_ACROSS_FILES = 60;
const LINES_MIN_ACROSS_FILES = 3;

/** @param reported lines whose moves need no second report */
export function checkMovedLines(step: Step, reported: readonly LineRange[]): Violation[] {
  const {removed, added} = blocks(step, reported);
  const violations: Violation[] = [];
  for (const from of removed) {
    for (let i = 0; i < from.lines.length; ) {
      const move = longestMove(from, i, added);
      if (move !== undefined) violations.push(violationOf(step, move));
      i += move?.lines.length ?? 1;
    }
  }
  return violations;
}

function blocks(step: Step, reported: readonly LineRange[]): {removed: Block[]; added: Block[]} {
  const removed: Block[] = [];
  const added: Block[] = [];
  const renamedFiles = new Set(step.diff.renames.flatMap(({from, to}) => [from, to]));
  let run = 0;
  for (const file of step.diff.files.values()) {
    const {path} = file;
    if (!isSource(path) || renamedFiles.has(path)) continue;
    for (const change of changedRuns(file)) {
      run++;
      const unreported = (lines: readonly Line[], week: Step['before']) => {
        return lines.filter(({text, number}) => {
          return text.trim() !== '' && !contains(reported, week, path, number);
        });
      };
      removed.push({path, run, lines: unreported(change.removed, step.before)});
      added.push({path, run, lines: unreported(change.added, step.after)});
    }
  }
  return {removed, added};
}

/** The longest run of lines of `from`, starting at `start`, that is in another block of `added`. */
function longestMove(from: Block, start: number, added: readonly Block[]): Move | undefined {
  let longest: Move | undefined;
  for (const to of added) {
    // Within one run of changes it is a change of form: rule `cosmetic`.
    if (to.run === from.run) continue;
    for (const [index, firstAdded] of to.lines.entries()) {
      const count = commonLength(from.lines, start, to.lines, index);
      if (count <= (longest?.lines.length ?? 0)) continue;
      const move = {from, to, lines: from.lines.slice(start, start + count), firstAdded};
      if (isMove(move)) longest = move;
    }
  }
  return longest;
}

function commonLength(
  a: readonly Line[],
  aStart: number,
  b: readonly Line[],
  bStart: number,
): number {
  let count = 0;
  for (;;) {
    const [left, right] = [a[aStart + count], b[bStart + count]];
    if (left === undefined || right === undefined) return count;
    if (withoutSpace(left.text) !== withoutSpace(right.text)) return count;
    count++;
  }
}

function isMove({from, to, lines}: Move): boolean {
  // A new file needs imports that an old one may no longer need.
  const telling = lines.filter(({text}) => !isImport(text));
  const total = telling.reduce((sum, {text}) => sum + weight(text), 0);
  if (from.path === to.path) return total >= WEIGHT_MIN;
  return total >= WEIGHT_MIN_ACROSS_FILES && telling.length >= LINES_MIN_ACROSS_FILES;
}

function violationOf(step: Step, {from, to, lines, firstAdded}: Move): Violation {
  const [first] = lines;
  const text = JSON.stringify(first?.text.trim());
  return {
    rule: 'moved',
    where: [
      place(step.before, from.path, first?.number),
      place(step.after, to.path, firstAdded.number),
    ],
    problem: lines.length === 1 ? `${text} moved` : `${lines.length} lines moved, from ${text}`,
    remedy: 'leave them in their place and build around them',
  };
}
