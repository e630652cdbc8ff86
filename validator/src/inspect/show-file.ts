/** One file for people: its parts, and where in the file they are. */
import type {BlockTable} from '../formats/block-table.ts';
import {formName} from '../formats/checksum.ts';
import type {FileRecord} from '../formats/file-record.ts';
import type {LogFile} from '../formats/log-file.ts';
import type {ManifestFile} from '../formats/manifest-file.ts';
import {count, plural} from '../report/numbers.ts';
import type {Content, TableContent} from './content.ts';
import {filterText} from './show-folder.ts';
import {shownText, shownValue} from './show-text.ts';
import {type FileSummary, summarizeFilter, summarizeLog} from './summaries.ts';

/** Records that are shown unless all are asked for. */
const RECORDS_SHOWN = 10;

export interface FileView {
  readonly file: FileSummary;
  readonly content: Content;
  /** Show all records, not only the first ones. */
  readonly allRecords: boolean;
}

export function showFile({file, content, allRecords}: FileView): string[] {
  const head = (what: string) =>
    `${shownText(file.path)}: ${what}, ${plural(file.sizeBytes, 'byte')}`;
  switch (content.kind) {
    case 'manifest':
      return [head('a MANIFEST'), ...manifestLines(content.manifest)];
    case 'log':
      return [head('a log'), ...logLines(file, content.log, allRecords)];
    case 'table':
      return tableLines(content, head, allRecords);
    case 'filter': {
      const {seeds, checksum, ...summary} = summarizeFilter(file, content.filter);
      return [
        head('a Bloom filter'),
        filterText({...summary, seeds, checksum}),
        `${count(summary.bitsSet)} of 19,968 bits; seeds ${seeds.join(' and ')}; checksum: ${checksum}`,
      ];
    }
    case 'other':
    default:
      return [head(content.what)];
  }
}

function manifestLines({walFirst, form, tables, levelCount}: ManifestFile): string[] {
  const wal = walFirst === undefined ? '' : `; logs from ${walFirst} on count`;
  const levels = form === 'levels' ? plural(levelCount, 'level') : 'a list';
  return [
    `${levels}, ${plural(tables.length, 'SSTable')}${wal}`,
    ...(tables.length === 0 ? [] : ['', row('offset', 'level', 'name')]),
    ...tables.map(({offset, level, name, range}) => {
      const keys = range === undefined ? '' : `  ${range.first} to ${range.last}`;
      return row(String(offset), `L${level}`, shownText(`${name}${keys}`));
    }),
  ];
}

function logLines(file: FileSummary, log: LogFile, allRecords: boolean): string[] {
  const {puts, deletes, keys, validBytes} = summarizeLog(file, log);
  const torn =
    validBytes === file.sizeBytes ? '' : `; only the first ${count(validBytes)} bytes count`;
  return [
    `${count(puts)} PUT and ${count(deletes)} DELETE of ${plural(keys, 'key')}${torn}`,
    ...recordLines(log.records, allRecords),
  ];
}

function tableLines(
  {records, blockTable}: TableContent,
  head: (what: string) => string,
  allRecords: boolean,
): string[] {
  const tombstones = records.filter(({value}) => value === null).length;
  const entries = `${count(records.length)} ${records.length === 1 ? 'entry' : 'entries'}`;
  return [
    head(blockTable === undefined ? 'an SSTable in JSON' : 'an SSTable of blocks'),
    `${entries}, ${count(tombstones)} of them tombstones`,
    ...(blockTable === undefined ? [] : blockLines(blockTable)),
    ...recordLines(records, allRecords),
  ];
}

/** The map of the blocks: a line for each page. */
function blockLines({blockCount, blocks, indexChecksum, crcForm}: BlockTable): string[] {
  return [
    `checksums: ${crcForm === undefined ? 'of no known kind' : formName(crcForm)}`,
    '',
    blockRow('block', 'offset', 'entries', 'checksum', 'first key in the index'),
    blockRow('index', '0', `${blockCount}`, indexChecksum, ''),
    ...blocks.map(({offset, entryCount, checksum, firstKey}, block) =>
      blockRow(`${block}`, `${offset}`, `${entryCount}`, checksum, shownText(firstKey)),
    ),
  ];
}

function recordLines(records: readonly FileRecord[], all: boolean): string[] {
  if (records.length === 0) return [];
  const shown = all ? records : records.slice(0, RECORDS_SHOWN);
  const hidden = records.length - shown.length;
  return [
    '',
    row('offset', 'bytes', 'record'),
    ...shown.map(({offset, sizeBytes, key, value}) =>
      row(`${offset}`, `${sizeBytes}`, `${shownText(key)} = ${shownValue(value)}`),
    ),
    ...(hidden > 0 ? [`(and ${count(hidden)} more; --records shows all)`] : []),
  ];
}

function row(offset: string, size: string, text: string): string {
  return `${offset.padStart(9)}  ${size.padStart(6)}  ${text}`.trimEnd();
}

function blockRow(block: string, offset: string, entries: string, checksum: string, key: string) {
  const columns = [block.padStart(5), offset.padStart(8), entries.padStart(7), checksum.padEnd(8)];
  return `${columns.join('  ')}  ${key}`.trimEnd();
}
