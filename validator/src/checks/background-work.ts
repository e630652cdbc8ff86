/**
 * When a server has done what it does in the background. It can be seen from
 * outside by the names and sizes of its files, which are looked at, not opened.
 */
import {type Dirent, readdirSync, type Stats} from 'node:fs';
import {lstat} from 'node:fs/promises';
import {join} from 'node:path';
import {performance} from 'node:perf_hooks';
import {setTimeout as sleep} from 'node:timers/promises';
import type {CheckContext} from './check.ts';

const POLL_MS = 4;
/** A pause between two steps of a flush is shorter. */
const QUIET_MS = 120;
/** A server that never rests is not waited for. */
const WAIT_MS_MAX = 4_000;
const MOMENT_MS_MAX = 30_000;
const DEPTH_MAX = 4;
/** Folders count too. */
const FILES_MAX = 2_000;

type DataOf = Pick<CheckContext, 'server'>;

/**
 * Waits until nothing in the data folder changes any more.
 * REQUIRES: no request is in flight.
 * @returns milliseconds from the call to the last change; 0 if there was none
 */
export async function backgroundWorkEnds({server}: DataOf): Promise<number> {
  const {dataDir} = server.control;
  const startedAt = performance.now();
  let changedAt = startedAt;
  let state = await stateOf(dataDir);
  while (performance.now() - changedAt < QUIET_MS && performance.now() - startedAt < WAIT_MS_MAX) {
    await sleep(POLL_MS);
    const now = await stateOf(dataDir);
    if (now !== state) changedAt = performance.now();
    state = now;
  }
  return changedAt - startedAt;
}

/** The files of the data folder, by their paths. */
export function filesThere({server}: DataOf): string[] {
  return pathsIn(server.control.dataDir);
}

/**
 * Waits until one of the files that are there now is gone: a moment that matters,
 * for what names it must be gone by then.
 * @param isOver whether to give up: it may never be
 * @param older the only files to look at, if one of them is still there
 */
export async function fileVanishes(
  context: DataOf,
  isOver: () => boolean,
  older: readonly string[] = [],
): Promise<void> {
  await pathsChange(context, isOver, (before, now) => {
    const left = new Set(now);
    const there = older.filter((path) => before.includes(path));
    return (there.length > 0 ? there : before).some((path) => !left.has(path));
  });
}

/**
 * Waits until there is a file that is not there now: a new log, or an SSTable
 * that is being written.
 * @param isOver whether to give up: it may never be
 */
export async function fileAppears(context: DataOf, isOver: () => boolean): Promise<void> {
  await pathsChange(context, isOver, (before, now) => {
    const old = new Set(before);
    return now.some((path) => !old.has(path));
  });
}

async function pathsChange(
  {server}: DataOf,
  isOver: () => boolean,
  hasChanged: (before: readonly string[], now: readonly string[]) => boolean,
): Promise<void> {
  const {dataDir} = server.control;
  const before = pathsIn(dataDir);
  // A server that is gone itself is not waited for for ever.
  const deadline = performance.now() + MOMENT_MS_MAX;
  while (performance.now() < deadline && !isOver() && !hasChanged(before, pathsIn(dataDir))) {
    await sleep(1);
  }
}

async function stateOf(dataDir: string): Promise<string> {
  const paths = pathsIn(dataDir);
  const lines = paths.map(async (path) => `${path} ${(await statOf(path))?.size}`);
  return (await Promise.all(lines)).sort().join('\n');
}

/** At once, not by a thread that other work may keep waiting: the moment would be over. */
function pathsIn(dataDir: string): string[] {
  const paths: string[] = [];
  const pending = [{path: dataDir, depth: 0}];
  let count = 0;
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of entriesOf(folder.path)) {
      const path = join(folder.path, entry.name);
      if (!entry.isDirectory()) paths.push(path);
      else if (folder.depth < DEPTH_MAX) pending.push({path, depth: folder.depth + 1});
      count += 1;
      if (count > FILES_MAX) return paths;
    }
  }
  return paths;
}

/** What goes away while it is looked at has changed, and that is all. */
function entriesOf(path: string): Dirent[] {
  try {
    return readdirSync(path, {withFileTypes: true});
  } catch {
    return [];
  }
}

async function statOf(path: string): Promise<Stats | undefined> {
  return await lstat(path).catch(() => undefined);
}
