import type {SmallestReplay} from '../grade/failure-result.ts';
import type {ReplayResult} from '../replay/replay-result.ts';
import type {ExitCode} from '../verdict.ts';

/** The whole result of `kv replay` as one JSON document. */
export interface ReplayDocument extends Omit<ReplayResult, 'survey' | 'breakdown'> {
  readonly schema: 'kv-replay/1';
  /** The file, as it was named. */
  readonly fixture: string;
  readonly exitCode: ExitCode;
  readonly mode: 'sequential' | 'barriers';
  /** PUT, GET, DELETE and SCAN of the file. */
  readonly requests: number;
  readonly breakdown: {
    readonly kind: string;
    readonly message: string;
    readonly details: readonly string[];
    readonly line: number;
  } | null;
  /** Present if a smaller replay was looked for. */
  readonly smallest?: SmallestReplay;
}

export function replayDocument(
  {survey, breakdown, ...result}: ReplayResult,
  fixture: string,
  exitCode: ExitCode,
  smallest?: SmallestReplay,
): ReplayDocument {
  return {
    schema: 'kv-replay/1',
    fixture,
    exitCode,
    mode: survey.mode,
    requests: survey.requests,
    ...result,
    breakdown:
      breakdown === undefined
        ? null
        : {
            kind: breakdown.failure.kind,
            message: breakdown.failure.message,
            details: breakdown.failure.details,
            line: breakdown.line,
          },
    ...(smallest === undefined ? {} : {smallest}),
  };
}
