import type {GradeReport} from '../grade/result.ts';

/** The whole result as one JSON document; its type is `GradeReport`. */
export function toJson(report: GradeReport): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
