import {LatencyHistogram} from './latency-histogram.ts';
import type {ReplayProgress, ReplayResult} from './replay-result.ts';

/** Linux delays an acknowledgement by 40 ms at least. */
const DELAYED_ACK_MS_MIN = 38;
const DELAYED_ACK_MS_MAX = 48;
/** Often enough that it is no accident; GETs of values may be the only ones that suffer. */
const DELAYED_ACK_SHARE_MIN = 0.1;

function delayedAckHints(share: number): string[] {
  if (share < DELAYED_ACK_SHARE_MIN) return [];
  const percent = Math.round(share * 100);
  return [
    `${percent} % of the requests took about 40 ms: the server probably writes the head and the body of an answer separately, and Nagle's algorithm holds the second part back until a delayed ACK of the first arrives; write both at once, or set TCP_NODELAY`,
  ];
}

/** What the replayer knows and the tally does not. */
type ResultBase = Pick<
  ReplayResult,
  | 'end'
  | 'survey'
  | 'failureCount'
  | 'failures'
  | 'breakdown'
  | 'unfollowed'
  | 'concurrency'
  | 'connectionsOpened'
>;

/** The counts and times of a run. */
export class Tally {
  lost = 0;
  resent = 0;
  skipped = 0;
  refusedWhileDown = 0;
  staleConnections = 0;
  kills = 0;
  restarts = 0;
  uncleanStops = 0;
  undecided = 0;
  readonly #latency = new LatencyHistogram();
  #answered = 0;
  #inFlight = 0;
  #peakInFlight = 0;
  #widestBlock = 0;
  #startedAt = 0;
  #downSince: number | undefined;
  #downMs = 0;

  begin(): void {
    this.#startedAt = performance.now();
  }

  sent(): void {
    this.#inFlight++;
    if (this.#inFlight > this.#peakInFlight) this.#peakInFlight = this.#inFlight;
  }

  answered(latencyMs: number): void {
    this.#inFlight--;
    this.#answered++;
    this.#latency.add(latencyMs * 1_000);
  }

  /** A request was sent, and its answer lost. */
  unanswered(): void {
    this.#inFlight--;
    this.lost++;
  }

  blockEnds(requests: number): void {
    if (requests > this.#widestBlock) this.#widestBlock = requests;
  }

  goesDown(): void {
    this.#downSince = performance.now();
  }

  isUp(): void {
    if (this.#downSince === undefined) return;
    this.#downMs += performance.now() - this.#downSince;
    this.#downSince = undefined;
  }

  progress(): Pick<ReplayProgress, 'answered' | 'inFlight' | 'peakInFlight' | 'elapsedMs'> {
    return {
      answered: this.#answered,
      inFlight: this.#inFlight,
      peakInFlight: this.#peakInFlight,
      elapsedMs: performance.now() - this.#startedAt,
    };
  }

  result(base: ResultBase): ReplayResult {
    this.isUp();
    const durationMs = performance.now() - this.#startedAt - this.#downMs;
    const isParallel = base.survey.mode === 'barriers';
    return {
      ...base,
      answered: this.#answered,
      lost: this.lost,
      resent: this.resent,
      skipped: this.skipped,
      refusedWhileDown: this.refusedWhileDown,
      kills: this.kills,
      restarts: this.restarts,
      uncleanStops: this.uncleanStops,
      undecided: this.undecided,
      peakInFlight: this.#peakInFlight,
      wasNeverConcurrent: isParallel && this.#widestBlock > 1 && this.#peakInFlight <= 1,
      durationMs,
      downMs: this.#downMs,
      requestsPerSecond: durationMs > 0 ? (this.#answered / durationMs) * 1_000 : 0,
      latency: {
        p50Ms: this.#latency.percentileMs(0.5),
        p99Ms: this.#latency.percentileMs(0.99),
        maxMs: this.#latency.maxMs,
      },
      hints: delayedAckHints(this.#latency.shareBetween(DELAYED_ACK_MS_MIN, DELAYED_ACK_MS_MAX)),
    };
  }
}
