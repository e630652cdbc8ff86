/** How fast a disk makes small writes durable, one after another. */

import {closeSync, fdatasyncSync, openSync, rmSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import {GraderError} from '../errors.ts';

const RECORD = Buffer.alloc(64, 'x');

/** Of fewer syncs nothing can be told, unless they take all the time there is. */
const COUNT_MIN = 20;
const BUDGETS_MAX = 5;

/**
 * Appends 64 bytes and syncs, again and again, in a file of its own. Of the
 * times that this took, the fastest quarter counts: what was slower had to wait
 * for somebody else on this machine.
 * @param budgetMs for all of it; up to five times as much where syncs are slow
 * @returns appends per second
 * @throws GraderError if the folder cannot be written to
 */
export function measureSyncsPerSecond(folder: string, budgetMs = 200): number {
  const file = join(folder, 'disk-speed.tmp');
  try {
    const fd = openSync(file, 'wx');
    try {
      // The first sync also writes the file's metadata: it is not timed.
      appendDurably(fd);
      return 1_000 / quartile(timesOfSyncs(fd, budgetMs));
    } finally {
      closeSync(fd);
      rmSync(file);
    }
  } catch (error) {
    throw new GraderError(`cannot write to ${folder}: ${(error as Error).message}`);
  }
}

/** @returns milliseconds, at least one of them */
function timesOfSyncs(fd: number, budgetMs: number): number[] {
  const times: number[] = [];
  const startedAt = performance.now();
  for (let elapsedMs = 0; ; ) {
    appendDurably(fd);
    const now = performance.now() - startedAt;
    times.push(now - elapsedMs);
    elapsedMs = now;
    const isEnough = times.length >= COUNT_MIN && elapsedMs >= budgetMs;
    if (isEnough || elapsedMs >= BUDGETS_MAX * budgetMs) return times;
  }
}

function quartile(times: number[]): number {
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 4)] ?? Number.POSITIVE_INFINITY;
}

function appendDurably(fd: number): void {
  writeSync(fd, RECORD);
  fdatasyncSync(fd);
}
