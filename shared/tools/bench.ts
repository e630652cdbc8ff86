/**
 * `pnpm bench [--rounds N]`: every speed that the workshop speaks of, side by
 * side with a peer, as ratios of one run. It prints and never judges.
 */

import {Engine} from '../../weeks/03-write-ahead-log/src/engine.ts';
import {benchDurablePuts} from './bench/durable-puts.ts';
import {measureFirstCheck} from './bench/first-check.ts';
import {benchGradedReplays} from './bench/graded-replays.ts';
import {type Comparison, median} from './bench/measure.ts';
import {pinToOneCore} from './bench/pin.ts';
import {BLOCK_NOTE, benchReplays} from './bench/replay.ts';
import {parseToolArgs, ROOT, runTool, type Terminal} from './tool.ts';

const USAGE = 'pnpm bench [--rounds N]    rounds of each comparison (5)';
const FIRST_CHECK_RUNS = 3;

await runTool(async (args, terminal) => {
  const {values} = parseToolArgs(args, {rounds: {type: 'string', default: '5'}}, USAGE);
  const rounds = Number(values.rounds);
  // Before pinning: a newcomer's first command has the whole machine.
  const firstChecks: number[] = [];
  for (let run = 0; run < FIRST_CHECK_RUNS; run++) firstChecks.push(await measureFirstCheck(ROOT));
  terminal.print(`from a fresh clone to the first passed check: ${seconds(median(firstChecks))}`);
  terminal.print(` (median of ${FIRST_CHECK_RUNS}, packages already in the store)\n\n`);

  const isPinned = pinToOneCore();
  terminal.print(isPinned ? 'All processes on one core' : 'Not pinned to one core: no taskset');
  terminal.print(`; rates a second, medians of ${rounds} rounds in turn.\n\n`);
  for (const comparison of await benchReplays(rounds)) printComparison(terminal, comparison);
  for (const comparison of await benchGradedReplays([1, 2, 3], rounds)) {
    printComparison(terminal, comparison);
  }
  const open = (fileSystem: Parameters<typeof Engine.open>[0]) => Engine.open(fileSystem);
  printComparison(terminal, await benchDurablePuts(open, rounds));
  terminal.print(`\n${BLOCK_NOTE}\n`);
  return 0;
});

function printComparison({print, paint}: Terminal, comparison: Comparison): void {
  const {name, perSecond, ratio, ratioMin, ratioMax} = comparison;
  const [ours, peer] = perSecond.map((rate) => Math.round(rate).toLocaleString('en-US'));
  const range = `${ratioMin.toFixed(2)} to ${ratioMax.toFixed(2)}`;
  print(`${name}\n  ${ours} / ${peer} = ${paint.bold(ratio.toFixed(2))} (${range})\n`);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
