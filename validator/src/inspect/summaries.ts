/** What is told of a file in the overview of its folder. */
import {
  type BloomFile,
  expectedFalsePositives,
  FILTER_BYTES,
  mayHave,
} from '../formats/bloom-file.ts';
import {formName} from '../formats/checksum.ts';
import type {TableContent} from './content.ts';
import type {LogOverview} from './log-overview.ts';

export interface FileSummary {
  /** In the data folder. */
  readonly path: string;
  readonly sizeBytes: number;
}

export interface LogSummary
  extends FileSummary,
    Pick<LogOverview, 'puts' | 'deletes' | 'keys' | 'validBytes'> {}

export interface TableSummary extends FileSummary {
  readonly form: 'json' | 'blocks' | 'variable';
  readonly entries: number;
  readonly tombstones: number;
  readonly minKey: string | undefined;
  readonly maxKey: string | undefined;
  /** Data blocks. */
  readonly blocks: number | undefined;
  /** `CRC-64/ECMA-182 (little-endian)` */
  readonly checksums: string | undefined;
  readonly filter: FilterSummary | undefined;
}

export interface FilterSummary extends FileSummary {
  readonly bitsSet: number;
  /** The share of bits that are set. */
  readonly fill: number;
  /** The share of absent keys that get through, by the fill. */
  readonly expectedFalsePositives: number;
  /** The same, counted. */
  readonly measuredFalsePositives: number;
  readonly seeds: readonly [string, string];
  /** `none`, `wrong`, or its form. */
  readonly checksum: string;
}

/** Of which a filter is asked. */
const ABSENT_KEYS = 20_000;

export function summarizeLog(file: FileSummary, log: LogOverview): LogSummary {
  const {puts, deletes, keys, validBytes} = log;
  return {...file, puts, deletes, keys, validBytes};
}

export function summarizeTable(
  file: FileSummary,
  content: TableContent,
  filter: FilterSummary | undefined,
): TableSummary {
  const {records, blockTable, variableTable} = content;
  const table = blockTable ?? variableTable;
  return {
    ...file,
    form: formOf(content),
    entries: records.length,
    tombstones: records.filter(({value}) => value === null).length,
    minKey: records[0]?.key,
    maxKey: records.at(-1)?.key,
    blocks: table?.blocks.length,
    checksums: table?.crcForm && formName(table.crcForm),
    filter,
  };
}

function formOf({blockTable, variableTable}: TableContent): TableSummary['form'] {
  if (blockTable !== undefined) return 'blocks';
  return variableTable === undefined ? 'json' : 'variable';
}

export function summarizeFilter(file: FileSummary, filter: BloomFile): FilterSummary {
  const {bitsSet, seeds, crcForm, checksum} = filter;
  return {
    ...file,
    bitsSet,
    fill: bitsSet / (8 * FILTER_BYTES),
    expectedFalsePositives: expectedFalsePositives(filter),
    measuredFalsePositives: measure(filter),
    seeds: [String(seeds[0]), String(seeds[1])],
    checksum: crcForm === undefined ? checksum : formName(crcForm),
  };
}

/** Keys in upper case, which no server takes: none of them is in any SSTable. */
function measure(filter: BloomFile): number {
  let passed = 0;
  for (let number = 0; number < ABSENT_KEYS; number++) {
    if (mayHave(filter, `ABSENT${number}`)) passed += 1;
  }
  return passed / ABSENT_KEYS;
}
