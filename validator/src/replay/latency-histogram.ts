/** Buckets per power of two: a percentile is off by 3 % at most. */
const BUCKETS_PER_OCTAVE = 32;
const LATENCY_US_MAX = 2 ** 31 - 1;

/**
 * Latencies in buckets that grow with their size, as in an HDR histogram: the
 * memory is the same for any number of them.
 */
export class LatencyHistogram {
  readonly #counts = new Uint32Array(bucketOf(LATENCY_US_MAX) + 1);
  #count = 0;
  #maxUs = 0;

  add(microseconds: number): void {
    const us = Math.min(Math.max(0, Math.round(microseconds)), LATENCY_US_MAX);
    const bucket = bucketOf(us);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count++;
    if (us > this.#maxUs) this.#maxUs = us;
  }

  get maxMs(): number {
    return this.#maxUs / 1_000;
  }

  /** What this share (0 to 1) of the requests did not exceed; 0 if there were none. */
  percentileMs(share: number): number {
    const rank = Math.ceil(share * this.#count);
    let seen = 0;
    for (const [bucket, count] of this.#counts.entries()) {
      seen += count;
      if (count > 0 && seen >= rank) return Math.min(lastOf(bucket), this.#maxUs) / 1_000;
    }
    return 0;
  }

  /** Which share (0 to 1) of the requests took between so many milliseconds, as far as buckets tell. */
  shareBetween(fromMs: number, toMs: number): number {
    const [from, to] = [bucketOf(fromMs * 1_000), bucketOf(toMs * 1_000)];
    const within = this.#counts.subarray(from, to + 1).reduce((sum, count) => sum + count, 0);
    return this.#count === 0 ? 0 : within / this.#count;
  }
}

/** Up to 63 µs a bucket each; from there on the 6 leading bits decide. */
function bucketOf(us: number): number {
  const shift = Math.max(0, 26 - Math.clz32(us));
  return shift * BUCKETS_PER_OCTAVE + (us >>> shift);
}

/** The longest latency of a bucket. */
function lastOf(bucket: number): number {
  if (bucket < 2 * BUCKETS_PER_OCTAVE) return bucket;
  const shift = Math.floor(bucket / BUCKETS_PER_OCTAVE) - 1;
  return (bucket - shift * BUCKETS_PER_OCTAVE + 1) * 2 ** shift - 1;
}
