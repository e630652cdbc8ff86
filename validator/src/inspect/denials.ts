import {type BloomFile, mayHave} from '../formats/bloom-file.ts';
import {plural} from '../report/numbers.ts';
import type {Finding} from './findings.ts';

/** Whether a filter denies keys that its SSTable has: at most one finding, for all of them. */
export function denials(
  path: string,
  tablePath: string,
  filter: BloomFile,
  keys: readonly string[],
): Finding[] {
  const denied = keys.filter((key) => !mayHave(filter, key));
  const [first] = denied;
  if (first === undefined) return [];
  const others = denied.length > 1 ? `, and ${plural(denied.length - 1, 'other key')}` : '';
  const message = `it denies ${first}, which ${tablePath} has${others}`;
  return [{severity: 'error', path, offset: undefined, rule: 'filter-denies', message}];
}
