/**
 * Rule `cosmetic`: a changed line says something else than before. White space,
 * quotes, trailing commas and the wrapping of comments say nothing.
 */
import {changedSources, place, type Step, type Violation} from '../step.ts';
import {type ChangedRun, changedRuns, type Line} from '../week-diff.ts';
import {contains, isComment, type LineRange, weight, withoutSpace} from './lines.ts';

/** Lines such as `} else {` come and go at other depths without being the same one. */
const WEIGHT_MIN = 10;

/** @param reported lines whose moves need no second report */
export function checkCosmetic(step: Step, reported: readonly LineRange[]): Violation[] {
  const violations: Violation[] = [];
  for (const file of changedSources(step)) {
    for (const run of changedRuns(file)) {
      const [old] = run.removed;
      const [now] = run.added;
      const isReported =
        (old !== undefined && contains(reported, step.before, file.path, old.number)) ||
        (now !== undefined && contains(reported, step.after, file.path, now.number));
      const found = isReported ? undefined : cosmeticChange(run);
      if (found === undefined) continue;
      const where = [];
      if (found.old !== undefined) where.push(place(step.before, file.path, found.old.number));
      if (found.now !== undefined) where.push(place(step.after, file.path, found.now.number));
      violations.push({rule: 'cosmetic', where, problem: found.problem, remedy: found.remedy});
    }
  }
  return violations;
}

interface Cosmetic {
  readonly problem: string;
  readonly remedy: string;
  readonly old: Line | undefined;
  readonly now: Line | undefined;
}

function cosmeticChange({removed, added}: ChangedRun): Cosmetic | undefined {
  const first = {old: removed[0], now: added[0]};
  const remedy = 'leave it as it was, or give the earlier weeks the same form';
  if ([...removed, ...added].every(({text}) => text.trim() === '')) {
    return {...first, problem: 'only blank lines changed', remedy};
  }
  if (removed.length === 0 || added.length === 0) return undefined;
  if (codeOf(removed) === codeOf(added)) {
    const problem = 'only white space, quotes or trailing commas changed';
    return {...first, problem, remedy};
  }
  if ([...removed, ...added].every(({text}) => isComment(text))) {
    const isSame = wordsOf(removed) === wordsOf(added);
    return isSame ? {...first, problem: 'the same words in another form', remedy} : undefined;
  }
  return sameLine(removed, added);
}

/** A line of code that stays as it is but for its indentation or its quotes. */
function sameLine(removed: readonly Line[], added: readonly Line[]): Cosmetic | undefined {
  for (const old of removed) {
    if (isComment(old.text) || weight(old.text) < WEIGHT_MIN) continue;
    const now = added.find((line) => codeOf([line]) === codeOf([old]));
    if (now === undefined) continue;
    return {
      old,
      now,
      problem: `only its form changed: ${JSON.stringify(now.text.trim())}`,
      remedy: 'keep its depth: return early, or extract what is around it',
    };
  }
  return undefined;
}

/** What is left of code when its form is taken away; strings keep their content. */
function codeOf(lines: readonly Line[]): string {
  const text = lines.map((line) => line.text).join('\n');
  return text
    .split(/('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)/)
    .map((part, index) => (index % 2 === 1 ? `'${part.slice(1, -1)}'` : withoutSpace(part)))
    .join('')
    .replace(/,(?=[)\]}]|$)/g, '');
}

/** The words of a comment, without marks, punctuation and case. */
function wordsOf(lines: readonly Line[]): string {
  const text = lines.map((line) => line.text).join(' ');
  return (text.toLowerCase().match(/[\p{L}\p{N}_$]+/gu) ?? []).join(' ');
}
