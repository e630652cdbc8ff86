/** What `--json` writes. Fields may be added; their meaning stays for as long as the version does. */
import type {BlockTable} from '../formats/block-table.ts';
import type {CrcForm} from '../formats/checksum.ts';
import type {FileRecord} from '../formats/file-record.ts';
import type {VariableTable} from '../formats/variable-table.ts';
import type {Content} from './content.ts';
import type {Found} from './find-key.ts';
import {type Finding, ruleText} from './findings.ts';
import type {Folder} from './read-folder.ts';
import {type FileSummary, summarizeFilter, summarizeLog} from './summaries.ts';

const SCHEMA_VERSION = 1;

export function folderDocument(folder: Folder, findings: readonly Finding[]): object {
  const {name, week, manifest, logs, tables, unlisted, others} = folder;
  return {
    schemaVersion: SCHEMA_VERSION,
    kind: 'folder',
    path: name,
    week,
    manifest: manifest && {
      path: manifest.path,
      sizeBytes: manifest.sizeBytes,
      form: manifest.form,
      walFirst: manifest.walFirst,
      levels: manifest.levelCount,
    },
    logs,
    tables,
    unlisted,
    others,
    findings: findings.map(findingDocument),
  };
}

export function fileDocument(
  file: FileSummary,
  content: Content,
  findings: readonly Finding[],
): object {
  return {
    schemaVersion: SCHEMA_VERSION,
    ...file,
    ...contentDocument(file, content),
    findings: findings.map(findingDocument),
  };
}

function contentDocument(file: FileSummary, content: Content): object {
  switch (content.kind) {
    case 'manifest': {
      const {form, walFirst, levelCount, tables} = content.manifest;
      return {kind: 'manifest', form, walFirst, levels: levelCount, tables};
    }
    case 'log': {
      const {records, puts, deletes} = content.log;
      const leftOut = puts + deletes - records.length;
      return {
        kind: 'log',
        ...summarizeLog(file, content.log),
        records: records.map(recordDocument),
        ...(leftOut > 0 ? {recordsLeftOut: leftOut} : {}),
      };
    }
    case 'table': {
      const {blockTable, variableTable} = content;
      const records = content.records.map(recordDocument);
      if (blockTable !== undefined) {
        return {kind: 'block-table', ...blocksDocument(blockTable), records};
      }
      if (variableTable === undefined) return {kind: 'json-table', records};
      return {kind: 'variable-table', ...variableDocument(variableTable), records};
    }
    case 'filter':
      return {kind: 'filter', ...summarizeFilter(file, content.filter)};
    case 'other':
    default:
      return {kind: 'other', what: content.what};
  }
}

function blocksDocument({blockCount, indexChecksum, crcForm, blocks}: BlockTable): object {
  return {
    checksums: checksumsDocument(crcForm),
    index: {blockCount, checksum: indexChecksum},
    blocks: blocks.map(({offset, firstKey, entryCount, checksum}) => {
      return {offset, firstKey, entryCount, checksum};
    }),
  };
}

function variableDocument(table: VariableTable): object {
  const {indexBytes, indexChecksum, crcForm, blocks} = table;
  return {
    checksums: checksumsDocument(crcForm),
    index: {sizeBytes: indexBytes, checksum: indexChecksum},
    blocks: blocks.map(({records, ...block}) => ({...block, entryCount: records.length})),
  };
}

function checksumsDocument(form: CrcForm | undefined): object | undefined {
  return form && {name: form.variant.name, byteOrder: form.byteOrder};
}

/** A value of null is a tombstone. */
function recordDocument({offset, sizeBytes, key, value}: FileRecord): object {
  return {offset, sizeBytes, key, value};
}

function findingDocument({rule, ...finding}: Finding): object {
  return {...finding, rule, demands: rule === undefined ? undefined : ruleText(rule)};
}

export function foundDocument({name, key, places, winner, unread}: Found): object {
  const obstacle = unread === undefined ? undefined : places[unread];
  const record = winner === undefined ? undefined : places[winner]?.record;
  return {
    schemaVersion: SCHEMA_VERSION,
    key,
    path: name,
    // Null: it cannot be told.
    isPresent: obstacle === undefined ? typeof record?.value === 'string' : null,
    ...(obstacle === undefined
      ? {value: record?.value, winner}
      : {undecided: {path: obstacle.path, why: obstacle.remarks.join(', ')}}),
    places: places.map(({path, part, record: at, isRead, remarks, olderCount}) => {
      return {
        path,
        part,
        record: at && recordDocument(at),
        remarks,
        ...(isRead ? {} : {isRead}),
        ...(olderCount > 0 ? {olderCount} : {}),
      };
    }),
  };
}
