import type {Run} from './levels.ts';
import type {Stretch} from './merge.ts';
import type {TableCache} from './table-cache.ts';

/** Calls `use` with the stretches of each run. */
export async function withRuns<T>(
  tables: TableCache,
  inputs: readonly Run[],
  use: (runs: Iterable<Stretch>[]) => T | Promise<T>,
): Promise<T> {
  return use(inputs.map((run) => readRun(run, tables, '', false)));
}

/**
 * The stretches of `run` from the key `from` on, read as they are asked for.
 * @param fillsCache whether the block cache is to keep what is read
 */
export function* readRun(
  run: Run,
  tables: TableCache,
  from: string,
  fillsCache: boolean,
): Generator<Stretch> {
  for (const {path} of run) yield* tables.get(path).stretches(from, fillsCache);
}
