/** Where two servers differ, in a few lines. */
import {formatLine} from '@kv-workshop/fixtures/format-line';
import type {LifeEntry} from '../checks/failure.ts';
import {quote, showAnswer, showRequest} from '../checks/show-value.ts';
import type {Dialect} from '../http/dialect.ts';
import {httpRequest} from '../replay/http-request.ts';
import type {ReplayBreakdown} from '../replay/replay-result.ts';
import type {Colour} from '../report/colour.ts';
import {showDifference} from '../report/difference.ts';
import {escapeBytes, escapeText} from '../report/escape.ts';
import {wrap} from '../report/wrap.ts';
import type {Difference} from './compare.ts';
import type {LineAnswer} from './line-answer.ts';

const WIDTH = 80;
const LABEL_WIDTH = 13;
const LINE_SHOWN_MAX = 100;
const DETAILS_MAX = 24;
/** Bytes of a list of keys. */
const KEYS_SHOWN_MAX = 200;

/**
 * @param name how the caller names the fixture
 * @param dialect how your server wants to be asked
 * @param life of the key, up to this line
 */
export function differenceCard(
  {request, yours, reference}: Difference,
  name: string,
  dialect: Dialect,
  life: readonly LifeEntry[],
  colour: Colour,
): string[] {
  const [requestLine = ''] = showRequest(httpRequest(dialect, request)).split('\n');
  return [
    heading(name, request.line, formatLine(request), 'the two servers answer differently', colour),
    '',
    ...labelled('request', escapeBytes(requestLine), colour),
    ...bothAnswers(reference, yours, colour),
    ...(life.length === 0 ? [] : ['', ...lifeLines(life, colour)]),
  ];
}

export function breakdownCard(
  {failure, line}: ReplayBreakdown,
  name: string,
  colour: Colour,
): string[] {
  const details = failure.details.slice(0, DETAILS_MAX).flatMap((detail, index) => {
    return labelled(index === 0 ? 'details' : '', escapeText(detail), colour);
  });
  return [heading(name, line, '', failure.message, colour), ...details];
}

function heading(name: string, line: number, text: string, what: string, colour: Colour): string {
  const shown = text.length <= LINE_SHOWN_MAX ? text : `${text.slice(0, LINE_SHOWN_MAX)}...`;
  const place = colour.red(`${name}:${line}`);
  return `${`${place}  ${escapeBytes(shown)}`.trimEnd()}\n  ${colour.bold(escapeText(what))}`;
}

/** One above the other, with a caret where the first byte differs. */
function bothAnswers(reference: LineAnswer, yours: LineAnswer, colour: Colour): string[] {
  const [theirText, yourText] = [textOf(reference), textOf(yours)];
  if (theirText === undefined || yourText === undefined) {
    return [
      ...labelled('reference', escapeBytes(shownAnswer(reference)), colour),
      ...labelled('yours', escapeBytes(shownAnswer(yours)), colour),
    ];
  }
  const {expected, got, caret, where} = showDifference(theirText, yourText);
  return [
    ...exactly('reference', expected, colour),
    ...exactly('yours', got, colour),
    ...exactly('', colour.red(caret), colour),
    ...labelled('', where, colour),
  ];
}

/** What can be compared byte by byte; keys as a fixture has them. */
function textOf(answer: LineAnswer): string | undefined {
  if (answer.kind === 'keys') return answer.keys.join(',');
  return answer.kind === 'value' ? (answer.value ?? undefined) : undefined;
}

function shownAnswer(answer: LineAnswer): string {
  switch (answer.kind) {
    case 'acknowledged':
      return `${answer.status}, acknowledged`;
    case 'value':
      return answer.value === null ? '404' : `200 with ${quote(answer.value)}`;
    case 'keys':
      return `200 with ${shownKeys(answer.keys)}`;
    case 'bad':
    default:
      return showAnswer({...answer, kind: 'answered'});
  }
}

function shownKeys(keys: readonly string[]): string {
  const text = JSON.stringify(keys);
  if (text.length <= KEYS_SHOWN_MAX) return text;
  return `${text.slice(0, KEYS_SHOWN_MAX)}... (${keys.length} keys)`;
}

function lifeLines(life: readonly LifeEntry[], colour: Colour): string[] {
  const width = Math.max(...life.map(({at}) => at.length));
  return life.flatMap(({at, what}, index) => {
    const text = `${at.padEnd(width)}  ${escapeBytes(what)}`.trimStart();
    return labelled(index === 0 ? 'its life' : '', text, colour);
  });
}

function labelled(label: string, text: string, colour: Colour): string[] {
  return wrap(text, WIDTH - LABEL_WIDTH - 2).flatMap((line, index) => {
    return exactly(index === 0 ? label : '', line, colour);
  });
}

function exactly(label: string, text: string, colour: Colour): string[] {
  return [`  ${colour.cyan(label.padEnd(LABEL_WIDTH))}${text}`.trimEnd()];
}
