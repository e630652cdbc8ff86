/** Whole groups of a replay's instructions that rarely matter, left out at once. */
import type {Step} from './steps.ts';

/** How many of the requests about other keys to leave between those about the key. */
const OTHERS_BETWEEN = [0, 20, 100, 500];

/**
 * What to try first, from few steps to many: writes about the key of the last
 * step, with ever more of the others between them.
 * @returns lists that are shorter than all of it, each with the last step
 */
export function thinnedLists(steps: readonly Step[]): Step[][] {
  const [last] = steps.slice(-1);
  if (last === undefined) return [];
  const key = 'key' in last.instruction ? last.instruction.key : undefined;
  const writes = steps.slice(0, -1).filter(({instruction: {op}}) => op !== 'get' && op !== 'scan');
  const lists = [...OTHERS_BETWEEN.map((others) => thinned(writes, key, others)), writes];
  const lengths = lists.map(({length}) => length);
  return lists
    .filter(({length}, index) => length < steps.length - 1 && length !== lengths[index - 1])
    .map((list) => [...list, last]);
}

/**
 * What is about the key, the ends of blocks, and the first of the others between
 * them: where it takes a flush to fail, it rarely matters what else is flushed.
 */
function thinned(steps: readonly Step[], key: string | undefined, others: number): Step[] {
  let between = 0;
  return steps.filter(({instruction}) => {
    if ('key' in instruction && instruction.key !== key) return ++between <= others;
    between = 0;
    return true;
  });
}
