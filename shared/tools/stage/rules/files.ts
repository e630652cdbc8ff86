/**
 * Rule `files`: a week differs from the one before in the files that it declares,
 * and in no other; rule `renamed`: no file goes on under another name.
 */
import {addedFiles} from '../declaration.ts';
import {place, type Step, type Violation} from '../step.ts';

type Actual = 'changed' | 'added' | 'removed' | 'same' | 'nowhere';

const ACTUAL: Readonly<Record<Actual, string>> = {
  changed: 'differs from that of the week before',
  added: 'is not in the week before',
  removed: 'is only in the week before',
  same: 'is identical to that of the week before',
  nowhere: 'is in neither week',
};

/** How to get from what is to what is declared. */
function remedy(actual: Actual, expected: Actual): string {
  if (expected === 'changed') return 'change it';
  if (expected === 'added') return 'add it, in this week only';
  if (expected === 'removed' || actual === 'added') return 'delete it';
  return actual === 'removed' ? 'put it back' : 'make it identical';
}

export function checkFiles(step: Step): Violation[] {
  const {stage, before, after, diff} = step;
  const declared = new Map<string, Actual>();
  for (const path of stage.changed ?? []) declared.set(path, 'changed');
  for (const path of addedFiles(stage)) declared.set(path, 'added');
  for (const path of stage.removed ?? []) declared.set(path, 'removed');

  const isRenamed = new Set(diff.renames.flatMap(({from, to}) => [from, to]));
  const violations: Violation[] = [];
  const paths = new Set([...before.files.keys(), ...after.files.keys(), ...declared.keys()]);
  for (const path of [...paths].sort()) {
    const isSame = before.files.has(path) && after.files.has(path);
    const actual = diff.files.get(path)?.status ?? (isSame ? 'same' : 'nowhere');
    const expected = declared.get(path) ?? 'same';
    // package.json differs by name: its own rule looks at it.
    const isOnlyNamed = path === 'package.json' && expected === 'same' && actual === 'changed';
    if (actual === expected || isRenamed.has(path) || isOnlyNamed) continue;
    const problem = declared.has(path) ? `declared as ${expected}, but` : 'not declared, but';
    violations.push({
      rule: 'files',
      where: [place(actual === 'removed' ? before : after, path)],
      problem: `${problem} ${ACTUAL[actual]}`,
      remedy: `${remedy(actual, expected)}, or correct ${stage.folder} in shared/tools/stages.ts`,
    });
  }
  return violations;
}

export function checkRenames({before, after, diff}: Step): Violation[] {
  return diff.renames.map(({from, to, similarityPercent}) => ({
    rule: 'renamed',
    where: [place(before, from), place(after, to)],
    problem: `a file went on under another name (${similarityPercent} % alike)`,
    remedy: `keep the name ${from}, or give the earlier weeks the new one`,
  }));
}
