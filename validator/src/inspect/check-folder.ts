/** The invariants between the files of a data folder. */
import {broken, type Finding, note} from './findings.ts';
import {numberIn} from './layout.ts';
import type {Folder, PlacedTable} from './read-folder.ts';
import type {TableSummary} from './summaries.ts';

const ENTRIES_MAX = {json: 2_000, blocks: 1_953, variable: 1_953};
const FIRST_WEEK_WITH_FILTERS = 7;

/** All findings: those within files, then those between them. */
export function checkFolder(folder: Folder): Finding[] {
  return [
    ...folder.findings,
    ...checkManifest(folder),
    ...folder.tables.flatMap(checkPlaced),
    ...checkOrder(folder),
    ...checkRanges(folder.tables),
    ...checkTables(folder),
    ...leftovers(folder),
  ];
}

function checkManifest({manifest, unreadManifest, findings, logs, unlisted}: Folder): Finding[] {
  const isUnread = ({severity, path}: Finding) =>
    severity === 'unread' && path === unreadManifest?.path;
  if (manifest !== undefined || findings.some(isUnread)) return [];
  const data = unlisted[0]?.path ?? logs.find(({puts, deletes}) => puts + deletes > 0)?.path;
  if (data === undefined) return [];
  return [broken('MANIFEST', 'manifest-missing', `it is missing, but ${data} is here`)];
}

function checkPlaced({level, name, table, isUnread}: PlacedTable): Finding[] {
  if (table !== undefined || isUnread) return [];
  return [
    broken(
      name,
      'listed-there',
      `MANIFEST lists it in L${level}, and no regular file of that name is there`,
    ),
  ];
}

function checkOrder({tables, unlisted}: Folder): Finding[] {
  const findings: Finding[] = [];
  const l0 = tables.filter(({level}) => level === 0);
  for (const [index, {name}] of l0.entries()) {
    const before = l0[index - 1]?.name;
    if (before === undefined || numberIn(before) < numberIn(name)) continue;
    findings.push(broken(name, 'l0-order', `MANIFEST lists it after ${before}`));
  }
  const byId = new Map<number, string>();
  for (const {path} of [...tables.flatMap(({table}) => table ?? []), ...unlisted]) {
    const other = byId.get(numberIn(path));
    if (other !== undefined) findings.push(broken(path, 'ids-unique', `there is ${other} too`));
    byId.set(numberIn(path), path);
  }
  return findings;
}

function checkRanges(tables: readonly PlacedTable[]): Finding[] {
  const findings: Finding[] = [];
  const ranged = tables.filter(({level, table}) => level > 0 && table !== undefined);
  const isHalfOpen = ranged.every(isWithinHalfOpen) && !ranged.every(isExact);
  for (const [index, placed] of ranged.entries()) {
    const {range, table, level} = placed;
    const path = table?.path ?? '';
    if (!isHalfOpen && !isExact(placed)) {
      const message = `it has the keys ${table?.minKey} to ${table?.maxKey}, and MANIFEST says ${range?.first}-${range?.last}`;
      findings.push(broken(path, 'range-exact', message));
    }
    const before = ranged[index - 1];
    if (before === undefined || before.level !== level) continue;
    const [last = '', first = ''] = [before.table?.maxKey, table?.minKey];
    if (last < first) continue;
    const message = `it begins with ${first}, and ${before.table?.path} ends with ${last}`;
    findings.push(broken(path, 'ranges-disjoint', message));
  }
  return findings;
}

function isExact({range, table}: PlacedTable): boolean {
  return range?.first === table?.minKey && range?.last === table?.maxKey;
}

function isWithinHalfOpen({range, table}: PlacedTable): boolean {
  if (range === undefined || table?.minKey === undefined || table.maxKey === undefined)
    return false;
  return range.first <= table.minKey && table.maxKey < range.last;
}

function checkTables({tables, week = 0}: Folder): Finding[] {
  const listed = tables.flatMap(({table}) => table ?? []);
  return listed.flatMap((table) => [
    ...checkEntries(table),
    ...(week >= FIRST_WEEK_WITH_FILTERS ? checkFilter(table) : []),
  ]);
}

function checkEntries({path, form, entries}: TableSummary): Finding[] {
  const most = ENTRIES_MAX[form];
  if (entries <= most) return [];
  return [broken(path, 'table-entries', `it has ${entries} entries, and ${most} are allowed`)];
}

function checkFilter({path, filter}: TableSummary): Finding[] {
  return filter === undefined ? [broken(path, 'filter-there', 'it has no Bloom filter')] : [];
}

/** What a crash leaves behind, and the next start may remove. */
function leftovers({manifest, unlisted, logs}: Folder): Finding[] {
  const first = manifest?.walFirst ?? 0;
  return [
    ...(manifest === undefined ? [] : unlisted).map(({path}) =>
      note(path, `${manifest?.path} does not list it: it does not count`),
    ),
    ...logs
      .filter(({path}) => numberIn(path) < first)
      .map(({path}) => note(path, 'all of it is in SSTables: a replay begins behind it')),
  ];
}
