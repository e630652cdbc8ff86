/** One file for people: its parts, and where in the file they are. */
import type {BlockTable} from '../formats/block-table.ts';
import {type CrcForm, formName} from '../formats/checksum.ts';
import type {FileRecord} from '../formats/file-record.ts';
import type {ManifestFile} from '../formats/manifest-file.ts';
import type {VariableTable} from '../formats/variable-table.ts';
import {count, plural} from '../report/numbers.ts';
import type {Content, TableContent} from './content.ts';
import type {LogOverview} from './log-overview.ts';
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

function logLines(file: FileSummary, log: LogOverview, allRecords: boolean): string[] {
  const {puts, deletes, keys, validBytes} = summarizeLog(file, log);
  const torn =
    validBytes === file.sizeBytes ? '' : `; only the first ${count(validBytes)} bytes count`;
  return [
    `${count(puts)} PUT and ${count(deletes)} DELETE of ${plural(keys, 'key')}${torn}`,
    ...recordLines(log.records, allRecords, puts + deletes),
  ];
}

function tableLines(
  {records, blockTable, variableTable}: TableContent,
  head: (what: string) => string,
  allRecords: boolean,
): string[] {
  const tombstones = records.filter(({value}) => value === null).length;
  const entries = `${count(records.length)} ${records.length === 1 ? 'entry' : 'entries'}`;
  return [
    head(tableName(blockTable, variableTable)),
    `${entries}, ${count(tombstones)} of them tombstones`,
    ...(blockTable === undefined ? [] : blockLines(blockTable)),
    ...(variableTable === undefined ? [] : variableLines(variableTable)),
    ...recordLines(records, allRecords),
  ];
}

function tableName(blocks: BlockTable | undefined, variable: VariableTable | undefined): string {
  if (blocks !== undefined) return 'an SSTable of blocks';
  return variable === undefined ? 'an SSTable in JSON' : 'an SSTable in the variable format';
}

/** The map of the blocks, with what each takes in the file and out of it. */
function variableLines({indexBytes, indexChecksum, crcForm, blocks}: VariableTable): string[] {
  return [
    checksumsLine(crcForm),
    '',
    variableRow(['block', 'offset', 'bytes', 'unpacked', 'entries', 'checksum'], 'first key'),
    variableRow(['index', '16', `${indexBytes}`, '', `${blocks.length}`, indexChecksum], ''),
    ...blocks.map(({offset, sizeBytes, isCompressed, contentBytes, ...block}, number) => {
      const unpacked = isCompressed ? `${contentBytes}` : 'as it is';
      const {records, checksum, firstKey} = block;
      const columns = [`${number}`, `${offset}`, `${sizeBytes}`, unpacked, `${records.length}`];
      return variableRow([...columns, checksum], shownText(firstKey));
    }),
  ];
}

function variableRow(columns: readonly string[], key: string): string {
  const [block = '', ...numbers] = columns;
  const checksum = numbers.pop() ?? '';
  const padded = numbers.map((number) => number.padStart(8));
  return [block.padStart(5), ...padded, checksum.padEnd(8), key].join('  ').trimEnd();
}

function checksumsLine(form: CrcForm | undefined): string {
  return `checksums: ${form === undefined ? 'of no known kind' : formName(form)}`;
}

/** The map of the blocks: a line for each page. */
function blockLines({blockCount, blocks, indexChecksum, crcForm}: BlockTable): string[] {
  return [
    checksumsLine(crcForm),
    '',
    blockRow('block', 'offset', 'entries', 'checksum', 'first key in the index'),
    blockRow('index', '0', `${blockCount}`, indexChecksum, ''),
    ...blocks.map(({offset, entryCount, checksum, firstKey}, block) =>
      blockRow(`${block}`, `${offset}`, `${entryCount}`, checksum, shownText(firstKey)),
    ),
  ];
}

/** @param recordCount of the file, which has more than are in `records` if they are too many */
function recordLines(
  records: readonly FileRecord[],
  all: boolean,
  recordCount = records.length,
): string[] {
  if (records.length === 0) return [];
  const shown = all ? records : records.slice(0, RECORDS_SHOWN);
  const hidden = recordCount - shown.length;
  const rest = all ? ', which are not shown' : '; --records shows all';
  return [
    '',
    row('offset', 'bytes', 'record'),
    ...shown.map(({offset, sizeBytes, key, value}) =>
      row(`${offset}`, `${sizeBytes}`, `${shownText(key)} = ${shownValue(value)}`),
    ),
    ...(hidden > 0 ? [`(and ${count(hidden)} more${rest})`] : []),
  ];
}

function row(offset: string, size: string, text: string): string {
  return `${offset.padStart(9)}  ${size.padStart(6)}  ${text}`.trimEnd();
}

function blockRow(block: string, offset: string, entries: string, checksum: string, key: string) {
  const columns = [block.padStart(5), offset.padStart(8), entries.padStart(7), checksum.padEnd(8)];
  return `${columns.join('  ')}  ${key}`.trimEnd();
}
