/** What kind of file it is, and what is in it. */

import {type BlockTable, readBlockTable} from '../formats/block-table.ts';
import {type BloomFile, FILTER_BYTES, readBloomFile} from '../formats/bloom-file.ts';
import type {FileRecord} from '../formats/file-record.ts';
import {readJsonTable} from '../formats/json-table.ts';
import {type ManifestFile, readManifestFile} from '../formats/manifest-file.ts';
import type {Problem} from '../formats/problem.ts';
import {isVariable, readVariableTable, type VariableTable} from '../formats/variable-table.ts';
import {type LogOverview, overviewOfLog} from './log-overview.ts';

export const KINDS = ['manifest', 'log', 'json-table', 'block-table', 'filter'] as const;
export type Kind = (typeof KINDS)[number];

export type Content =
  | {readonly kind: 'manifest'; readonly manifest: ManifestFile}
  | {readonly kind: 'log'; readonly log: LogOverview}
  | TableContent
  | {readonly kind: 'filter'; readonly filter: BloomFile}
  | {readonly kind: 'other'; readonly what: string};

export interface TableContent {
  readonly kind: 'table';
  readonly records: readonly FileRecord[];
  /** Undefined if it is not of blocks of 4,096 bytes. */
  readonly blockTable?: BlockTable;
  /** Undefined if it is not in the variable format. */
  readonly variableTable?: VariableTable;
  readonly problems: readonly Problem[];
}

/** By the series' names; undefined for others. */
export function kindOfName(path: string): Kind | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/^MANIFEST(-[0-9]+)?$/.test(name)) return 'manifest';
  if (/^wal(-[0-9]+)?\.db$/.test(name)) return 'log';
  if (/^sst-[0-9]+\.json$/.test(name)) return 'json-table';
  if (/^sst-[0-9]+\.sst$/.test(name)) return 'block-table';
  return /^sst-[0-9]+\.bloom$/.test(name) ? 'filter' : undefined;
}

/** A guess, for a file of another name; undefined if it looks like none of them. */
export function kindOfBytes(bytes: Uint8Array): Kind | undefined {
  const start = Buffer.from(bytes.subarray(0, 64)).toString('latin1').trimStart();
  if (/^\[(WAL|L0)\]/.test(start)) return 'manifest';
  if (start.startsWith('[')) return 'json-table';
  if (start.startsWith('{')) return 'log';
  if (isVariable(bytes)) return 'block-table';
  if (bytes.length === FILTER_BYTES || bytes.length === FILTER_BYTES + 24) return 'filter';
  return bytes.length > 0 && bytes.length % 4096 === 0 ? 'block-table' : undefined;
}

export function contentOf(kind: Kind, bytes: Uint8Array): Content {
  switch (kind) {
    case 'manifest':
      return {kind, manifest: readManifestFile(bytes)};
    case 'log':
      return {kind, log: overviewOfLog(bytes)};
    case 'json-table':
      return {kind: 'table', ...readJsonTable(bytes)};
    case 'filter':
      return {kind, filter: readBloomFile(bytes)};
    case 'block-table':
    default:
      return blockContent(bytes);
  }
}

function blockContent(bytes: Uint8Array): Content {
  if (isVariable(bytes)) {
    const variableTable = readVariableTable(bytes);
    const {blocks, problems} = variableTable;
    return {
      kind: 'table',
      records: blocks.flatMap((each) => each.records),
      variableTable,
      problems,
    };
  }
  const blockTable = readBlockTable(bytes);
  const records = blockTable.blocks.flatMap((block) => block.records);
  return {kind: 'table', records, blockTable, problems: blockTable.problems};
}

/** What a file of another name is likely to be. */
export function otherKind(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'LOCK') return 'the lock of a server that uses the folder';
  if (name.endsWith('.tmp')) return 'a temporary file, left by a crash';
  return 'not one of the series';
}
