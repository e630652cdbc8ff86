/** How fast a disk makes small writes durable, one after another. */

import {closeSync, fdatasyncSync, openSync, rmSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import {GraderError} from '../errors.ts';

const RECORD = Buffer.alloc(64, 'x');

/**
 * Appends 64 bytes and syncs, again and again, in a file of its own.
 * @param budgetMs for all of it; a single slow sync may take longer
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
      const startedAt = performance.now();
      let count = 0;
      let elapsedMs = 0;
      while (elapsedMs < budgetMs) {
        appendDurably(fd);
        count += 1;
        elapsedMs = performance.now() - startedAt;
      }
      return (1000 * count) / elapsedMs;
    } finally {
      closeSync(fd);
      rmSync(file);
    }
  } catch (error) {
    throw new GraderError(`cannot write to ${folder}: ${(error as Error).message}`);
  }
}

function appendDurably(fd: number): void {
  writeSync(fd, RECORD);
  fdatasyncSync(fd);
}
