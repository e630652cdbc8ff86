/** The marks of a submission as people read them. */
import type {Grading} from '../grade/result.ts';
import {escapeText} from '../report/escape.ts';
import {wrap} from '../report/wrap.ts';

const WIDTH = 80;

export function marksLines({marks}: Grading): string[] {
  if (marks === undefined) return [];
  const {earned, total, percent, checks, review} = marks;
  const notCounted = checks.filter(({counts}) => !counts).map(({id}) => id);
  return [
    earned === undefined ? 'marks: none, for there is no result' : `marks: ${earned} of ${total}`,
    ...(percent === 100 ? [] : [`  late: ${percent} % of what was earned`]),
    ...(notCounted.length === 0 ? [] : wrapped(`  not counted: ${notCounted.join(', ')}`)),
    ...review.flatMap((reason) => wrapped(`  to be looked at: ${escapeText(reason)}`)),
    '',
  ];
}

function wrapped(text: string): string[] {
  return wrap(text, WIDTH - 4).map((line, index) => (index === 0 ? line : `    ${line}`));
}
