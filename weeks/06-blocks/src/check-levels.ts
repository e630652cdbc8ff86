/** What must hold of the levels at any time, checked against the files; for tests. */
import type {Levels, SSTable} from './levels.ts';
import {entriesOf} from './merge.ts';
import {withRuns} from './runs.ts';
import type {TableCache} from './table-cache.ts';

/** @throws Error that says which invariant does not hold */
export async function checkLevels(
  cache: TableCache,
  levels: Levels,
  entriesMax: number,
): Promise<void> {
  const paths = levels.flat().map(({path}) => path);
  check(new Set(paths).size === paths.length, `an SSTable is listed twice: ${paths.join(', ')}`);
  for (const [level, tables] of levels.entries()) {
    for (const [index, table] of tables.entries()) {
      const where = `${table.path}, ${table.minKey}-${table.maxKey}`;
      check(table.path.startsWith(`l${level}/`), `${where}: is in the wrong folder`);
      const {keyFirst, keyLast, count} = await survey(cache, table);
      check(count <= entriesMax, `${where}: ${count} entries`);
      if (level === 0) continue;
      const isExact = keyFirst === table.minKey && keyLast === table.maxKey;
      check(isExact, `${where}: its keys are ${keyFirst}-${keyLast}`);
      const before = tables[index - 1];
      const isBehind = before === undefined || before.maxKey < table.minKey;
      check(isBehind, `${where}: overlaps ${before?.path}, which ends with ${before?.maxKey}`);
    }
  }
}

function survey(
  cache: TableCache,
  table: SSTable,
): Promise<{keyFirst: string | undefined; keyLast: string | undefined; count: number}> {
  return withRuns(cache, [[table]], ([stretches = []]) => {
    // Reading it to its end checks the order of its keys, too.
    const keys = Array.from(entriesOf(stretches), ({key}) => key);
    return {keyFirst: keys[0], keyLast: keys.at(-1), count: keys.length};
  });
}

function check(isTrue: boolean, problem: string): void {
  if (!isTrue) throw new Error(problem);
}
