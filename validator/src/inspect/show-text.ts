import {escapeText} from '../report/escape.ts';

const SHOWN_MAX = 70;
const LABEL_WIDTH = 16;

/** Text from a file, on one line: cut, and escaped. */
export function shownText(text: string): string {
  const cut = text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}...` : text;
  return escapeText(cut);
}

/** A value as it is in a file, in quotes; or that it is none. */
export function shownValue(value: string | null): string {
  if (value === null) return 'deleted';
  const size = value.length > SHOWN_MAX ? ` (${value.length} characters)` : '';
  return `"${shownText(value)}"${size}`;
}

/** The name of a file, and what is said of it, in two columns. */
export function label(name: string, text: string): string {
  return `${shownText(name).padEnd(LABEL_WIDTH)} ${text}`;
}
