import {LatencyHistogram} from '../replay/latency-histogram.ts';

/** What one server did of a chunk. */
export interface ChunkSpeed {
  readonly answered: number;
  /** Without the time that it was down. */
  readonly durationMs: number;
  readonly latenciesUs: readonly number[];
}

export interface ServerSpeed {
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
}

/** Yours / the reference's: of throughput more is better, of times less. */
export interface SpeedComparison {
  readonly yours: ServerSpeed;
  readonly reference: ServerSpeed;
  readonly throughput: {
    /** The median over the chunks, so that a drift of the machine cancels out. */
    readonly ratio: number;
    /** Half of the chunks are between these. */
    readonly lowerQuartile: number;
    readonly upperQuartile: number;
  };
  readonly p99Ratio: number;
  readonly chunks: number;
}

/** The speed of one of two servers, chunk by chunk. */
export class Speedometer {
  readonly #latencies = new LatencyHistogram();

  readonly #perMs: number[] = [];
  #answered = 0;
  #durationMs = 0;

  add({answered, durationMs, latenciesUs}: ChunkSpeed): void {
    for (const latencyUs of latenciesUs) this.#latencies.add(latencyUs);
    this.#perMs.push(answered / durationMs);
    this.#answered += answered;
    this.#durationMs += durationMs;
  }

  /** Requests per millisecond of each chunk. */
  get perMs(): readonly number[] {
    return this.#perMs;
  }

  get speed(): ServerSpeed {
    return {
      requestsPerSecond: (this.#answered / this.#durationMs) * 1_000,
      p99Ms: this.#latencies.percentileMs(0.99),
    };
  }
}

/** REQUIRES: both have the same chunks. Undefined if there are none. */
export function compareSpeeds(
  yours: Speedometer,
  reference: Speedometer,
): SpeedComparison | undefined {
  const ratios = yours.perMs
    .map((perMs, index) => perMs / (reference.perMs[index] ?? Number.NaN))
    .sort((a, b) => a - b);
  if (ratios.length === 0) return undefined;
  const at = (share: number) => ratios[Math.round(share * (ratios.length - 1))] ?? Number.NaN;
  const [ours, theirs] = [yours.speed, reference.speed];
  return {
    yours: ours,
    reference: theirs,
    throughput: {ratio: at(0.5), lowerQuartile: at(0.25), upperQuartile: at(0.75)},
    p99Ratio: ours.p99Ms / theirs.p99Ms,
    chunks: ratios.length,
  };
}
