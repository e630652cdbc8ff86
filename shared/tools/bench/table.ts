/** Results as tables: data first, then text for a terminal and Markdown for the docs. */
import {wrap} from '../../../validator/src/report/wrap.ts';
import type {Comparison, Limit} from './measure.ts';

export interface BenchTable {
  readonly title: string;
  /** The first one names the rows. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What a reader must know to read it: paragraphs, whose line ends mean nothing. */
  readonly notes: readonly string[];
}

const TEXT_WIDTH = 100;
const COMPARISON_COLUMNS = ['ours / peer', 'ours, a second', 'peer, a second', 'ratio', 'limit'];

export function comparisonTable(
  title: string,
  comparisons: readonly Comparison[],
  notes: readonly string[] = [],
): BenchTable {
  const rows = comparisons.map(({name, perSecond, ratio, ratioMin, ratioMax, limit}) => [
    name,
    whole(perSecond[0]),
    whole(perSecond[1]),
    `${ratio.toFixed(2)} (${ratioMin.toFixed(2)} to ${ratioMax.toFixed(2)})`,
    limit === undefined ? '' : verdict(limit, ratio),
  ]);
  return {title, columns: COMPARISON_COLUMNS, rows, notes};
}

/** `at least 1.2: met` */
export function verdict(limit: Limit, ratio: number): string {
  const [text, isMet] =
    'atLeast' in limit
      ? [`at least ${limit.atLeast}`, ratio >= limit.atLeast]
      : [`at most ${limit.atMost}`, ratio <= limit.atMost];
  return `${text}: ${isMet ? 'met' : 'not met'}`;
}

/** `12,346` */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `16 MiB` */
export function mebibytes(bytes: number): string {
  return `${bytes / (1024 * 1024)} MiB`;
}

/** Three digits that count: `0.0123`, `1.23`, `12.3`, `12,346`. */
export function rounded(value: number): string {
  if (value >= 100) return whole(value);
  return String(Number(value.toPrecision(3)));
}

export function textTable({title, columns, rows, notes}: BenchTable): string {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => (row[index] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    widths
      .map((width, index) => pad(cells[index] ?? '', width, index === 0))
      .join('  ')
      .trimEnd();
  const underline = widths.map((width) => '─'.repeat(width));
  const paragraphs = notes.flatMap((note) => wrap(inOneLine(note), TEXT_WIDTH));
  return [title, '', ...[columns, underline, ...rows].map(line), '', ...paragraphs, ''].join('\n');
}

function pad(text: string, width: number, isLeft: boolean): string {
  return isLeft ? text.padEnd(width) : text.padStart(width);
}

/** Without the title, which the document says in its own words. */
export function markdownTable({columns, rows, notes}: BenchTable): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = columns.map((_, index) => (index === 0 ? '---' : '---:'));
  const table = [line(columns), line(rule), ...rows.map(line)].join('\n');
  return [table, ...notes.map(inOneLine)].join('\n\n');
}

function inOneLine(text: string): string {
  return text.replaceAll('\n', ' ');
}
