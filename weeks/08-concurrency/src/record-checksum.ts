/**
 * Optional: a checksum for each record of the WAL, appended as its last field:
 *
 *   {"op":"put","key":"apple","value":"7","crc":"0f3c2b1a"}
 *
 * It is the CRC-32 (the polynomial of zip and Ethernet) of the record without
 * that field, as eight hex digits. Without it, a record whose bytes were damaged
 * but are still JSON is taken for what was written.
 */
import {KvError} from '@kv-workshop/shared/errors';

const FIELD = /^(.*),"crc":"([0-9a-f]{8})"\}$/;
const POLYNOMIAL_REFLECTED = 0xedb88320;

const TABLE = Uint32Array.from({length: 256}, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) {
    crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL_REFLECTED : crc >>> 1;
  }
  return crc;
});

/** CRC-32 of the characters, as unsigned. REQUIRES: `text` is ASCII. */
export function crc32(text: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    crc = (crc >>> 8) ^ (TABLE[(crc ^ text.charCodeAt(i)) & 0xff] ?? 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** Adds the checksum to a record. REQUIRES: `line` is a JSON object in ASCII. */
export function sealRecord(line: string): string {
  const crc = crc32(line).toString(16).padStart(8, '0');
  return `${line.slice(0, -1)},"crc":"${crc}"}`;
}

/**
 * The record without its checksum; a record that has none is returned as it is.
 * @throws KvError CORRUPTION if the checksum does not match
 */
export function unsealRecord(line: string): string {
  const [, body, crc] = FIELD.exec(line) ?? [];
  if (body === undefined || crc === undefined) return line;
  const record = `${body}}`;
  if (crc32(record) !== Number.parseInt(crc, 16)) {
    throw new KvError('CORRUPTION', 'the checksum of the record does not match');
  }
  return record;
}
