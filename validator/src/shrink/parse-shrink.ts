import {durationMs} from '../config/duration.ts';
import {UsageError} from '../errors.ts';

const SHRINK_MS_MAX = 3_600_000;

/** @returns milliseconds. @throws UsageError */
export function parseShrink(text: string): number {
  const milliseconds = text === '0' ? 0 : durationMs(text);
  if (milliseconds >= 0 && milliseconds <= SHRINK_MS_MAX) return milliseconds;
  throw new UsageError(`--shrink ${text}: expected 0 or a duration up to 60m, such as 30s`);
}
