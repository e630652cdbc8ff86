/** Writes block SSTables for tests: right ones, and then whatever a test breaks in them. */
import {type CrcForm, checksumOf} from '../../src/formats/checksum.ts';
import {CRC64_VARIANTS} from '../../src/formats/crc64.ts';

export interface Entry {
  readonly key: string;
  /** Null: a tombstone. */
  readonly value: string | null;
}

const [variant] = CRC64_VARIANTS;
if (variant === undefined) throw new Error('there are no variants');
/** That of the reference. */
export const REFERENCE_FORM: CrcForm = {variant, byteOrder: 'little-endian'};

/** @param perBlock entries in each data block, at most 31 */
export function blockTable(
  entries: readonly Entry[],
  perBlock = 31,
  form: CrcForm = REFERENCE_FORM,
): Uint8Array {
  const blocks = Math.ceil(entries.length / perBlock);
  const bytes = new Uint8Array(4096 * (1 + blocks));
  bytes[0] = blocks;
  for (const [index, {key, value}] of entries.entries()) {
    const block = Math.floor(index / perBlock);
    const page = 4096 * (1 + block);
    const place = index % perBlock;
    if (place === 0) write(bytes, 64 + 64 * block, key);
    bytes[page + 8] = place + 1;
    write(bytes, page + 128 + 128 * place, key);
    write(bytes, page + 128 + 128 * place + 64, value ?? '');
  }
  return sealed(bytes, form);
}

/** The same pages with their checksums as they should be. */
export function sealed(bytes: Uint8Array, form: CrcForm = REFERENCE_FORM): Uint8Array {
  const result = bytes.slice();
  result.fill(0, 56, 64);
  result.set(checksumOf(result.subarray(0, 4096), form), 56);
  for (let page = 4096; page < result.length; page += 4096) {
    result.set(checksumOf(result.subarray(page + 8, page + 4096), form), page);
  }
  return result;
}

/** `count` entries with keys and values of different lengths, up to 64; each fifth is a tombstone. */
export function manyEntries(count: number): Entry[] {
  return Array.from({length: count}, (_, index) => {
    const key = `k${letters(index)}`.padEnd(5 + (index % 60), 'x').slice(0, 64);
    const value = `${index} `.padEnd(1 + (index % 64), 'v').slice(0, 64);
    return {key, value: index % 5 === 4 ? null : value};
  });
}

/** Four letters, in the order of the numbers. */
function letters(number: number): string {
  return Array.from({length: 4}, (_, place) =>
    String.fromCharCode(97 + (Math.floor(number / 26 ** (3 - place)) % 26)),
  ).join('');
}

export function write(bytes: Uint8Array, offset: number, text: string): void {
  bytes.set(new TextEncoder().encode(text), offset);
}
