import * as fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {readBlockTable} from '../../src/formats/block-table.ts';
import {checksumOf} from '../../src/formats/checksum.ts';
import {CRC64_VARIANTS, crc64} from '../../src/formats/crc64.ts';
import {blockTable, manyEntries, REFERENCE_FORM, sealed, write} from './block-files.ts';

const ENTRIES = manyEntries(100);

describe('a block SSTable', () => {
  it('is read as it was written, with the place of each record', () => {
    const {problems, blockCount, blocks, crcForm, indexChecksum} = readBlockTable(
      blockTable(ENTRIES),
    );
    expect(problems).toEqual([]);
    expect(blockCount).toBe(4);
    expect(blocks.map(({entryCount}) => entryCount)).toEqual([31, 31, 31, 7]);
    expect(blocks.map(({checksum}) => checksum)).toEqual(['right', 'right', 'right', 'right']);
    expect(indexChecksum).toBe('right');
    expect(crcForm).toEqual(REFERENCE_FORM);
    const records = blocks.flatMap((block) => block.records);
    expect(records.map(({key, value}) => ({key, value}))).toEqual(ENTRIES);
    expect(records[32]).toMatchObject({offset: 2 * 4096 + 128 + 128, sizeBytes: 128});
  });

  it('is not changed by being read', () => {
    const bytes = Buffer.from(blockTable(ENTRIES));
    const first = readBlockTable(bytes);
    expect(first.indexChecksum).toBe('right');
    expect(readBlockTable(bytes)).toEqual(first);
  });

  it('is the one that the contract shows', () => {
    const bytes = new Uint8Array(8192);
    bytes[0] = 1;
    bytes.set(Buffer.from('d823e2a1e0fda46d', 'hex'), 0x38);
    write(bytes, 0x40, 'apple');
    bytes.set(Buffer.from('8e22bca8fe35670e02', 'hex'), 0x1000);
    write(bytes, 0x1080, 'apple');
    write(bytes, 0x10c0, '7');
    write(bytes, 0x1100, 'pear');
    write(bytes, 0x1140, '3');
    const {problems, crcForm} = readBlockTable(bytes);
    expect(problems).toEqual([]);
    expect(crcForm).toEqual(REFERENCE_FORM);
  });

  it('may be full, and may be empty', () => {
    const full = readBlockTable(blockTable(manyEntries(1953)));
    expect(full.problems).toEqual([]);
    expect(full.blocks).toHaveLength(63);
    expect(readBlockTable(blockTable([]))).toMatchObject({blocks: [], problems: []});
  });

  it.each(CRC64_VARIANTS)('may have $name in either order', (variant) => {
    for (const byteOrder of ['little-endian', 'big-endian'] as const) {
      const form = {variant, byteOrder};
      const {crcForm, problems} = readBlockTable(blockTable(ENTRIES, 31, form));
      expect(problems).toEqual([]);
      expect(crcForm).toEqual(form);
    }
  });

  it('need not have a checksum of its index, but of its data blocks', () => {
    const bytes = blockTable(ENTRIES);
    bytes.fill(0, 56, 64);
    expect(readBlockTable(bytes)).toMatchObject({indexChecksum: 'none', problems: []});
    bytes.fill(0, 8192, 8200);
    expect(readBlockTable(bytes).problems).toEqual([
      {offset: 8192, rule: 'checksum', message: 'data block 1 has no checksum'},
    ]);
  });

  it('has a problem wherever one bit is wrong', () => {
    const bytes = blockTable(ENTRIES);
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const damaged = bytes.slice();
        damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const page = Math.floor((bit >> 3) / 4096) * 4096;
        const {problems} = readBlockTable(damaged);
        expect(problems.some(({offset}) => offset >= page && offset < page + 4096)).toBe(true);
      }),
      {numRuns: 300},
    );
  });
});

/** Each is one edit of a right table; where `isSealed`, its checksums are right again. */
const BROKEN: readonly [string, (bytes: Uint8Array) => Uint8Array | void, object][] = [
  [
    'a file cut within a page',
    (bytes) => bytes.slice(0, 9000),
    {offset: 9000, rule: 'table-size', message: expect.stringContaining('it has 9000 bytes')},
  ],
  [
    'less than a page',
    (bytes) => bytes.slice(0, 100),
    {offset: 100, rule: 'table-size', message: 'it has 100 bytes, less than one page'},
  ],
  [
    'a page too many',
    (bytes) => Buffer.concat([bytes, new Uint8Array(4096)]),
    {offset: bytesOf(4), rule: 'table-size'},
  ],
  [
    'too many blocks',
    (bytes) => void (bytes[0] = 200),
    {offset: 0, rule: 'index-slots', message: 'the index page has 200 data blocks, and 63 slots'},
  ],
  [
    'a first key that is not that of its block',
    (bytes) => sealed(edited(bytes, 128, 'kabcdx')),
    {
      offset: bytesOf(1) + 128,
      rule: 'index-slots',
      message: expect.stringMatching(/^data block 1 begins with "kaabf/),
    },
  ],
  [
    'slots out of order',
    (bytes) => sealed(edited(bytes, 128, 'aa')),
    {offset: 128, rule: 'index-slots', message: expect.stringContaining('which is not after')},
  ],
  [
    'something behind the last slot',
    (bytes) => sealed(edited(bytes, 64 + 4 * 64 + 3, 'x')),
    {offset: 64 + 4 * 64 + 3, rule: 'padding'},
  ],
  [
    'too many entries',
    (bytes) => sealed(edited(bytes, 4096 + 8, '\x20')),
    {offset: 4104, rule: 'block-entries', message: 'data block 0 has 32 entries, not 1 to 31'},
  ],
  [
    'something between the count and the entries',
    (bytes) => sealed(edited(bytes, 4096 + 50, 'x')),
    {
      offset: 4146,
      rule: 'padding',
      message: 'data block 0: byte 50 is 120, where nothing is stored',
    },
  ],
  [
    'something behind the end of a value',
    (bytes) => sealed(edited(bytes, 4096 + 128 + 127, 'x')),
    {
      offset: 4096 + 255,
      rule: 'padding',
      message: 'data block 0, entry 0: a field has a zero byte, and other bytes behind it',
    },
  ],
  [
    'something behind the last entry',
    (bytes) => sealed(edited(bytes, bytesOf(3) + 128 + 7 * 128, 'x')),
    {offset: bytesOf(3) + 128 + 7 * 128, rule: 'padding'},
  ],
  [
    'a key in upper case',
    (bytes) => sealed(edited(bytes, 4096 + 128 + 128, 'K')),
    {offset: 4352, rule: 'key-form', message: expect.stringMatching(/entry 1: the key is "Kaaab/)},
  ],
  [
    'an empty key',
    (bytes) => sealed(edited(bytes, 4096 + 128 + 128, '\0'.repeat(64))),
    {offset: 4352, rule: 'key-form', message: 'data block 0, entry 1: the key is empty'},
  ],
  [
    'a value that is not printable',
    (bytes) => sealed(edited(bytes, 4096 + 192, '\x07')),
    {offset: 4288, rule: 'value-form', message: 'data block 0, entry 0: the value is "\x07 "'},
  ],
  [
    'a key twice',
    (bytes) => {
      bytes.copyWithin(4096 + 128 + 128, 4096 + 128, 4096 + 128 + 128);
      return sealed(bytes);
    },
    {offset: 4352, rule: 'keys-ascend', message: expect.stringMatching(/occurs twice$/)},
  ],
  [
    'blocks in the wrong order',
    (bytes) => {
      const [first, second] = [bytes.slice(4096, 8192), bytes.slice(8192, 12288)];
      bytes.set(second, 4096);
      bytes.set(first, 8192);
    },
    {
      offset: bytesOf(1) + 128,
      rule: 'keys-ascend',
      message: expect.stringMatching(/^data block 1, entry 0: key "kaaaa" comes after "kaacj/),
    },
  ],
];

describe('a broken block SSTable', () => {
  it.each(BROKEN)('says where there is %s', (_, edit, problem) => {
    const bytes = blockTable(ENTRIES);
    const {problems} = readBlockTable(edit(bytes) ?? bytes);
    expect(problems).toContainEqual(expect.objectContaining(problem));
  });

  it('says of which bytes its checksums are, if of others', () => {
    const bytes = blockTable(ENTRIES);
    for (let page = 4096; page < bytes.length; page += 4096) {
      bytes.set(checksumOf(bytes.subarray(page + 128, page + 4096), REFERENCE_FORM), page);
    }
    bytes.set(checksumOf(bytes.subarray(64, 4096), REFERENCE_FORM), 56);
    const messages = readBlockTable(bytes).problems.map(({message}) => message);
    expect(messages.slice(0, 2)).toEqual([
      'the checksum of the index page is that of bytes 64 to 4095 by CRC-64/ECMA-182 (little-endian), and should be of the page with its own bytes zero',
      'the checksum of data block 0 is that of bytes 128 to 4095 by CRC-64/ECMA-182 (little-endian), and should be of bytes 8 to 4095',
    ]);
  });

  it('says so also where other checksums are right', () => {
    const bytes = blockTable(ENTRIES);
    bytes.set(checksumOf(bytes.subarray(4096 + 128, 8192), REFERENCE_FORM), 4096);
    bytes.set([1, 2, 3], 8192);
    expect(readBlockTable(bytes).problems.map(({message}) => message)).toEqual([
      'the checksum of data block 0 is that of bytes 128 to 4095 by CRC-64/ECMA-182 (little-endian), and should be of bytes 8 to 4095',
      'the checksum of data block 1 is not the CRC-64/ECMA-182 (little-endian) of its bytes',
    ]);
  });

  it('says if its checksums are none at all', () => {
    const bytes = blockTable(ENTRIES.slice(0, 1));
    bytes.set(crc64(Uint8Array.of(1), REFERENCE_FORM.variant), 4096);
    bytes.set(crc64(Uint8Array.of(2), REFERENCE_FORM.variant), 56);
    expect(readBlockTable(bytes).problems.map(({message}) => message)).toEqual([
      'the checksum of the index page is no CRC-64 of its bytes',
      'the checksum of data block 0 is no CRC-64 of its bytes',
    ]);
  });
});

describe('garbage', () => {
  it('is read without a throw, in bounded time and with bounded output', () => {
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 20_000}), (bytes) => {
        expect(readBlockTable(bytes).problems.length).toBeLessThanOrEqual(100);
      }),
    );
  });

  it('in the middle of a table does not hide the rest of it', () => {
    const bytes = blockTable(ENTRIES);
    bytes.fill(0xff, 4096, 8192);
    const {blocks, problems} = readBlockTable(bytes);
    expect(blocks[2]?.records[0]).toMatchObject({key: ENTRIES[62]?.key});
    expect(problems.every(({offset}) => offset >= 4096 && offset <= 8192 + 128)).toBe(true);
  });
});

/** The offset of a data block. */
function bytesOf(block: number): number {
  return 4096 * (1 + block);
}

function edited(bytes: Uint8Array, offset: number, text: string): Uint8Array {
  write(bytes, offset, text);
  return bytes;
}
