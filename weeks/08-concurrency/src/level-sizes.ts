/**
 * Optional: more than two levels. Each may have so many times as many SSTables
 * as the one above it, and is compacted into the next when it has reached that;
 * only the last has no bound. With levelCount = 4 and levelSizeRatio = 10:
 *
 *   L0   5      L1   50      L2   500      L3   no bound
 *
 * With two levels, each compaction rewrites all data. With more, an entry is
 * rewritten about levelSizeRatio / 2 times a level, but a lookup asks one more
 * SSTable for each.
 */
import type {EngineOptions} from './options.ts';

/** At so many SSTables `level` is to be compacted into the one below it. */
export function tablesMax(level: number, options: EngineOptions): number {
  if (level >= options.levelCount - 1) return Number.POSITIVE_INFINITY;
  return options.l0TablesMax * options.levelSizeRatio ** level;
}
