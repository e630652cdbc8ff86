/** Checksums that are stored in files, of which it is not known which CRC-64 they are. */
import {CRC64_VARIANTS, type Crc64Variant, crc64} from './crc64.ts';

/** How a project computes and stores its checksums. */
export interface CrcForm {
  readonly variant: Crc64Variant;
  readonly byteOrder: 'little-endian' | 'big-endian';
}

/** `none`: eight zero bytes. */
export type ChecksumState = 'none' | 'right' | 'wrong';

const ORDERS = ['little-endian', 'big-endian'] as const;

export function isUnclaimed(stored: Uint8Array): boolean {
  return stored.every((byte) => byte === 0);
}

/** The checksum of `bytes` as it is stored in this form. */
export function checksumOf(bytes: Uint8Array, {variant, byteOrder}: CrcForm): Uint8Array {
  return inOrder(crc64(bytes, variant), byteOrder);
}

/** Whether the 8 stored bytes are the checksum of `bytes` in this form. */
export function matchesForm(bytes: Uint8Array, stored: Uint8Array, form: CrcForm): boolean {
  return isSame(checksumOf(bytes, form), stored);
}

/** The form in which the 8 stored bytes are the checksum of `bytes`, if there is one. */
export function detectForm(bytes: Uint8Array, stored: Uint8Array): CrcForm | undefined {
  for (const variant of CRC64_VARIANTS) {
    const crc = crc64(bytes, variant);
    const byteOrder = ORDERS.find((order) => isSame(inOrder(crc, order), stored));
    if (byteOrder !== undefined) return {variant, byteOrder};
  }
  return undefined;
}

/** `CRC-64/XZ (big-endian)` */
export function formName({variant, byteOrder}: CrcForm): string {
  return `${variant.name} (${byteOrder})`;
}

function inOrder(crc: Uint8Array, byteOrder: CrcForm['byteOrder']): Uint8Array {
  return byteOrder === 'big-endian' ? crc : crc.toReversed();
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
