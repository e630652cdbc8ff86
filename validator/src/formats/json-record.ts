/** JSON objects in files: the fields that make up a record. Others are ignored, as the contract has it. */

interface Fields {
  readonly op?: unknown;
  readonly key?: unknown;
  readonly value?: unknown;
  readonly deleted?: unknown;
}

/** Longer than any record: a value has 65,536 bytes at most, and each is written as 6 at most. */
const RECORD_BYTES_MAX = 1024 * 1024;

const decoder = new TextDecoder();

/** The fields of a JSON object, or a phrase that says why it is none: "not JSON". */
export function parseFields(bytes: Uint8Array): Fields | string {
  if (bytes.length > RECORD_BYTES_MAX) return `longer than ${RECORD_BYTES_MAX} bytes`;
  try {
    const json: unknown = JSON.parse(decoder.decode(bytes));
    return typeof json === 'object' && json !== null ? json : 'not an object';
  } catch {
    return 'not JSON';
  }
}

/** A piece of a file for a message: its beginning, as text. */
export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes.subarray(0, 200));
}
