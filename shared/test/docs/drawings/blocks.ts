/** The pages of a block-based SSTable. */
import {constantsOf} from './constants.ts';
import {table} from './table.ts';

const COLUMNS = 8;

const constant = constantsOf('weeks/06-blocks/src/block.ts');
const fieldBytes = constant('FIELD_BYTES');
const blockBytes = constant('BLOCK_BYTES');

export function sstablePages(): string {
  const last = constant('INDEX_KEYS_MAX') - 1;
  const page = (number: number, what: string) => [String(number * blockBytes), what];
  const rows = [
    ['offset', ''],
    page(0, 'page 0: index block'),
    page(1, 'page 1: data block 0'),
    page(2, 'page 2: data block 1'),
    ['…', '…'],
    page(last + 1, `page ${last + 1}: data block ${last}, if there are that many`),
    page(last + 2, 'end of the largest file'),
  ];
  return table(rows, ['right', 'left']);
}

export function indexBlock(): string {
  const [crc, keys, count] = [
    constant('INDEX_CRC'),
    constant('INDEX_KEYS'),
    constant('INDEX_KEYS_MAX'),
  ];
  const slot = (index: number) =>
    field(keys + index * fieldBytes, fieldBytes, `slot ${index}: first key of data block ${index}`);
  const rows = [
    ['offset', 'bytes', ''],
    field(0, 1, `number of data blocks, at most ${count}`),
    field(1, crc - 1, 'zeros'),
    field(crc, keys - crc, 'CRC-64 of the whole page, computed with these bytes as zeros'),
    slot(0),
    slot(1),
    ['…', '…', '…'],
    slot(count - 1),
  ];
  const cells = ['header', ...Array.from({length: count}, (_, index) => `key ${index}`)];
  return `${table(rows, ['right', 'right', 'left'])}\n${grid(cells)}`;
}

export function dataBlock(): string {
  const [count, entries] = [constant('DATA_COUNT'), constant('DATA_ENTRIES')];
  const [entryBytes, entriesMax] = [constant('ENTRY_BYTES'), constant('BLOCK_ENTRIES_MAX')];
  const rows = [
    ['offset', 'bytes', ''],
    field(constant('DATA_CRC'), count, `CRC-64 of bytes ${count} to ${blockBytes - 1}`),
    field(count, 1, `number of entries, at most ${entriesMax}`),
    field(count + 1, entries - count - 1, 'zeros'),
    field(entries, fieldBytes, 'entry 0: key'),
    field(entries + fieldBytes, fieldBytes, 'entry 0: value, or zeros for a tombstone'),
    field(entries + entryBytes, fieldBytes, 'entry 1: key'),
    ['…', '…', '…'],
    field(
      entries + (entriesMax - 1) * entryBytes + fieldBytes,
      fieldBytes,
      `entry ${entriesMax - 1}: value`,
    ),
  ];
  const cells: string[] = Array.from({length: entries / fieldBytes}, () => 'header');
  for (let entry = 0; entry < entriesMax; entry++) cells.push(`key ${entry}`, `val ${entry}`);
  return `${table(rows, ['right', 'right', 'left'])}\n${grid(cells)}`;
}

/** Sizes of files, and where entries stand in them. */
export function blockArithmetic(): string {
  const perBlock = constant('BLOCK_ENTRIES_MAX');
  const entriesMax = perBlock * constant('INDEX_KEYS_MAX');
  const number = (value: number) => value.toLocaleString('en');
  const sizes = [1, perBlock, perBlock + 1, 100, entriesMax].map((entries) => {
    const blocks = Math.ceil(entries / perBlock);
    return [number(entries), number(blocks), number((blocks + 1) * blockBytes)];
  });
  const places = [0, perBlock - 1, perBlock, 100].map((entry) => {
    const block = Math.floor(entry / perBlock);
    const within = constant('DATA_ENTRIES') + (entry % perBlock) * constant('ENTRY_BYTES');
    return [number(entry), number(block), number((block + 1) * blockBytes + within)];
  });
  const right = ['right', 'right', 'right'] as const;
  const sizesTable = table([['entries', 'data blocks', 'bytes of the file'], ...sizes], right);
  const placesTable = table([['entry', 'data block', 'offset'], ...places], right);
  return `${sizesTable}\n${placesTable}`;
}

function field(offset: number, bytes: number, what: string): string[] {
  return [String(offset), String(bytes), what];
}

/** The page as cells of a field each, so that one sees that it is full. */
function grid(cells: readonly string[]): string {
  if (cells.length * fieldBytes !== blockBytes) throw new Error('the cells do not fill the page');
  const width = Math.max(...cells.map((cell) => cell.length)) + 2;
  const margin = ' '.repeat(6);
  const rule = (left: string, cross: string, right: string) =>
    `${margin}${left}${Array.from({length: COLUMNS}, () => '─'.repeat(width)).join(cross)}${right}`;
  const lines = [rule('┌', '┬', '┐')];
  for (let start = 0; start < cells.length; start += COLUMNS) {
    const row = cells.slice(start, start + COLUMNS).map((cell) => ` ${cell}`.padEnd(width));
    lines.push(`${String(start * fieldBytes).padStart(5)} │${row.join('│')}│`);
  }
  lines.push(rule('└', '┴', '┘'));
  return `${lines.join('\n')}\n`;
}
