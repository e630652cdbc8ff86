const ROW_BYTES = 8;

/**
 * The bytes around an offset, as hex and as text, with a caret below the one
 * that is meant. At most 45 columns.
 *
 *   00001080  61 70 70 6c 65 00 00 00  |apple...|
 *                      ^^
 */
export function hexRows(bytes: Uint8Array, offset: number): string[] {
  const row = offset - (offset % ROW_BYTES);
  const caret = `${' '.repeat('00000000  '.length + 3 * (offset - row))}^^`;
  const before = row === 0 ? [] : [hexRow(bytes, row - ROW_BYTES)];
  const after = row + ROW_BYTES < bytes.length ? [hexRow(bytes, row + ROW_BYTES)] : [];
  return [...before, hexRow(bytes, row), caret, ...after];
}

function hexRow(bytes: Uint8Array, start: number): string {
  const row = Array.from(bytes.subarray(start, start + ROW_BYTES));
  const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const text = row.map((byte) => (byte < 0x20 || byte > 0x7e ? '.' : String.fromCharCode(byte)));
  const address = start.toString(16).padStart(8, '0');
  return `${address}  ${hex.padEnd(3 * ROW_BYTES)} |${text.join('')}|`;
}
