/** A file's changed lines as a terminal shows them. */
import type {ChalkInstance} from 'chalk';
import {diffWordsWithSpace} from 'diff';
import {type Declaration, outline} from './outline.ts';
import {withoutSpace} from './rules/lines.ts';
import {isSource} from './step.ts';
import type {ChangedRun, FileDiff, Hunk, Line} from './week-diff.ts';

/** Two lines are one line before and after if this share of their words is common. */
const SIMILARITY_MIN = 0.6;
/** Pairs of lines to compare in one run of changes; a larger one is new text. */
const PAIRS_MAX = 2_000;

/** @param text the file in the later week */
export function diffLines(file: FileDiff, text: string, paint: ChalkInstance): string {
  if (file.isBinary) return 'binary\n';
  const declarations = isSource(file.path) ? declarationsOf(text) : [];
  const lines = file.hunks.flatMap((hunk) => {
    const header = file.status === 'changed' ? [paint.cyan(hunkHeader(hunk, declarations))] : [];
    return [...header, ...hunk.runs.flatMap((run) => runLines(run, paint))];
  });
  return lines.map((line) => `${line}\n`).join('');
}

function runLines(run: Hunk['runs'][number], paint: ChalkInstance): string[] {
  if (run.kind === 'same') return run.lines.map((line) => ` ${line}`.trimEnd());
  const partners = pairUp(run);
  return [
    ...run.removed.map((line) => {
      const now = partners.find((pair) => pair.old === line)?.now;
      return paint.red(
        `-${now === undefined ? line.text : emphasized(line, now, 'removed', paint)}`,
      );
    }),
    ...run.added.map((line) => {
      const old = partners.find((pair) => pair.now === line)?.old;
      return paint.green(
        `+${old === undefined ? line.text : emphasized(old, line, 'added', paint)}`,
      );
    }),
  ];
}

/** Git's header, with the declaration that the first change is in. */
function hunkHeader(hunk: Hunk, declarations: readonly Declaration[]): string {
  const first = hunk.runs[0];
  const line = hunk.lineAfter + (first?.kind === 'same' ? first.lines.length : 0);
  const around = declarations.findLast(({lineFirst, lineLast}) => {
    return lineFirst <= line && line <= lineLast;
  });
  const name = around === undefined ? '' : ` ${[...around.scope, around.name].join('.')}`;
  return `@@ -${hunk.lineBefore} +${hunk.lineAfter} @@${name}`;
}

/** A file in the working tree may be half-written. */
function declarationsOf(text: string): Declaration[] {
  try {
    return outline(text);
  } catch {
    return [];
  }
}

/** Lines that are the same one before and after, in order. */
function pairUp({removed, added}: ChangedRun): {old: Line; now: Line}[] {
  if (removed.length * added.length > PAIRS_MAX) return [];
  const pairs: {old: Line; now: Line}[] = [];
  let next = 0;
  for (const old of removed) {
    let best = SIMILARITY_MIN;
    let bestIndex: number | undefined;
    for (let index = next; index < added.length; index++) {
      const now = added[index];
      const similarity = now === undefined ? 0 : similarityOf(old.text, now.text);
      if (similarity <= best) continue;
      best = similarity;
      bestIndex = index;
    }
    const now = bestIndex === undefined ? undefined : added[bestIndex];
    if (bestIndex === undefined || now === undefined) continue;
    pairs.push({old, now});
    next = bestIndex + 1;
  }
  return pairs;
}

/** The share of the longer line that both have, from 0 to 1. */
function similarityOf(old: string, now: string): number {
  const length = (text: string) => withoutSpace(text).length;
  const common = diffWordsWithSpace(old, now).filter((part) => !part.added && !part.removed);
  const total = Math.max(length(old), length(now));
  return total === 0 ? 0 : length(common.map((part) => part.value).join('')) / total;
}

function emphasized(old: Line, now: Line, side: 'added' | 'removed', paint: ChalkInstance): string {
  return diffWordsWithSpace(old.text, now.text)
    .map((part) => {
      if (part[side]) return paint.inverse(part.value);
      return part.added || part.removed ? '' : part.value;
    })
    .join('');
}
