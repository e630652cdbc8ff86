/** Two texts one above the other, with a caret under the first byte that differs. */

/** Bytes shown of a text, and how many of them before the difference. */
const WINDOW = 56;
const BEFORE = 28;
const HEX_ROW = 8;

export interface DifferenceView {
  /** Lines of equal layout, at most 65 columns; the caret belongs below the second. */
  readonly expected: string;
  readonly got: string;
  readonly caret: string;
  /** Where, in words. */
  readonly where: string;
}

/** @param got one character a byte. REQUIRES: they differ */
export function showDifference(expected: string, got: string): DifferenceView {
  const at = firstDifference(expected, got);
  const start = at < WINDOW - 4 ? 0 : at - BEFORE;
  const isPrintable = [expected, got].every((text) =>
    /^[\x20-\x7e]*$/.test(text.slice(start, start + WINDOW)),
  );
  const where = `they differ from byte ${at} on (the first is 0); ${expected.length} bytes were expected, ${got.length} came`;
  if (!isPrintable) return {...hexView(expected, got, at), where};
  return {
    expected: textView(expected, start),
    got: textView(got, start),
    caret: `${' '.repeat((start === 0 ? 1 : 3) + at - start)}^`,
    where,
  };
}

/** The index of the first byte that differs; the shorter length if one begins with the other. */
export function firstDifference(expected: string, got: string): number {
  let at = 0;
  while (at < expected.length && at < got.length && expected[at] === got[at]) at++;
  return at;
}

/** `"abc"`, or `...bcd...` from the middle of a long text. */
function textView(text: string, start: number): string {
  const end = start + WINDOW;
  return `${start === 0 ? '"' : '...'}${text.slice(start, end)}${text.length > end ? '...' : '"'}`;
}

function hexView(expected: string, got: string, at: number): Omit<DifferenceView, 'where'> {
  const start = at - (at % HEX_ROW);
  return {
    expected: hexRow(expected, start),
    got: hexRow(got, start),
    caret: `${' '.repeat('00000000  '.length + 3 * (at - start))}^^`,
  };
}

/** `00000010  61 62 0a                  |ab.|` */
function hexRow(text: string, start: number): string {
  const bytes = text.slice(start, start + HEX_ROW);
  const hex = Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0'));
  const offset = start.toString(16).padStart(8, '0');
  const readable = bytes.replaceAll(/[^\x20-\x7e]/g, '.');
  return `${offset}  ${hex.join(' ').padEnd(3 * HEX_ROW)} |${readable}|`;
}
