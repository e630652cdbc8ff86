/**
 * CRC-64 in all its standard variants. They differ in the polynomial, in whether
 * bits are taken from the top or from the bottom of each byte, and in whether the
 * register starts as ones and is inverted at the end.
 *
 * JavaScript has 32-bit integers, so a register is two halves.
 *
 * Source: Greg Cook's catalogue of parametrised CRC algorithms, and the two that
 * older libraries have besides.
 */

interface Halves {
  readonly high: number;
  readonly low: number;
}

export interface Crc64Variant {
  readonly name: string;
  /** As in the catalogue: the highest term is left out, bits are not reflected. */
  readonly polynomial: Halves;
  readonly isReflected: boolean;
  readonly startsAsOnes: boolean;
  readonly endsInverted: boolean;
}

const ECMA = {high: 0x42f0e1eb, low: 0xa9ea3693};
const ISO = {high: 0, low: 0x1b};
const JONES = {high: 0xad93d235, low: 0x94c935a9};
const NVME = {high: 0xad93d235, low: 0x94c93659};
const MICROSOFT = {high: 0x259c84cb, low: 0xa6426349};

const REFLECTED_ONES = {isReflected: true, startsAsOnes: true, endsInverted: true};
const REFLECTED_ZERO = {isReflected: true, startsAsOnes: false, endsInverted: false};
const REFLECTED_START = {isReflected: true, startsAsOnes: true, endsInverted: false};

/** The contract's own first. */
export const CRC64_VARIANTS: readonly Crc64Variant[] = [
  {
    name: 'CRC-64/ECMA-182',
    polynomial: ECMA,
    isReflected: false,
    startsAsOnes: false,
    endsInverted: false,
  },
  {name: 'CRC-64/XZ', polynomial: ECMA, ...REFLECTED_ONES},
  {name: 'CRC-64/GO-ISO', polynomial: ISO, ...REFLECTED_ONES},
  {
    name: 'CRC-64/WE',
    polynomial: ECMA,
    isReflected: false,
    startsAsOnes: true,
    endsInverted: true,
  },
  {name: 'CRC-64/REDIS', polynomial: JONES, ...REFLECTED_ZERO},
  {name: 'CRC-64/NVME', polynomial: NVME, ...REFLECTED_ONES},
  {name: 'CRC-64/MS', polynomial: MICROSOFT, ...REFLECTED_START},
  {name: 'CRC-64/JONES', polynomial: JONES, ...REFLECTED_START},
  {name: 'CRC-64/ISO-3309', polynomial: ISO, ...REFLECTED_ZERO},
];

/** The CRC of some bytes: 8 bytes, the highest first. */
export function crc64(bytes: Uint8Array, variant: Crc64Variant): Uint8Array {
  const tables = tablesFor(variant);
  const start = variant.startsAsOnes ? -1 : 0;
  const register = variant.isReflected
    ? runReflected(bytes, tables, start)
    : runForward(bytes, tables, start);
  const final = variant.endsInverted ? -1 : 0;
  const crc = new Uint8Array(8);
  const view = new DataView(crc.buffer);
  view.setInt32(0, register.high ^ final);
  view.setInt32(4, register.low ^ final);
  return crc;
}

/** For each byte, what its eight bits do to the register. */
interface Tables {
  readonly high: Int32Array;
  readonly low: Int32Array;
}

const TABLES = new Map<string, Tables>();

function tablesFor({polynomial, isReflected}: Crc64Variant): Tables {
  const name = `${polynomial.high} ${polynomial.low} ${isReflected}`;
  const made = TABLES.get(name) ?? makeTables(polynomial, isReflected);
  TABLES.set(name, made);
  return made;
}

function makeTables(polynomial: Halves, isReflected: boolean): Tables {
  const tables = {high: new Int32Array(256), low: new Int32Array(256)};
  const reflected = {high: reversed(polynomial.low), low: reversed(polynomial.high)};
  for (let byte = 0; byte < 256; byte++) {
    let [high, low] = isReflected ? [0, byte] : [byte << 24, 0];
    for (let bit = 0; bit < 8; bit++) {
      if (isReflected) {
        const carry = low & 1;
        low = (low >>> 1) | (high << 31);
        high >>>= 1;
        if (carry !== 0) [high, low] = [high ^ reflected.high, low ^ reflected.low];
      } else {
        const carry = high & 0x80000000;
        high = (high << 1) | (low >>> 31);
        low <<= 1;
        if (carry !== 0) [high, low] = [high ^ polynomial.high, low ^ polynomial.low];
      }
    }
    tables.high[byte] = high;
    tables.low[byte] = low;
  }
  return tables;
}

function runForward(bytes: Uint8Array, tables: Tables, start: number): Halves {
  let [high, low] = [start, start];
  for (const byte of bytes) {
    const index = (high >>> 24) ^ byte;
    high = ((high << 8) | (low >>> 24)) ^ (tables.high[index] as number);
    low = (low << 8) ^ (tables.low[index] as number);
  }
  return {high, low};
}

function runReflected(bytes: Uint8Array, tables: Tables, start: number): Halves {
  let [high, low] = [start, start];
  for (const byte of bytes) {
    const index = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (tables.low[index] as number);
    high = (high >>> 8) ^ (tables.high[index] as number);
  }
  return {high, low};
}

/** The 32 bits in the opposite order. */
function reversed(bits: number): number {
  let result = 0;
  for (let bit = 0; bit < 32; bit++) result = (result << 1) | ((bits >>> bit) & 1);
  return result;
}
