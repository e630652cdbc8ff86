/** Whether a check can be done in its time, and how to say that it cannot. */
import {count, inMilliseconds, seconds} from '../report/numbers.ts';

/** Before that, and of fewer answers, nothing can be told. */
const ELAPSED_MS_MIN = 5_000;
const ANSWERS_MIN = 5;
/** Times the deadline: what looks slow at first may become faster. */
const FAR_BEYOND = 3;

export interface Progress {
  readonly elapsedMs: number;
  readonly answered: number;
  /** How long it was waited for answers. */
  readonly busyMs: number;
  /** About how many requests it will send in all. */
  readonly requests: number;
  readonly deadlineMs: number;
}

/** Why nobody should wait for the deadline; undefined while there is hope. */
export function tooSlowToEnd(progress: Progress): string | undefined {
  const {elapsedMs, answered, busyMs, requests, deadlineMs} = progress;
  if (elapsedMs < ELAPSED_MS_MIN || answered < ANSWERS_MIN) return undefined;
  const answerMs = busyMs / answered;
  const neededMs = answerMs * requests;
  if (neededMs < FAR_BEYOND * deadlineMs) return undefined;
  return (
    `too slow: ${inMilliseconds(answerMs)} an answer on average; ${count(requests)} requests ` +
    `would take ${seconds(neededMs)}, and ${seconds(deadlineMs)} is the limit`
  );
}

/** What is said at the deadline. */
export function notFinished({answered, deadlineMs}: Pick<Progress, 'answered' | 'deadlineMs'>) {
  const limit = deadlineMs / 1_000;
  return (
    `not finished after ${limit} s: ${answered} requests answered, ` +
    `${Math.round(answered / limit)} a second; the server or this machine is too slow for a verdict`
  );
}
