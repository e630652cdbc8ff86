/**
 * From a fresh clone to the first graded check on the screen, with the packages
 * already in pnpm's store: the README's first command, as a newcomer runs it.
 */
import {type ChildProcess, spawn} from 'node:child_process';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {$} from 'zx/core';
import {ROOT} from '../tool.ts';
import type {BenchContext} from './bench.ts';
import {median} from './measure.ts';
import type {BenchTable} from './table.ts';

const PNPM = 'pnpm@10.34.9';
/** How the table marks a check that passed. */
const PASSED = /^\s*(✓|✔|pass)\s/m;
const DEADLINE_MS = 120_000;

export async function benchFirstCheck({rounds, progress}: BenchContext): Promise<BenchTable[]> {
  const times: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    progress(`round ${round} of ${rounds}`);
    times.push((await measureFirstCheck(ROOT)) / 1_000);
  }
  const [least, most] = [Math.min(...times), Math.max(...times)];
  const range = `${least.toFixed(1)} to ${most.toFixed(1)}`;
  return [
    {
      title: 'From a fresh clone to the first passed check',
      columns: ['', 'seconds', 'range'],
      rows: [['npx pnpm kv grade', median(times).toFixed(1), range]],
      notes: ["The packages are in pnpm's store already."],
    },
  ];
}

/** Milliseconds from the start of the command to the first passed check, in a clone of `repository`. */
async function measureFirstCheck(repository: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'kv-first-check-'));
  const clone = join(folder, 'workshop');
  try {
    await $({quiet: true})`git clone --quiet ${repository} ${clone}`;
    const start = performance.now();
    const child = spawn('npx', ['--yes', PNPM, 'kv', 'grade'], {
      cwd: clone,
      env: newcomersEnvironment(),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await firstPass(child);
    const elapsed = performance.now() - start;
    await end(child);
    return elapsed;
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

/** Without what the pnpm that runs this bench hands down: its settings would keep the clone's from installing. */
function newcomersEnvironment(): NodeJS.ProcessEnv {
  const isHandedDown = (name: string) => /^(npm_|pnpm_|INIT_CWD$)/i.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isHandedDown(name)));
}

function firstPass(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const deadline = setTimeout(
      () => reject(new Error(`no check passed:\n${output}`)),
      DEADLINE_MS,
    );
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (!PASSED.test(output)) return;
      clearTimeout(deadline);
      resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', () => reject(new Error(`ended before any check passed:\n${output}`)));
  });
}

/** Ctrl-C, as a person would: the grader ends its servers itself. */
async function end(child: ChildProcess): Promise<void> {
  const exited = new Promise((resolve) => child.once('exit', resolve));
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
  await exited;
}
