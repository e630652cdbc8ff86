/**
 * `pnpm bench`: every speed that the workshop speaks of, side by side with a peer
 * or with the week before. It prints and never judges: a limit that is not met is
 * named, and the status is 0 all the same.
 */
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Bench} from './bench/bench.ts';
import {BENCHES} from './bench/catalogue.ts';
import {replaceBlocks} from './bench/doc-blocks.ts';
import {machineText} from './bench/machine.ts';
import {pinToOneCore} from './bench/pin.ts';
import {type BenchTable, markdownTable, textTable} from './bench/table.ts';
import {parseToolArgs, ROOT, runTool, UsageError} from './tool.ts';

const USAGE = `pnpm bench [NAME…]    all benches, or those named
  --rounds N            rounds of each measurement (5)
  --markdown            print Markdown
  --write               put the results into the documents that quote them
  --list                say which benches there are`;
const FLAGS = {
  rounds: {type: 'string', default: '5'},
  markdown: {type: 'boolean', default: false},
  write: {type: 'boolean', default: false},
  list: {type: 'boolean', default: false},
} as const;
const ROUNDS_MAX = 1_000;

await runTool(async (args, {print, paint}) => {
  const {values, positionals} = parseToolArgs(args, FLAGS, USAGE);
  const benches = chosen(positionals);
  const rounds = parseRounds(values.rounds);
  if (values.list) {
    for (const {name, summary} of benches) print(`${name.padEnd(16)} ${summary}\n`);
    return 0;
  }
  const progress = (text: string) => void process.stderr.write(paint.dim(`  ${text}\n`));
  // From the pinned ones on, everything stays on one core.
  const inOrder = [...benches].sort((a, b) => Number(a.isPinned) - Number(b.isPinned));
  let cores = 'all cores';
  for (const bench of inOrder) {
    if (bench.isPinned && cores === 'all cores') {
      cores = pinToOneCore() ? 'one core' : 'all cores (there is no taskset)';
    }
    progress(bench.name);
    const tables = await bench.run({rounds, progress});
    const source = `Measured on ${machineText()}; ${cores} used, ${rounds} round${rounds === 1 ? '' : 's'}.`;
    for (const table of tables) {
      print(`${values.markdown ? markdownTable(table) : textTable(table)}\n`);
    }
    print(`${source}\n\n`);
    if (values.write) for (const file of writeBlocks(bench, tables, source)) print(`${file}\n`);
  }
  return 0;
});

/** @throws UsageError */
function chosen(names: readonly string[]): readonly Bench[] {
  if (names.length === 0) return BENCHES;
  return names.map((name) => {
    const bench = BENCHES.find((each) => each.name === name);
    if (bench !== undefined) return bench;
    const known = BENCHES.map((each) => each.name).join(', ');
    throw new UsageError(`there is no bench "${name}", only ${known}`);
  });
}

/** @throws UsageError */
function parseRounds(text: string): number {
  const rounds = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (rounds >= 1 && rounds <= ROUNDS_MAX) return rounds;
  throw new UsageError(`--rounds ${text}: expected a whole number from 1 to ${ROUNDS_MAX}`);
}

/** @returns the documents that were changed */
function writeBlocks(bench: Bench, tables: readonly BenchTable[], source: string): string[] {
  const weeks = readdirSync(join(ROOT, 'docs/weeks')).map((name) => `docs/weeks/${name}`);
  return ['docs/measurements.md', ...weeks].filter((file) => {
    const before = readFileSync(join(ROOT, file), 'utf8');
    const after = replaceBlocks(before, (name, selector) => {
      if (name !== bench.name) return undefined;
      const shown = selector === '' ? tables : (bench.excerpt?.(tables, selector) ?? tables);
      return [...shown.map(markdownTable), source].join('\n\n');
    });
    if (after !== before) writeFileSync(join(ROOT, file), after);
    return after !== before;
  });
}
