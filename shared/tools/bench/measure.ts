/** What all benches share: interleaved rounds, medians, ratios. */

/** Work that timed itself. */
export interface Timed {
  readonly units: number;
  readonly elapsedMs: number;
}

export interface Side {
  readonly name: string;
  /** Does one round of the work; returns units done (requests, puts). */
  run(round: number): Promise<number | Timed>;
}

/** What a ratio should be. It is printed and never enforced: times depend on the machine. */
export type Limit = {readonly atLeast: number} | {readonly atMost: number};

export interface Comparison {
  readonly name: string;
  readonly limit: Limit | undefined;
  /** Units per second of each side, the median of its rounds. */
  readonly perSecond: readonly [ours: number, peer: number];
  /** The median of ours / peer, taken round by round, so that a drift of the machine cancels out. */
  readonly ratio: number;
  readonly ratioMin: number;
  readonly ratioMax: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

async function perSecond(side: Side, round: number): Promise<number> {
  const start = performance.now();
  const work = await side.run(round);
  const timed =
    typeof work === 'number' ? {units: work, elapsedMs: performance.now() - start} : work;
  return (timed.units / timed.elapsedMs) * 1_000;
}

/** Runs both sides in turn, a warm-up round first, the order swapped each round. */
export async function compare(
  name: string,
  ours: Side,
  peer: Side,
  rounds: number,
  limit?: Limit,
): Promise<Comparison> {
  const ourRates: number[] = [];
  const peerRates: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const order = round % 2 === 0 ? [ours, peer] : [peer, ours];
    for (const side of order) {
      const rate = await perSecond(side, round);
      if (round > 0) (side === ours ? ourRates : peerRates).push(rate);
    }
  }
  const ratios = ourRates.map((rate, i) => rate / (peerRates[i] ?? Number.NaN));
  return {
    name,
    limit,
    perSecond: [median(ourRates), median(peerRates)],
    ratio: median(ratios),
    ratioMin: Math.min(...ratios),
    ratioMax: Math.max(...ratios),
  };
}
