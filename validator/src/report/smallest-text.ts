/** What the search for a small replay has come to, in words. */
import type {SmallestReplay} from '../grade/failure-result.ts';
import {count, plural} from './numbers.ts';

/** One sentence; what is known of the size, and how sure that is. */
export function smallestText(smallest: SmallestReplay): string {
  const {lineCount, rate, runs} = smallest;
  if (lineCount === 0) return nothingFound(smallest);
  const tried = `${plural(runs, 'replay')} tried`;
  if (failsNowAndThen(smallest)) {
    const often = `${count(rate.failed)} of ${times(rate.runs)}`;
    const how =
      rate.failed < rate.runs
        ? `it fails ${often}`
        : `these fail ${often}, fewer of them only now and then`;
    return `${plural(lineCount, 'line')}; the failure is intermittent: ${how} (${tried})`;
  }
  const last =
    rate.runs === 1
      ? 'the last one failed'
      : `the last ones failed ${count(rate.failed)} of ${times(rate.runs)}`;
  return `${size(smallest)} (${tried}, ${last})`;
}

function size({lineCount, isMinimal}: SmallestReplay): string {
  const lines = plural(lineCount, 'line');
  if (lineCount === 1) return lines;
  if (isMinimal) return `${lines}, each of which is needed`;
  return `${lines}; with more time (--shrink 60s) perhaps fewer`;
}

/** Replays of the same lines do not all end alike. */
export function failsNowAndThen({isIntermittent, rate}: SmallestReplay): boolean {
  return isIntermittent === true || rate.failed < rate.runs;
}

function nothingFound({rate, runs}: SmallestReplay): string {
  if (runs === 0) {
    return 'none was looked for: each try would wait for an answer that never comes (--shrink 60s gives it the time)';
  }
  const moreTime = 'longer than the time for it (--shrink 5m gives it more)';
  if (rate.runs === 0) return `one replay of its requests takes ${moreTime}`;
  const again = `its requests, replayed one after another, did not fail again (${once(rate.runs)})`;
  if (runs > rate.runs) return `${again}; a further replay took ${moreTime}`;
  return `${again}: it may fail only now and then, or the moment matters`;
}

function once(value: number): string {
  return value === 1 ? 'once' : times(value);
}

function times(value: number): string {
  return plural(value, 'time');
}
