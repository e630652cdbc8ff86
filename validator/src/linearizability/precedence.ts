/**
 * Things of which some come before others: is there an order of all of them? If
 * not, a few of them go round in a circle.
 *
 * Of very many pairs it is known that one was over before the other began. That
 * is kept as one chain of instants: whatever returns leads into it, whatever is
 * invoked leads out of it.
 */
import type {Operation} from './operation.ts';

/** `from` comes before `to`; both are numbers of things. */
export interface Edge {
  readonly from: number;
  readonly to: number;
}

const CIRCLES_MAX = 32;

export class Precedence {
  /** Nodes that are things; those above are instants. */
  readonly #things: number;
  readonly #successors: number[][];

  /** @param edges besides those that follow from the times */
  constructor(things: readonly Pick<Operation, 'invoke' | 'return'>[], edges: readonly Edge[]) {
    this.#things = things.length;
    this.#successors = things.map(() => []);
    for (const {from, to} of edges) this.#successors[from]?.push(to);
    const events = things.flatMap(({invoke, return: returned}, thing) => [
      {thing, time: invoke, isReturn: 0},
      {thing, time: returned, isReturn: 1},
    ]);
    // Those that touch at one microsecond overlap: the invocation comes first.
    events.sort((a, b) => (a.time === b.time ? a.isReturn - b.isReturn : a.time - b.time));
    for (const {thing, isReturn} of events) {
      const instant = this.#successors.length;
      if (instant > this.#things) this.#successors[instant - 1]?.push(instant);
      this.#successors.push(isReturn === 1 ? [] : [thing]);
      if (isReturn === 1) this.#successors[thing]?.push(instant);
    }
  }

  /**
   * A short circle of things, each before the next, and the last before the
   * first; undefined if there is none, which means that there is an order.
   */
  circle(): number[] | undefined {
    const someCircle = this.#someCircle();
    if (someCircle === undefined) return undefined;
    let shortest = someCircle;
    for (const thing of someCircle.slice(0, CIRCLES_MAX)) {
      const circle = this.#shortestThrough(thing);
      if (circle.length < shortest.length) shortest = circle;
    }
    return shortest;
  }

  #someCircle(): number[] | undefined {
    const predecessor = this.#predecessorsLeft();
    let node = predecessor.findIndex((before) => before !== undefined);
    if (node === -1) return undefined;
    // Whatever is left has something before it that is left: going back must meet itself.
    const path: number[] = [];
    const places = new Map<number, number>();
    while (!places.has(node)) {
      places.set(node, path.length);
      path.push(node);
      node = predecessor[node] ?? node;
    }
    return path
      .slice(places.get(node))
      .filter((each) => each < this.#things)
      .toReversed();
  }

  /** One predecessor each of the nodes that are on a circle or behind one (Kahn's algorithm). */
  #predecessorsLeft(): (number | undefined)[] {
    const waitsFor = new Int32Array(this.#successors.length);
    for (const successors of this.#successors) {
      for (const to of successors) waitsFor[to] = (waitsFor[to] ?? 0) + 1;
    }
    const ready = [...waitsFor.keys()].filter((node) => waitsFor[node] === 0);
    for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
      for (const to of this.#successors[node] ?? []) {
        waitsFor[to] = (waitsFor[to] ?? 0) - 1;
        if (waitsFor[to] === 0) ready.push(to);
      }
    }
    const predecessor = Array.from<number | undefined>({length: waitsFor.length});
    for (const [from, successors] of this.#successors.entries()) {
      if (waitsFor[from] === 0) continue;
      for (const to of successors) if (waitsFor[to] !== 0) predecessor[to] = from;
    }
    return predecessor;
  }

  /** Breadth first by things; instants count nothing. REQUIRES: `start` is on a circle. */
  #shortestThrough(start: number): number[] {
    const cameFrom = new Map<number, number>();
    for (let level = [start]; level.length > 0; ) {
      const nextLevel: number[] = [];
      for (let node = level.pop(); node !== undefined; node = level.pop()) {
        for (const to of this.#successors[node] ?? []) {
          if (cameFrom.has(to)) continue;
          cameFrom.set(to, node);
          if (to === start) return this.#thingsBack(start, cameFrom);
          (to < this.#things ? nextLevel : level).push(to);
        }
      }
      level = nextLevel;
    }
    throw new Error(`${start} is on no circle`);
  }

  #thingsBack(start: number, cameFrom: ReadonlyMap<number, number>): number[] {
    const things = [start];
    for (let node = cameFrom.get(start); node !== start; node = cameFrom.get(node ?? start)) {
      if (node !== undefined && node < this.#things) things.push(node);
    }
    return things.toReversed();
  }
}
