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
    /**
     * The median over the chunks, so that a drift of the machine cancels out; of
     * fewer than CHUNKS_FOR_MEDIAN, the quotient of both speeds.
     */
    readonly ratio: number;
    /** Half of the chunks are between these. */
    readonly lowerQuartile: number;
    readonly upperQuartile: number;
  };
  readonly p99Ratio: number;
  /** Without one at the end that is too small to count. */
  readonly chunks: number;
}

/** Of fewer, a median or a quartile is the speed of one chunk or two. */
export const CHUNKS_FOR_MEDIAN = 8;
/** Of the largest chunk: what is smaller lasts so short a time that its speed is an accident. */
const CHUNK_SHARE_MIN = 0.5;

/** The speed of one of two servers, chunk by chunk. */
export class Speedometer {
  readonly #latencies = new LatencyHistogram();
  readonly #chunks: Omit<ChunkSpeed, 'latenciesUs'>[] = [];
  #answered = 0;
  #durationMs = 0;

  add({answered, durationMs, latenciesUs}: ChunkSpeed): void {
    for (const latencyUs of latenciesUs) this.#latencies.add(latencyUs);
    this.#chunks.push({answered, durationMs});
    this.#answered += answered;
    this.#durationMs += durationMs;
  }

  get chunks(): readonly Omit<ChunkSpeed, 'latenciesUs'>[] {
    return this.#chunks;
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
  if (yours.chunks.length === 0) return undefined;
  const ratios = chunkRatios(yours, reference);
  const [ours, theirs] = [yours.speed, reference.speed];
  const ratio =
    ratios.length < CHUNKS_FOR_MEDIAN
      ? ours.requestsPerSecond / theirs.requestsPerSecond
      : quantile(ratios, 0.5);
  return {
    yours: ours,
    reference: theirs,
    throughput: {
      ratio,
      lowerQuartile: quantile(ratios, 0.25),
      upperQuartile: quantile(ratios, 0.75),
    },
    p99Ratio: ours.p99Ms / theirs.p99Ms,
    chunks: ratios.length,
  };
}

/** Of the chunks that are large enough, ascending. */
function chunkRatios(yours: Speedometer, reference: Speedometer): number[] {
  const largest = Math.max(...yours.chunks.map(({answered}) => answered));
  return yours.chunks
    .flatMap(({answered, durationMs}, index) => {
      const other = reference.chunks[index];
      if (other === undefined || answered < CHUNK_SHARE_MIN * largest) return [];
      return [answered / durationMs / (other.answered / other.durationMs)];
    })
    .sort((a, b) => a - b);
}

/** Between two of them, in proportion: the median of two is their mean. */
function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const [lower = Number.NaN, upper = Number.NaN] = [
    sorted[Math.floor(position)],
    sorted[Math.ceil(position)],
  ];
  return lower + (position - Math.floor(position)) * (upper - lower);
}
