import {escapeBytes} from '../report/escape.ts';

const SHOWN_MAX = 120;

/** Bytes (a latin1 string) in quotes, what is not printable as an escape, the rest cut off. */
export function showBytes(bytes: string, shownMax: number = SHOWN_MAX): string {
  const shown = escapeBytes(bytes.slice(0, shownMax));
  return bytes.length <= shownMax ? `"${shown}"` : `"${shown}" and ${bytes.length - shownMax} more`;
}
