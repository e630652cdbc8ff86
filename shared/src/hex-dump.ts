const LINE_BYTES = 16;

/**
 * Bytes as hex and as text, 16 a line, as hexdump -C prints them: a line like
 * the one before it is left out, and one `*` stands for all of those.
 *
 *   00000000  02 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|
 *   *
 *   00000030
 *
 * @param start the address of the first byte. @default 0
 */
export function* hexDump(bytes: Uint8Array, start = 0): Generator<string> {
  let before = '';
  let isRepeating = false;
  for (let offset = 0; offset < bytes.length; offset += LINE_BYTES) {
    const content = lineOf(bytes.subarray(offset, offset + LINE_BYTES));
    if (content !== before) yield `${address(start + offset)}  ${content}`;
    else if (!isRepeating) yield '*';
    isRepeating = content === before;
    before = content;
  }
  yield address(start + bytes.length);
}

function lineOf(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  const halves = `${hex.slice(0, 8).join(' ')}  ${hex.slice(8).join(' ')}`;
  const isPrintable = (byte: number): boolean => byte >= 0x20 && byte <= 0x7e;
  const text = Array.from(bytes, (byte) => (isPrintable(byte) ? String.fromCharCode(byte) : '.'));
  return `${halves.padEnd(3 * LINE_BYTES)}  |${text.join('')}|`;
}

function address(offset: number): string {
  return offset.toString(16).padStart(8, '0');
}
