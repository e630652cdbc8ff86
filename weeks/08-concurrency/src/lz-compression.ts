/**
 * Compression of the LZ77 family: text that occurred before is replaced by a
 * reference to it. The stream is a sequence of
 *
 *   literals   0 + count − 1 (7 bits), then `count` bytes as they are
 *   a match    1 + length − 4 (7 bits), then how far back it begins, 2 bytes
 *
 * The web's own CompressionStream compresses better, but answers later: a lookup
 * would have to wait for it.
 */
import {ByteReader, ByteWriter} from './bytes.ts';

const MATCH = 0x80;
const LENGTH_MIN = 4;
const LENGTH_MAX = LENGTH_MIN + 0x7f;
const LITERALS_MAX = 0x80;
const DISTANCE_MAX = 0xffff;
const HASH_BITS = 12;

export function compress(input: Uint8Array): Uint8Array {
  const output = new ByteWriter();
  /** Where a group of four bytes with this hash was last seen, plus one. */
  const lastSeen = new Uint32Array(1 << HASH_BITS);
  let literalStart = 0;
  let offset = 0;
  while (offset + LENGTH_MIN <= input.length) {
    const hash = hashAt(input, offset);
    const candidate = (lastSeen[hash] as number) - 1;
    lastSeen[hash] = offset + 1;
    const isNear = candidate >= 0 && offset - candidate <= DISTANCE_MAX;
    const length = isNear ? matchLength(input, candidate, offset) : 0;
    if (length < LENGTH_MIN) {
      offset += 1;
      continue;
    }
    writeLiterals(output, input.subarray(literalStart, offset));
    output.uint8(MATCH | (length - LENGTH_MIN));
    output.uint8((offset - candidate) & 0xff);
    output.uint8((offset - candidate) >>> 8);
    offset += length;
    literalStart = offset;
  }
  writeLiterals(output, input.subarray(literalStart));
  return output.bytes();
}

/** REQUIRES: `input` came from `compress`, unchanged. */
export function decompress(input: Uint8Array): Uint8Array {
  const reader = new ByteReader(input);
  const output = new ByteWriter();
  while (!reader.isAtEnd) {
    const head = reader.uint8();
    if ((head & MATCH) === 0) {
      output.copy(reader.take(head + 1));
      continue;
    }
    let left = (head & 0x7f) + LENGTH_MIN;
    const distance = reader.uint8() | (reader.uint8() << 8);
    // A match may reach into what it writes itself: then it repeats.
    for (; left > 0; left -= distance) {
      const start = output.length - distance;
      output.copy(output.bytes().subarray(start, start + Math.min(left, distance)));
    }
  }
  return output.bytes();
}

function writeLiterals(output: ByteWriter, literals: Uint8Array): void {
  for (let start = 0; start < literals.length; start += LITERALS_MAX) {
    const part = literals.subarray(start, start + LITERALS_MAX);
    output.uint8(part.length - 1);
    output.copy(part);
  }
}

function matchLength(input: Uint8Array, candidate: number, offset: number): number {
  let length = 0;
  while (
    length < LENGTH_MAX &&
    offset + length < input.length &&
    input[candidate + length] === input[offset + length]
  ) {
    length += 1;
  }
  return length;
}

function hashAt(input: Uint8Array, offset: number): number {
  const four =
    (input[offset] as number) |
    ((input[offset + 1] as number) << 8) |
    ((input[offset + 2] as number) << 16) |
    ((input[offset + 3] as number) << 24);
  return Math.imul(four, 0x9e3779b1) >>> (32 - HASH_BITS);
}
