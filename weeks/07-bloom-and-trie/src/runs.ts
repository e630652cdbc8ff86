import type {Run} from './levels.ts';
import type {Stretch} from './merge.ts';
import type {TableCache} from './table-cache.ts';

/**
 * Calls `use` with the stretches of each run, from the key `from` on.
 * @param fillsCache whether their blocks are likely to be read again
 */
export async function withRuns<T>(
  tables: TableCache,
  inputs: readonly Run[],
  use: (runs: Iterable<Stretch>[]) => T | Promise<T>,
  {from = '', fillsCache = false} = {},
): Promise<T> {
  return use(inputs.map((run) => readRun(run, tables, from, fillsCache)));
}

function* readRun(
  run: Run,
  tables: TableCache,
  from: string,
  fillsCache: boolean,
): Generator<Stretch> {
  for (const {path} of run) yield* tables.get(path).stretches(from, fillsCache);
}
