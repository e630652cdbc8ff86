/** Two texts one above the other, with a caret under the first byte that differs. */
import {escapeBytes} from './escape.ts';

/** Bytes shown around the first one that differs. */
const BEFORE = 24;
const WINDOW = 48;
const HEX_ROW = 16;

export interface DifferenceView {
  /** `the first difference is at byte 3 (counted from 0)` */
  readonly where: string;
  readonly lines: readonly string[];
}

/** @param got one character a byte. REQUIRES: they differ */
export function showDifference(expected: string, got: string): DifferenceView {
  const at = firstDifference(expected, got);
  const isPrintable = [expected, got].every((text) => /^[\x20-\x7e]*$/.test(around(text, at)));
  return {
    where: `the first difference is at byte ${at}${endsAt(expected, got, at)}`,
    lines: isPrintable ? caretView(expected, got, at) : hexView(expected, got, at),
  };
}

/** The index of the first byte that differs; the shorter length if one begins with the other. */
export function firstDifference(expected: string, got: string): number {
  let at = 0;
  while (at < expected.length && at < got.length && expected[at] === got[at]) at++;
  return at;
}

function endsAt(expected: string, got: string, at: number): string {
  if (at === got.length) return `, where the answer ends (${expected.length} bytes were expected)`;
  if (at === expected.length) return `, where it should have ended (the answer has ${got.length})`;
  return '';
}

function around(text: string, at: number): string {
  const start = Math.max(0, at - BEFORE);
  return text.slice(start, start + WINDOW);
}

function caretView(expected: string, got: string, at: number): string[] {
  const start = Math.max(0, at - BEFORE);
  const view = (text: string): string => {
    const end = start + WINDOW;
    return `${start > 0 ? '…' : '"'}${text.slice(start, end)}${text.length > end ? '…' : '"'}`;
  };
  return [
    `expected  ${view(expected)}`,
    `got       ${view(got)}`,
    `${' '.repeat('got       "'.length + at - start)}^`,
  ];
}

function hexView(expected: string, got: string, at: number): string[] {
  const start = at - (at % HEX_ROW);
  return [
    `expected  ${hexRow(expected, start)}`,
    `got       ${hexRow(got, start)}`,
    `${' '.repeat('got       00000000  '.length + 3 * (at - start))}^^`,
  ];
}

/** `00000010  61 62 0a          "ab\n"` */
function hexRow(text: string, start: number): string {
  const bytes = text.slice(start, start + HEX_ROW);
  const hex = Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0'));
  const offset = start.toString(16).padStart(8, '0');
  return `${offset}  ${hex.join(' ').padEnd(3 * HEX_ROW)} "${escapeBytes(bytes)}"`;
}
