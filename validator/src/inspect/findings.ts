/** What is to be said about files: rules that are broken, and what is merely worth knowing. */
import {type Problem, RULES} from '../formats/problem.ts';

/** Rules between files. Those within one are in formats/problem.ts. */
const FOLDER_RULES = {
  'manifest-missing': 'A folder with SSTables, or with a log that has records, has a MANIFEST.',
  'listed-there': 'What MANIFEST lists is there, each file in the folder of its level.',
  'ids-unique': 'No two SSTables have the same id, in whichever levels they are.',
  'l0-order': 'L0 is listed from the oldest to the newest: ids ascend.',
  'table-entries': 'An SSTable has at most 2,000 entries, and 1,953 from week 6 on.',
  'range-exact':
    'Below L0, the range of a line is the first and the last key of its file, or, half-open, the second key is the first one behind it.',
  'ranges-disjoint': 'Below L0, no two SSTables of a level have keys in the same range.',
  'filter-there': 'From week 7 on, each SSTable has its Bloom filter beside it.',
} as const;

export type FolderRule = keyof typeof FOLDER_RULES;

export interface Finding {
  /** A note breaks no rule; what is unread may, or may not. */
  readonly severity: 'error' | 'unread' | 'note';
  /** In the data folder. */
  readonly path: string;
  /** In bytes; undefined if it is about the file as a whole. */
  readonly offset: number | undefined;
  /** Undefined for a note. */
  readonly rule: string | undefined;
  readonly message: string;
}

export function note(path: string, message: string): Finding {
  return {severity: 'note', path, offset: undefined, rule: undefined, message};
}

export function broken(path: string, rule: FolderRule, message: string): Finding {
  return {severity: 'error', path, offset: undefined, rule, message};
}

/** Of a file, or of what is behind an offset in it. */
export function unread(path: string, offset: number | undefined, message: string): Finding {
  return {severity: 'unread', path, offset, rule: 'read-limit', message};
}

export function findingsOf(path: string, problems: readonly Problem[]): Finding[] {
  return problems.map(({offset, rule, message}) => {
    if (rule === 'read-limit') return unread(path, offset, message);
    // A torn tail is how a crash leaves a log, and no reason for concern.
    const severity = rule === 'log-tail' ? 'note' : 'error';
    return {severity, path, offset, rule, message};
  });
}

/** What a rule demands, in a sentence. */
export function ruleText(rule: string): string | undefined {
  return ({...RULES, ...FOLDER_RULES} as Record<string, string>)[rule];
}
