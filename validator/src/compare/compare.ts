/**
 * Two servers beside each other on the same lines: the first answer in which they
 * differ, and how fast each of them is. They take turns, chunk by chunk, so that
 * what happens to the machine meanwhile happens to both.
 */
import type {Request} from '@kv-workshop/fixtures/instruction';
import type {FixtureSurvey} from '@kv-workshop/fixtures/survey-fixture';
import {GraderError, type ServerFailure} from '../errors.ts';
import type {ReplayBreakdown} from '../replay/replay-result.ts';
import type {ReplayTarget} from '../replay/replay-target.ts';
import {RunFolder} from '../server/run-folder.ts';
import {type Chunk, cutFixture} from './chunks.ts';
import {compareAnswers, type LineAnswer} from './line-answer.ts';
import {Side} from './side.ts';
import {compareSpeeds, type SpeedComparison} from './speed.ts';

const CHUNK_REQUESTS = 1_000;

export interface CompareOptions {
  readonly fixture: {
    readonly path: string;
    /** How messages call it. */
    readonly name: string;
    readonly survey: FixtureSurvey;
  };
  readonly yours: ReplayTarget;
  readonly reference: ReplayTarget;
  /** @default 1000 */
  readonly chunkRequests?: number;
  /** Called after each chunk. */
  readonly onProgress?: (answersCompared: number) => void;
}

export interface Difference {
  /** With its line in the whole fixture. */
  readonly request: Request;
  readonly yours: LineAnswer;
  readonly reference: LineAnswer;
}

export interface CompareResult {
  /** Lines that both answered, up to the first difference. */
  readonly compared: number;
  /** Lines that they answered differently, as the fixture permits. */
  readonly bothPermitted: number;
  readonly difference: Difference | undefined;
  /** Yours did what no server may do, and it ended there. */
  readonly breakdown: ReplayBreakdown | undefined;
  /** Of the chunks that both answered to the end; undefined if there was none. */
  readonly speed: SpeedComparison | undefined;
  /** Blocks had several requests, and never were two of yours in flight. */
  readonly wasNeverConcurrent: boolean;
}

/**
 * Sends a fixture to both, up to the first difference.
 * REQUIRES: both are empty.
 * @throws FixtureError; GraderError if the reference fails
 */
export async function compare(options: CompareOptions): Promise<CompareResult> {
  const {path, name, survey} = options.fixture;
  const runFolder = new RunFolder();
  const run = new Run(options);
  try {
    const folder = runFolder.newFolder('chunks');
    const requestsMin = options.chunkRequests ?? CHUNK_REQUESTS;
    for await (const chunk of cutFixture({path, name, survey, folder, requestsMin})) {
      await run.take(chunk);
      if (run.isOver) break;
    }
    return run.result();
  } finally {
    runFolder.remove();
  }
}

class Run {
  readonly #options: CompareOptions;
  readonly #yours: Side;
  readonly #reference: Side;
  #chunks = 0;
  #compared = 0;
  #bothPermitted = 0;
  #difference: Difference | undefined;
  #breakdown: ReplayBreakdown | undefined;

  constructor(options: CompareOptions) {
    this.#options = options;
    this.#yours = new Side(options.yours);
    this.#reference = new Side(options.reference);
  }

  get isOver(): boolean {
    return this.#difference !== undefined || this.#breakdown !== undefined;
  }

  async take(chunk: Chunk): Promise<void> {
    const sides = [this.#yours, this.#reference];
    // Whoever comes second may profit from what the first one has warmed up.
    if (this.#chunks++ % 2 === 1) sides.reverse();
    for (const side of sides) await side.replay(chunk);
    const failure = this.#reference.breakdown?.failure;
    if (failure !== undefined) throw referenceFailed(failure);
    this.#compareAnswers(chunk);
    if (this.#difference !== undefined) return;
    const {breakdown} = this.#yours;
    if (breakdown === undefined) for (const side of sides) side.countSpeed();
    else this.#breakdown = {...breakdown, line: breakdown.line + chunk.linesBefore};
    this.#options.onProgress?.(this.#compared);
  }

  #compareAnswers({linesBefore}: Chunk): void {
    const answers = [...this.#yours.answers].sort(([a], [b]) => a - b);
    for (const [line, {request, answer: yours}] of answers) {
      const reference = this.#reference.answers.get(line)?.answer;
      if (reference === undefined) continue;
      const agreement = compareAnswers(request, yours, reference);
      if (agreement === 'different') {
        const inFile = {...request, line: line + linesBefore};
        this.#difference = {request: inFile, yours, reference};
        return;
      }
      this.#compared++;
      if (agreement === 'both-permitted') this.#bothPermitted++;
    }
  }

  result(): CompareResult {
    const [yours, reference] = [this.#yours, this.#reference];
    return {
      compared: this.#compared,
      bothPermitted: this.#bothPermitted,
      difference: this.#difference,
      breakdown: this.#breakdown,
      speed: compareSpeeds(yours.speedometer, reference.speedometer),
      wasNeverConcurrent: yours.couldBeConcurrent && yours.peakInFlight <= 1,
    };
  }
}

function referenceFailed({message, details}: ServerFailure): GraderError {
  return new GraderError(['the reference server failed', message, ...details].join(': '));
}
