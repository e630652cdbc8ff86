/**
 * Rule `package`: package.json differs from that of the week before in `name` and
 * `description` only. A week whose lesson needs a new dependency declares it as
 * changed, and then it must differ in more.
 */
import {place, type Step, type Violation} from '../step.ts';

const FILE = 'package.json';
const OWN_LINE = /^ {2}"(name|description)": .*\n/gm;

export function checkPackageJson({stage, before, after}: Step): Violation[] {
  const [old, now] = [before.files.get(FILE)?.text, after.files.get(FILE)?.text];
  if (old === undefined || now === undefined) return [];
  const differs = old.replace(OWN_LINE, '') !== now.replace(OWN_LINE, '');
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
