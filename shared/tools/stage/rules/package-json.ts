/**
 * Rule `package`: package.json differs from that of the week before in `name` and
 * `description` only. A week whose lesson needs a new dependency declares it as
 * changed, and then it must differ in more.
 */
import {place, type Step, type Violation} from '../step.ts';
import type {Week} from '../weeks.ts';

const FILE = 'package.json';
const OWN_LINE = /^ {2}"(name|description)": .*\n/gm;

export function checkPackageJson({stage, before, after}: Step): Violation[] {
  if (!before.files.has(FILE) || !after.files.has(FILE)) return [];
  const differs = !isOnlyRenamedPackage(before, after);
  const isDeclared = stage.changed?.includes(FILE) === true;
  if (differs === isDeclared) return [];
  const where = [place(before, FILE), place(after, FILE)];
  if (isDeclared) {
    return [
      {
        rule: 'package',
        where,
        problem: 'declared as changed, but it differs in name and description only',
        remedy: `take it out of ${stage.folder} in shared/tools/stages.ts`,
      },
    ];
  }
  return [
    {
      rule: 'package',
      where,
      problem: 'differs in more than name and description',
      remedy: `make the rest identical, or declare it as changed in shared/tools/stages.ts`,
    },
  ];
}

/** Whether the package.json of two weeks say the same but for name and description. */
export function isOnlyRenamedPackage(before: Week, after: Week): boolean {
  const [old, now] = [before, after].map((week) => {
    return week.files.get(FILE)?.text.replace(OWN_LINE, '');
  });
  return old !== undefined && old === now;
}
