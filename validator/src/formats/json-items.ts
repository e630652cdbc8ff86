/**
 * Finds the items of a JSON array without parsing the array as a whole: so each
 * keeps its place in the file, and one that is damaged does not take the others
 * with it.
 */

export interface Extent {
  readonly offset: number;
  readonly sizeBytes: number;
}

export interface JsonItems {
  readonly items: readonly Extent[];
  /** Where the array stops being one, and how; undefined if it is well-formed. */
  readonly broken: {readonly offset: number; readonly message: string} | undefined;
}

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN, CLOSE] = [0x5b, 0x5d];
const [OPEN_OBJECT, CLOSE_OBJECT] = [0x7b, 0x7d];

/** @param itemsMax finds no more than so many */
export function jsonItems(bytes: Uint8Array, itemsMax: number): JsonItems {
  const items: Extent[] = [];
  const broken = (offset: number, message: string) => ({items, broken: {offset, message}});

  let offset = skipSpace(bytes, 0);
  if (bytes[offset] !== OPEN) return broken(offset, 'it is not a JSON array');
  offset = skipSpace(bytes, offset + 1);
  let isLast = bytes[offset] === CLOSE;
  while (!isLast) {
    const end = itemEnd(bytes, offset);
    if (end === bytes.length) return broken(end, 'it is not a JSON array: it ends within an entry');
    if (end === offset) return broken(offset, 'it is not a JSON array: an entry is missing');
    if (items.length === itemsMax) return broken(offset, `it has more than ${itemsMax} entries`);
    items.push({offset, sizeBytes: withoutSpace(bytes, offset, end) - offset});
    isLast = bytes[end] === CLOSE;
    offset = isLast ? end : skipSpace(bytes, end + 1);
  }
  offset = skipSpace(bytes, offset + 1);
  return offset < bytes.length
    ? broken(offset, 'something comes behind its JSON array')
    : {items, broken: undefined};
}

/** The offset of the comma or bracket behind an item; the length of the file if there is none. */
function itemEnd(bytes: Uint8Array, start: number): number {
  let depth = 0;
  for (let offset = start; offset < bytes.length; offset++) {
    const byte = bytes[offset];
    if (byte === QUOTE) offset = stringEnd(bytes, offset);
    else if (byte === OPEN || byte === OPEN_OBJECT) depth += 1;
    else if (depth === 0 && (byte === COMMA || byte === CLOSE)) return offset;
    else if (byte === CLOSE || byte === CLOSE_OBJECT) depth -= 1;
  }
  return bytes.length;
}

/** The offset of the quote that ends the string that begins at `start`. */
function stringEnd(bytes: Uint8Array, start: number): number {
  for (let offset = start + 1; offset < bytes.length; offset++) {
    if (bytes[offset] === BACKSLASH) offset += 1;
    else if (bytes[offset] === QUOTE) return offset;
  }
  return bytes.length;
}

function skipSpace(bytes: Uint8Array, start: number): number {
  let offset = start;
  while (offset < bytes.length && isSpace(bytes[offset])) offset += 1;
  return offset;
}

function withoutSpace(bytes: Uint8Array, start: number, end: number): number {
  let last = end;
  while (last > start && isSpace(bytes[last - 1])) last -= 1;
  return last;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
