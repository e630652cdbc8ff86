/**
 * Operations as bars over time, one a line: which overlap, and which come after
 * which. Only the order of their ends is drawn, not how long they last, so that
 * what takes a microsecond can be seen too.
 *
 *   |----|         line 12  PUT "7"
 *     |----|       line 13  PUT "8"
 *            |-->  line 16  DELETE, no answer
 */
import {describeOperation} from './describe-operation.ts';
import type {Operation, Scan} from './operation.ts';

/** Fits into a failure card. */
const WIDTH = 65;
const BARS_WIDTH_MAX = 26;
/** What comes before the last ones is only counted. */
const ROWS_MAX = 12;

/** @returns lines of at most 65 columns, in the order of the invocations */
export function timeline(things: readonly (Operation | Scan)[]): string[] {
  const all = things.toSorted((a, b) => a.invoke - b.invoke);
  const rows = all.slice(-ROWS_MAX);
  const keys = new Set(rows.map((thing) => ('key' in thing ? thing.key : undefined)));
  const bars = new Bars(rows);
  const places = rows.map(({place, client}) => place ?? `client ${client}`);
  const placeWidth = Math.max(...places.map((place) => place.length));
  const lines = rows.map((row, index) => {
    const place = (places[index] ?? '').padEnd(placeWidth);
    const outcome = row.return === Number.POSITIVE_INFINITY ? ', no answer' : '';
    const line = `${bars.draw(row)}  ${place}  ${describeOperation(row, keys.size > 1)}${outcome}`;
    return line.length > WIDTH ? `${line.slice(0, WIDTH - 3)}...` : line;
  });
  const hidden = all.length - rows.length;
  return hidden === 0 ? lines : [`(${hidden} earlier operations)`, ...lines];
}

class Bars {
  readonly #columns = new Map<number, number>();
  readonly #width: number;

  constructor(things: readonly (Operation | Scan)[]) {
    const ends = new Set(things.flatMap(({invoke, return: returned}) => [invoke, returned]));
    const times = [...ends].sort((a, b) => a - b);
    this.#width = Math.min(BARS_WIDTH_MAX, 3 * times.length);
    const step = (this.#width - 1) / Math.max(1, times.length - 1);
    for (const [rank, time] of times.entries()) this.#columns.set(time, Math.round(rank * step));
  }

  draw({invoke, return: returned}: Operation | Scan): string {
    const from = this.#columns.get(invoke) ?? 0;
    const to = this.#columns.get(returned) ?? 0;
    const end = returned === Number.POSITIVE_INFINITY ? '>' : '|';
    const bar = to > from ? `|${'-'.repeat(to - from - 1)}${end}` : '|';
    return `${' '.repeat(from)}${bar}`.padEnd(this.#width);
  }
}
