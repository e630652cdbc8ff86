/**
 * A seed for each student, so that nobody can answer from a list: derived from a
 * secret by HMAC (RFC 2104). The secret's hash can be published before the
 * deadline and the secret after it: then everybody can see that no seed was chosen.
 */
import {createHash, createHmac} from 'node:crypto';

/** @returns a seed of `kv grade --seed`, from 0 to 2^32 - 1 */
export function studentSeed(secret: Uint8Array, student: string): number {
  return createHmac('sha256', secret).update(`kv seed\n${student}`).digest().readUInt32BE(0);
}

/** @returns the SHA-256 of the secret, in hex, as sha256sum prints it */
export function commitment(secret: Uint8Array): string {
  return createHash('sha256').update(secret).digest('hex');
}
