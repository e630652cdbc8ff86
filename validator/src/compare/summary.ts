/** How a comparison ended: its verdict, and both speeds. */
import type {Colour} from '../report/colour.ts';
import {count, plural} from '../report/numbers.ts';
import {wrap} from '../report/wrap.ts';
import {EXIT, type ExitCode} from '../verdict.ts';
import type {CompareResult} from './compare.ts';
import {CHUNKS_FOR_MEDIAN, type SpeedComparison} from './speed.ts';

const WIDTH = 80;
const COLUMN_WIDTHS = [15, 12, 12];

export function compareExitCode(result: CompareResult): ExitCode {
  if (result.difference !== undefined || result.breakdown !== undefined) return EXIT.fail;
  return result.wasNeverConcurrent || result.compared === 0 ? EXIT.inconclusive : EXIT.pass;
}

/** @param name of the fixture */
export function compareSummary(result: CompareResult, name: string, colour: Colour): string[] {
  const exitCode = compareExitCode(result);
  const paint = exitCode === EXIT.pass ? colour.green : colour.red;
  const [first = '', ...rest] = wrap(`${name}: ${verdict(result, exitCode)}`, WIDTH);
  return [paint(first), ...rest, ...remarks(result), '', ...speedLines(result.speed)];
}

function verdict({difference, breakdown, compared}: CompareResult, exitCode: ExitCode): string {
  const before = `${plural(compared, 'answer')} before it ${compared === 1 ? 'is' : 'are'} the same`;
  if (difference !== undefined) return `DIFFERENT: line ${difference.request.line}; ${before}`;
  if (breakdown !== undefined) return `YOURS FAILED: line ${breakdown.line}; ${before}`;
  const equal = `${plural(compared, 'answer')}, none differs`;
  return exitCode === EXIT.pass ? `SAME: ${equal}` : `NO VERDICT: ${equal}`;
}

function remarks({bothPermitted, wasNeverConcurrent}: CompareResult): string[] {
  const lines: string[] = [];
  const differ = `${plural(bothPermitted, 'answer')} differ${bothPermitted === 1 ? 's' : ''}`;
  if (bothPermitted > 0) {
    lines.push(
      `Of these, ${differ} where the file permits both: writes in parallel, or cut off by a kill`,
    );
  }
  if (wasNeverConcurrent) {
    lines.push(
      'never were two requests to yours in flight at once: nothing is known of concurrency',
    );
  }
  return lines.flatMap((line) => wrap(line, WIDTH));
}

function speedLines(speed: SpeedComparison | undefined): string[] {
  if (speed === undefined) return ['too few answers to compare the speed'];
  const {yours, reference, throughput, p99Ratio, chunks} = speed;
  const [lower, upper] = [throughput.lowerQuartile, throughput.upperQuartile].map(ratio);
  const spread =
    chunks < CHUNKS_FOR_MEDIAN ? '' : ` (half of ${chunks} chunks: ${lower} to ${upper})`;
  return [
    row('', 'yours', 'reference', 'yours / reference'),
    row(
      'requests/s',
      count(yours.requestsPerSecond),
      count(reference.requestsPerSecond),
      `${ratio(throughput.ratio)}${spread}`,
    ),
    row('latency, 99 %', ms(yours.p99Ms), ms(reference.p99Ms), ratio(p99Ratio)),
  ];
}

function row(label: string, yours: string, reference: string, compared: string): string {
  const [labelWidth = 0, ...widths] = COLUMN_WIDTHS;
  const cells = [yours, reference].map((cell, index) => cell.padStart(widths[index] ?? 0));
  return [label.padEnd(labelWidth), ...cells, ` ${compared}`].join(' ').trimEnd();
}

function ratio(value: number): string {
  return value.toFixed(2);
}

function ms(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 9.995 ? 2 : 1)} ms`;
}
