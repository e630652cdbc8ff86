/**
 * Rule `words`: nothing in a week's files says which week it is, or when it was
 * written, for that would differ from week to week without being a lesson. Rule
 * `plain`: no symbolic links and no executable files, which a diff would show.
 */
import {place, type Violation} from '../step.ts';
import type {Week} from '../weeks.ts';

const MONTHS =
  'january|february|march|april|may|june|july|august|september|october|november|december';
const NUMBERS = 'one|two|three|four|five|six|seven|eight';

const FORBIDDEN: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a week number', new RegExp(`\\bweeks?[\\s_-]*(?:\\d+|(?:${NUMBERS})\\b)`, 'i')],
  ['another week', /\b(?:next|last|previous|earlier|later|coming) weeks?\b/i],
  ['a date', /\b(?:19|20)\d\d-\d\d-\d\d\b/],
  ['a date', new RegExp(`\\b(?:${MONTHS}) \\d{1,2},? (?:19|20)\\d\\d\\b`, 'i')],
  ['a year of a licence', /(?:copyright|\(c\)|©).*\b(?:19|20)\d\d\b/i],
];

/** @param folders the names of all weeks' folders */
export function checkWords(week: Week, folders: readonly string[]): Violation[] {
  const violations: Violation[] = [];
  for (const [path, {text, isBinary}] of week.files) {
    if (isBinary || path === 'package.json') continue;
    for (const [index, line] of text.split('\n').entries()) {
      const found = forbiddenWord(line, folders);
      if (found === undefined) continue;
      violations.push({
        rule: 'words',
        where: [place(week, path, index + 1)],
        problem: `${found.what}: ${JSON.stringify(found.word)}`,
        remedy: 'leave it out: what it says belongs in the docs',
      });
    }
  }
  return violations;
}

export function checkPlainFiles(week: Week): Violation[] {
  const paths = [...week.files].filter(([, file]) => !file.isPlain).map(([path]) => path);
  return paths.map((path) => ({
    rule: 'plain',
    where: [place(week, path)],
    problem: 'a symbolic link, or executable',
    remedy: 'make it a plain file of mode 644',
  }));
}

function forbiddenWord(
  line: string,
  folders: readonly string[],
): {what: string; word: string} | undefined {
  // A package is named after its folder, so this finds both.
  const folder = folders.find((each) => line.includes(each));
  if (folder !== undefined) return {what: "a week's folder or package", word: folder};
  for (const [what, pattern] of FORBIDDEN) {
    const word = pattern.exec(line)?.[0];
    if (word !== undefined) return {what, word};
  }
  return undefined;
}
