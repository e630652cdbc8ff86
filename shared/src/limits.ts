import {KvError} from './errors.ts';
import type {ValueLimits} from './store.ts';

/** Keys: 1 to 64 characters of a-z, 0-9 and `_`, in every week. */
export const KEY_LENGTH_MAX = 64;

const KEY = /^[a-z0-9_]{1,64}$/;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/** @throws KvError INVALID_KEY */
export function checkKey(key: string): void {
  if (KEY.test(key)) return;
  throw new KvError('INVALID_KEY', `a key is 1 to ${KEY_LENGTH_MAX} characters of a-z, 0-9 and _`);
}

/** @throws KvError INVALID_VALUE or VALUE_TOO_LARGE */
export function checkValue(value: string, limits: ValueLimits): void {
  if (value.length > limits.bytesMax) {
    throw new KvError('VALUE_TOO_LARGE', `a value is at most ${limits.bytesMax} bytes`);
  }
  if (value.length < limits.bytesMin) {
    throw new KvError('INVALID_VALUE', `a value is at least ${limits.bytesMin} bytes`);
  }
  if (!PRINTABLE_ASCII.test(value)) {
    throw new KvError('INVALID_VALUE', 'a value is printable ASCII, bytes 0x20 to 0x7e');
  }
}
