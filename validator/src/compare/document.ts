import {formatLine} from '@kv-workshop/fixtures/format-line';
import type {ExitCode} from '../verdict.ts';
import type {CompareResult} from './compare.ts';
import type {LineAnswer} from './line-answer.ts';
import type {SpeedComparison} from './speed.ts';

/** The whole result of `kv compare` as one JSON document. */
interface CompareDocument {
  readonly schema: 'kv-compare/1';
  readonly week: number;
  /** The file, as it was named. */
  readonly fixture: string;
  readonly exitCode: ExitCode;
  readonly compared: number;
  readonly bothPermitted: number;
  readonly wasNeverConcurrent: boolean;
  readonly difference: {
    readonly line: number;
    /** The fixture's line. */
    readonly instruction: string;
    readonly yours: LineAnswer;
    readonly reference: LineAnswer;
  } | null;
  readonly breakdown: {
    readonly kind: string;
    readonly message: string;
    readonly details: readonly string[];
    readonly line: number;
  } | null;
  readonly speed: SpeedComparison | null;
}

export function compareDocument(
  {difference, breakdown, speed, ...result}: CompareResult,
  {week, fixture, exitCode}: Pick<CompareDocument, 'week' | 'fixture' | 'exitCode'>,
): CompareDocument {
  return {
    schema: 'kv-compare/1',
    week,
    fixture,
    exitCode,
    ...result,
    difference:
      difference === undefined
        ? null
        : {
            line: difference.request.line,
            instruction: formatLine(difference.request),
            yours: difference.yours,
            reference: difference.reference,
          },
    breakdown:
      breakdown === undefined
        ? null
        : {
            kind: breakdown.failure.kind,
            message: breakdown.failure.message,
            details: breakdown.failure.details,
            line: breakdown.line,
          },
    speed: speed ?? null,
  };
}
