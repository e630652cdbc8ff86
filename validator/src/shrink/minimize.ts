/**
 * Delta debugging: cuts a list that fails down to one that still does.
 *
 * Source: Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing
 * Input, 2002; only the complements of ddmin are tried, from the end of the
 * list on, since what matters least in a replay mostly comes last.
 */

export interface MinimizeOptions<Item> {
  /** Whether the list still fails. Asked about lists that are shorter than before only. */
  readonly fails: (items: readonly Item[]) => Promise<boolean>;
  /** True once it should come to an end; asked before each question. */
  readonly isOver: () => boolean;
}

export interface Minimized<Item> {
  readonly items: readonly Item[];
  /** Each single item is needed: the list does not fail without it. */
  readonly isMinimal: boolean;
}

/** REQUIRES: `items` fails. */
export async function minimize<Item>(
  items: readonly Item[],
  {fails, isOver}: MinimizeOptions<Item>,
): Promise<Minimized<Item>> {
  let kept = items;
  let size = Math.max(1, Math.floor(items.length / 2));
  for (;;) {
    let wasCut = false;
    for (let end = kept.length; end > 0; end -= size) {
      if (isOver()) return {items: kept, isMinimal: false};
      const rest = [...kept.slice(0, Math.max(0, end - size)), ...kept.slice(end)];
      if (!(await fails(rest))) continue;
      kept = rest;
      wasCut = true;
    }
    if (size === 1 && !wasCut) return {items: kept, isMinimal: true};
    size = Math.max(1, Math.floor(size / 2));
  }
}
