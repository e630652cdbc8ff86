/** A data folder for people: what counts, in which order, and what is wrong. */
import {escapeText} from '../report/escape.ts';
import {count, plural} from '../report/numbers.ts';
import type {Finding} from './findings.ts';
import type {Folder, PlacedTable} from './read-folder.ts';
import {label, shownText} from './show-text.ts';
import type {FilterSummary, LogSummary, TableSummary} from './summaries.ts';

export function showFolder(folder: Folder, findings: readonly Finding[]): string[] {
  const {name, week, manifest, logs, unlisted, others} = folder;
  const form = week === undefined ? 'nothing of the series in it' : `the formats of week ${week}`;
  return [
    `${shownText(name)}: a data folder, ${form}`,
    ...section('Lists and logs', [
      ...(manifest === undefined ? [] : [label(manifest.path, manifestLine(folder))]),
      ...logs.map((log) => label(log.path, logLine(log))),
    ]),
    ...levelsOf(folder).flatMap(([level, tables]) =>
      section(levelTitle(folder, level), tables.flatMap(placedLines)),
    ),
    ...section('SSTables that are not listed', unlisted.flatMap(tableLines)),
    ...section(
      'Other files',
      others.map(({path, sizeBytes, what}) => label(path, `${plural(sizeBytes, 'byte')}, ${what}`)),
    ),
    ...showFindings(findings),
  ];
}

/** One line each; a line that says so if there are none. */
export function showFindings(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return ['', 'Nothing is wrong.'];
  return section(
    plural(findings.length, 'finding'),
    findings.map(({severity, path, offset, message}) => {
      const place = offset === undefined ? '' : `, byte ${offset}`;
      return `${severity.padEnd(6)} ${shownText(path)}${place}: ${escapeText(message)}`;
    }),
  );
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function manifestLine({manifest, tables}: Folder): string {
  const levels =
    manifest?.form === 'levels' ? `${plural(manifest.levelCount, 'level')}, ` : 'a list, ';
  const wal = manifest?.walFirst === undefined ? '' : `, logs from ${manifest.walFirst} on`;
  return `${levels}${plural(tables.length, 'SSTable')}${wal}`;
}

function logLine({puts, deletes, keys, sizeBytes, validBytes}: LogSummary): string {
  const torn = validBytes === sizeBytes ? '' : `, of which ${count(validBytes)} count`;
  return `${count(puts)} PUT and ${count(deletes)} DELETE of ${plural(keys, 'key')}; ${plural(sizeBytes, 'byte')}${torn}`;
}

function levelsOf({tables}: Folder): [level: number, tables: PlacedTable[]][] {
  const levels = Array.from(new Set(tables.map(({level}) => level)));
  return levels.map((level) => [level, tables.filter((table) => table.level === level)]);
}

function levelTitle({manifest}: Folder, level: number): string {
  if (manifest?.form === 'list') return 'SSTables, from the oldest to the newest';
  return level === 0 ? 'L0, from the oldest to the newest' : `L${level}, by key`;
}

function placedLines({name, range, table, isUnread}: PlacedTable): string[] {
  if (table === undefined) return [label(name, isUnread ? 'not read' : 'not there')];
  const listed = range === undefined ? '' : `${range.first}-${range.last}`;
  const isSame = listed === `${table.minKey}-${table.maxKey}`;
  return [
    ...tableLines(table),
    ...(listed === '' || isSame ? [] : [label('', `in MANIFEST: ${shownText(listed)}`)]),
  ];
}

function tableLines({path, ...table}: TableSummary): string[] {
  const {entries, tombstones, blocks, sizeBytes, minKey = '', maxKey = '', filter} = table;
  const deleted = tombstones === 0 ? '' : `, ${count(tombstones)} of them tombstones`;
  const inBlocks = blocks === undefined ? '' : ` in ${plural(blocks, 'block')}`;
  const entriesText = `${count(entries)} ${entries === 1 ? 'entry' : 'entries'}${inBlocks}${deleted}`;
  return [
    label(path, `${entriesText}; ${plural(sizeBytes, 'byte')}`),
    ...(entries === 0 ? [] : [label('', `${shownText(minKey)} to ${shownText(maxKey)}`)]),
    ...(filter === undefined ? [] : [label('', `filter: ${filterText(filter)}`)]),
  ];
}

/** `38.7 % of its bits set; 0.87 % false positives expected, 0.85 % measured` */
export function filterText(filter: FilterSummary): string {
  const {fill, expectedFalsePositives, measuredFalsePositives} = filter;
  const rates = `${percent(expectedFalsePositives)} false positives expected, ${percent(measuredFalsePositives)} measured`;
  return `${(100 * fill).toFixed(1)} % of its bits set; ${rates}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
