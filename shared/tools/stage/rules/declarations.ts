/**
 * Rules for declarations. `order`: those that both weeks have keep their order.
 * `renamed`: none goes on under another name. `moved`: none at the top of a file
 * goes on in another file.
 */
import {type Declaration, outline} from '../outline.ts';
import {changedSources, isSource, place, type Step, type Violation} from '../step.ts';
import type {Week} from '../weeks.ts';
import {type LineRange, weight, withoutSpace} from './lines.ts';

export interface DeclarationFindings {
  readonly violations: readonly Violation[];
  /** Lines whose moves need no second report. */
  readonly reported: readonly LineRange[];
}

interface Located extends Declaration {
  readonly week: Week;
  readonly path: string;
}

/** Anything shorter, such as `let i = 0`, may be the same by chance. */
const WEIGHT_MIN = 20;

/** Rule `syntax`: what cannot be parsed cannot be checked. */
export function checkSyntax(week: Week): Violation[] {
  const violations: Violation[] = [];
  for (const [path, file] of week.files) {
    if (!isSource(path)) continue;
    try {
      outline(file.text);
    } catch (error) {
      violations.push({
        rule: 'syntax',
        where: [place(week, path)],
        problem: (error as Error).message,
        remedy: 'correct it',
      });
    }
  }
  return violations;
}

/** REQUIRES: both weeks pass checkSyntax. */
export function checkOrder(step: Step): DeclarationFindings {
  const violations: Violation[] = [];
  const reported: LineRange[] = [];
  for (const {path} of changedSources(step)) {
    const before = outlineOf(step.before, path);
    const after = outlineOf(step.after, path);
    const displaced = displacedPairs(before, after);
    if (displaced.length === 0) continue;
    for (const [old, now] of displaced) {
      violations.push({
        rule: 'order',
        where: [placeOf(old), placeOf(now)],
        problem: `${fullName(now)} changed places with its neighbours`,
        remedy: 'keep the order of the week before; add new declarations between the old ones',
      });
    }
    // git may show the neighbours as the ones that moved.
    const whole = {path, lineFirst: 1, lineLast: Number.POSITIVE_INFINITY};
    reported.push({week: step.before, ...whole}, {week: step.after, ...whole});
  }
  return {violations, reported};
}

/** REQUIRES: both weeks pass checkSyntax. */
export function checkNames(step: Step): DeclarationFindings {
  const violations: Violation[] = [];
  const reported: LineRange[] = [];
  const {vanished, appeared} = comingsAndGoings(step);
  for (const old of vanished) {
    const now = appeared.find((each) => isRenamed(old, each) || isMoved(old, each));
    if (now === undefined) continue;
    const isRename = old.path === now.path;
    violations.push({
      rule: isRename ? 'renamed' : 'moved',
      where: [placeOf(old), placeOf(now)],
      problem: isRename
        ? `${fullName(old)} went on as ${fullName(now)}`
        : `${fullName(old)} went to another file`,
      remedy: 'leave its name and place as they were, or change them in the earlier weeks too',
    });
    reported.push({...old, week: step.before}, {...now, week: step.after});
  }
  return {violations, reported};
}

/** Declarations that only one of the weeks has, files that are new or gone included. */
function comingsAndGoings(step: Step): {vanished: Located[]; appeared: Located[]} {
  const vanished: Located[] = [];
  const appeared: Located[] = [];
  const renamedFiles = new Set(step.diff.renames.flatMap(({from, to}) => [from, to]));
  for (const path of step.diff.files.keys()) {
    if (!isSource(path) || renamedFiles.has(path)) continue;
    const before = outlineOf(step.before, path);
    const after = outlineOf(step.after, path);
    vanished.push(...missing(before, after));
    appeared.push(...missing(after, before));
  }
  return {vanished, appeared};
}

function outlineOf(week: Week, path: string): Located[] {
  const text = week.files.get(path)?.text ?? '';
  return outline(text).map((declaration) => ({...declaration, week, path}));
}

function fullName({scope, name}: Declaration): string {
  return [...scope, name].join('.');
}

function scopeName({scope}: Declaration): string {
  return scope.join('.');
}

function placeOf({week, path, lineFirst}: Located): string {
  return place(week, path, lineFirst);
}

/** Those of `all` that `others` lack. */
function missing(all: readonly Located[], others: readonly Located[]): Located[] {
  const names = new Set(others.map(fullName));
  return all.filter((each) => !names.has(fullName(each)));
}

function isRenamed(old: Located, now: Located): boolean {
  if (old.path !== now.path || scopeName(old) !== scopeName(now)) return false;
  const body = withoutName(old);
  return body !== undefined && weight(body) >= WEIGHT_MIN && body === withoutName(now);
}

/** Private members are left out: two classes may well have equal ones. */
function isMoved(old: Located, now: Located): boolean {
  if (old.path === now.path || old.name !== now.name) return false;
  if (old.scope.length > 0 || now.scope.length > 0) return false;
  const text = (each: Located) => withoutSpace(each.text.replace(/^export /, ''));
  return weight(old.text) >= WEIGHT_MIN && text(old) === text(now);
}

/** Undefined for a test: its title is prose. */
function withoutName({name, text}: Declaration): string | undefined {
  const word = /(#?[\w$]+)(?: \(\d+\))?$/.exec(name)?.[1];
  return word === undefined ? undefined : withoutSpace(text.replaceAll(word, '_'));
}

/** The fewest declarations that must be put back to restore the order of `before`. */
function displacedPairs(
  before: readonly Located[],
  after: readonly Located[],
): (readonly [Located, Located])[] {
  const displaced: (readonly [Located, Located])[] = [];
  for (const scope of new Set(after.map(scopeName))) {
    const old = before.filter((each) => scopeName(each) === scope);
    const pairs = after
      .filter((each) => scopeName(each) === scope)
      .flatMap((now) => {
        const position = old.findIndex(({name}) => name === now.name);
        const match = old[position];
        return match === undefined ? [] : [{position, match, now}];
      });
    const kept = longestAscending(pairs.map(({position}) => position));
    for (const {position, match, now} of pairs) {
      if (!kept.has(position)) displaced.push([match, now]);
    }
  }
  return displaced;
}

/** A longest ascending subsequence of distinct numbers. */
function longestAscending(numbers: readonly number[]): Set<number> {
  const longer = (a: number[], b: number[]) => (b.length > a.length ? b : a);
  // The longest subsequence that ends with each number.
  const endingWith = new Map<number, number[]>();
  for (const number of numbers) {
    const extensible = [...endingWith].filter(([last]) => last < number).map(([, all]) => all);
    endingWith.set(number, [...extensible.reduce(longer, []), number]);
  }
  return new Set([...endingWith.values()].reduce(longer, []));
}
