import type {Request} from '@kv-workshop/fixtures/instruction';
import {readHistory} from '../history/history-reader.ts';
import {HistoryRecorder} from '../history/history-recorder.ts';
import {replay} from '../replay/replay.ts';
import type {ReplayBreakdown} from '../replay/replay-result.ts';
import type {ReplayTarget} from '../replay/replay-target.ts';
import type {Chunk} from './chunks.ts';
import {type LineAnswer, lineAnswer} from './line-answer.ts';
import {type ChunkSpeed, Speedometer} from './speed.ts';

export interface Answer {
  /** With its line in the chunk. */
  readonly request: Request;
  readonly answer: LineAnswer;
}

/** One of the two servers, and what it did of the last chunk. */
export class Side {
  readonly target: ReplayTarget;
  readonly speedometer = new Speedometer();
  /** By the line in the chunk, in no order. Lines without an answer are left out. */
  answers: ReadonlyMap<number, Answer> = new Map();
  breakdown: ReplayBreakdown | undefined;
  peakInFlight = 0;
  /** Blocks had several requests. */
  couldBeConcurrent = false;
  #speed: ChunkSpeed = {answered: 0, durationMs: 0, latenciesUs: []};

  constructor(target: ReplayTarget) {
    this.target = target;
  }

  async replay({path}: Chunk): Promise<void> {
    const {server, client} = this.target;
    const history = new HistoryRecorder();
    try {
      const result = await replay({fixture: {path}, server, client, history});
      const answers = new Map<number, Answer>();
      const latenciesUs: number[] = [];
      for await (const entry of readHistory(path, history)) {
        const answer = lineAnswer(entry, result.failures);
        if (answer === undefined) continue;
        answers.set(entry.request.line, {request: entry.request, answer});
        latenciesUs.push(entry.record.returnUs - entry.record.invokeUs);
      }
      this.answers = answers;
      this.breakdown = result.breakdown;
      this.peakInFlight = Math.max(this.peakInFlight, result.peakInFlight);
      if (result.wasNeverConcurrent) this.couldBeConcurrent = true;
      this.#speed = {answered: result.answered, durationMs: result.durationMs, latenciesUs};
    } finally {
      history.dispose();
    }
  }

  /** The last chunk is part of its speed: both servers have answered it. */
  countSpeed(): void {
    this.speedometer.add(this.#speed);
  }
}
