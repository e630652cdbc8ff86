import * as fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {encodeVariable} from '../../../weeks/06-blocks/src/variable-format.ts';
import {isVariable, readVariableTable} from '../../src/formats/variable-table.ts';
import {type Entry, manyEntries} from './block-files.ts';

/** Long enough for several blocks, some of which are compressed, and values of every length. */
const ENTRIES: readonly Entry[] = [
  ...manyEntries(300),
  {key: 'l_empty', value: ''},
  {key: 'l_long', value: 'long '.repeat(13_000)},
  {key: 'l_random', value: randomText(5_000)},
  {key: 'm', value: null},
];
const TABLE = encodeVariable(ENTRIES);

/** Text that no compression makes smaller. */
function randomText(length: number): string {
  let state = 1;
  const codes = Array.from({length}, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return 0x20 + ((state >>> 16) % 95);
  });
  return String.fromCharCode(...codes);
}

/** The rules that are broken. */
function rulesOf(bytes: Uint8Array): string[] {
  return readVariableTable(bytes).problems.map(({rule}) => rule);
}

function changed(offset: number, ...values: readonly number[]): Uint8Array {
  const bytes = TABLE.slice();
  bytes.set(values, offset);
  return bytes;
}

describe('an SSTable in the variable format', () => {
  it('is read as the reference writes it', () => {
    const {blocks, problems, indexChecksum, crcForm} = readVariableTable(TABLE);
    expect(problems).toEqual([]);
    expect(indexChecksum).toBe('right');
    expect(crcForm?.variant.name).toBe('CRC-64/ECMA-182');
    const records = blocks.flatMap((block) => block.records);
    expect(records.map(({key, value}) => ({key, value}))).toEqual(ENTRIES);
    expect(new Set(blocks.map(({isCompressed}) => isCompressed))).toEqual(new Set([true, false]));
    for (const block of blocks) expect(block.firstKey).toBe(block.records[0]?.key);
  });

  it('has its entries where they are said to be, unless their block is compressed', () => {
    const {blocks} = readVariableTable(TABLE);
    for (const {isCompressed, offset, records} of blocks) {
      for (const record of records) {
        const text = Buffer.from(TABLE.subarray(record.offset + 6)).toString('latin1');
        if (isCompressed) expect(record.offset).toBe(offset);
        else expect(text.startsWith(record.key)).toBe(true);
      }
    }
  });

  it('may be empty', () => {
    expect(readVariableTable(encodeVariable([]))).toMatchObject({blocks: [], indexBytes: 0});
  });

  it('is told apart by its first bytes', () => {
    expect(isVariable(TABLE)).toBe(true);
    expect(isVariable(new Uint8Array(4096))).toBe(false);
    expect(isVariable(new Uint8Array(0))).toBe(false);
  });
});

describe('a damaged one', () => {
  const [first, second] = readVariableTable(TABLE).blocks;
  if (first === undefined || second === undefined) throw new Error('it has too few blocks');

  it.each([
    ['cut in its head', TABLE.slice(0, 10), ['variable-index']],
    ['cut in its index', TABLE.slice(0, 30), ['variable-index']],
    ['with a bit flipped in its index', changed(16, 0xff), ['checksum', 'variable-blocks']],
    ['cut in its last block', TABLE.slice(0, -1), ['variable-blocks']],
    [
      'with bytes behind its blocks',
      Buffer.concat([TABLE, TABLE.slice(0, 3)]),
      ['variable-blocks'],
    ],
    ['with an unknown method', changed(first.offset + 8, 7), ['checksum', 'variable-compression']],
    ['without the checksum of a block', changed(second.offset, ...Buffer.alloc(8)), ['checksum']],
  ])('%s', (_, bytes, rules) => {
    expect(rulesOf(bytes)).toEqual(rules);
  });

  it('never yields a wrong byte unnoticed', () => {
    for (let offset = 4; offset < TABLE.length; offset += 97) {
      const bytes = changed(offset, (TABLE[offset] ?? 0) ^ 0x10);
      expect(rulesOf(bytes), `byte ${offset}`).not.toEqual([]);
    }
  });

  it('is read to its end, whatever it holds', () => {
    const garbage = fc.uint8Array({maxLength: 400});
    const blocks = fc.array(fc.tuple(fc.boolean(), garbage), {minLength: 1, maxLength: 3});
    fc.assert(
      fc.property(blocks, (contents) => {
        const {records} = readVariableTable(tableOf(contents)).blocks[0] ?? {records: []};
        expect(records.length).toBeLessThanOrEqual(70 * 400);
      }),
    );
  });

  it('that claims to hold far more than fits in memory is not unpacked', () => {
    const bomb = Buffer.concat([Buffer.of(0, 0x41), Buffer.from('ff0100'.repeat(10_000), 'hex')]);
    expect(rulesOf(tableOf([[true, bomb]]))).toContain('variable-compression');
  });
});

/** With blocks of these bytes, and no checksums. */
function tableOf(contents: readonly (readonly [isCompressed: boolean, bytes: Uint8Array])[]) {
  const blocks = contents.map(([isCompressed, bytes]) =>
    Buffer.concat([Buffer.alloc(8), Buffer.of(isCompressed ? 1 : 0), bytes]),
  );
  const index = Buffer.alloc(9 * blocks.length);
  let offset = 16 + index.length;
  for (const [number, block] of blocks.entries()) {
    index.writeUInt32LE(offset, 9 * number);
    index.writeUInt32LE(block.length, 9 * number + 4);
    offset += block.length;
  }
  const head = Buffer.alloc(16);
  head.write('VAR1');
  head.writeUInt32LE(index.length, 4);
  return Buffer.concat([head, index, ...blocks]);
}
