/** Checks as text, in 80 columns: a list of a week's, or all there is to say about one. */
import {type CheckDescription, doesOf, weeksOf} from '../checks/describe-check.ts';
import type {Colour} from './colour.ts';
import {plural} from './numbers.ts';
import {wrap} from './wrap.ts';

const WIDTH = 80;
const ID_WIDTH = 23;
const LABEL_WIDTH = 13;

/** @param week the one that is graded; undefined for all checks there are */
export function checksList(
  week: number | undefined,
  checks: readonly CheckDescription[],
  colour: Colour,
): string[] {
  const points = checks.reduce((sum, check) => sum + check.points, 0);
  const title = week === undefined ? 'All weeks' : `kv grade ${week}`;
  const counts = `${plural(checks.length, 'check')}, ${plural(points, 'point')}`;
  return [
    `${colour.bold(title)}: ${counts}`,
    ...checks.flatMap((check, index) => [
      ...(check.weekFirst === checks[index - 1]?.weekFirst ? [] : ['', `Week ${check.weekFirst}`]),
      row(check, colour),
      ...wrap(check.proves, WIDTH - 4).map((line) => colour.dim(`    ${line}`)),
    ]),
    '',
    'kv checks <id> tells more about one of them.',
  ];
}

function row({id, points, title}: CheckDescription, colour: Colour): string {
  return `  ${colour.cyan(id.padEnd(ID_WIDTH))} ${plural(points, 'point').padStart(8)}  ${title}`;
}

export function checkInFull(check: CheckDescription, colour: Colour): string[] {
  const {id, title, points, proves, hints, mutants} = check;
  return [
    `${colour.bold(id)}: ${title}`,
    '',
    ...labelled('valid in', `${weeksOf(check)}; ${plural(points, 'point')}`, colour),
    ...labelled('what it does', doesOf(check), colour),
    ...labelled('proves', proves, colour),
    '',
    ...labelled('look at', hints.look, colour),
    ...labelled('usual cause', hints.cause, colour),
    ...labelled('explained', hints.chapter, colour),
    '',
    ...mutants.flatMap(({name, bug}, index) =>
      labelled(index === 0 ? 'it fails' : '', `${name}: ${bug}`, colour),
    ),
  ];
}

function labelled(label: string, text: string, colour: Colour): string[] {
  return wrap(text, WIDTH - 2 - LABEL_WIDTH).map(
    (line, index) => `  ${colour.cyan((index === 0 ? label : '').padEnd(LABEL_WIDTH))}${line}`,
  );
}
