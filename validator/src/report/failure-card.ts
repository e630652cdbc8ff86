/** What a failed check shows: what was asked, what came, why it is wrong, and what to do about it. */
import type {LifeEntry} from '../checks/failure.ts';
import type {CheckResult, FailureReport} from '../grade/result.ts';
import type {Colour} from './colour.ts';
import {showDifference} from './difference.ts';
import {escapeBytes, escapeText} from './escape.ts';
import {wrap} from './wrap.ts';

const WIDTH = 80;
const LABEL_WIDTH = 13;
const INDENT = ' '.repeat(2 + LABEL_WIDTH);
const LIFE_MAX = 14;
const DETAILS_MAX = 16;
/** Of a request's body or of a value. */
const BYTES_SHOWN_MAX = 200;

/** @returns lines of at most 80 columns (commands excepted: they must be copied whole) */
export function failureCard(result: CheckResult, colour: Colour): string[] {
  const {failure} = result;
  if (failure === undefined) return [];
  const title = `${result.id}: ${result.title} `;
  return [
    colour.red(`──── ${title}${'─'.repeat(Math.max(0, WIDTH - 5 - title.length))}`),
    ...wrap(escapeText(failure.summary), WIDTH - 2).map((line) => colour.bold(`  ${line}`)),
    '',
    ...request(failure, colour),
    ...text('expected', failure.expected, colour),
    ...text('got', failure.got, colour),
    ...difference(failure, colour),
    ...life(failure, colour),
    ...block('details', failure.details.slice(0, DETAILS_MAX), colour),
    ...block('last output', failure.serverOutput, colour),
    '',
    ...text('proves', result.proves, colour),
    ...text('invariant', failure.invariant, colour),
    ...text('look at', failure.hints.look, colour),
    ...text('usual cause', failure.hints.cause, colour),
    ...text('explained', failure.hints.chapter, colour),
    '',
    ...failure.reproduce.map((command, index) => {
      return labelled(index === 0 ? 'again' : 'or', escapeText(command), colour);
    }),
  ];
}

function labelled(label: string, line: string, colour: Colour): string {
  return `  ${colour.cyan(label.padEnd(LABEL_WIDTH))}${line}`;
}

function text(label: string, value: string | undefined, colour: Colour): string[] {
  if (value === undefined) return [];
  const [first = '', ...rest] = wrap(escapeBytes(value), WIDTH - INDENT.length);
  return [labelled(label, first, colour), ...rest.map((line) => INDENT + line)];
}

/** The request line; the body below it, as it was sent. */
function request(failure: FailureReport, colour: Colour): string[] {
  if (failure.request === undefined) return [];
  const end = failure.request.indexOf('\n');
  if (end === -1) return text('request', failure.request, colour);
  const body = failure.request.slice(end + 1);
  const shown = body.slice(0, BYTES_SHOWN_MAX);
  const rest = body.length > shown.length ? ` … (${body.length} bytes)` : '';
  return [
    ...text('request', failure.request.slice(0, end), colour),
    ...text('body', `${shown}${rest}`, colour),
  ];
}

function difference(failure: FailureReport, colour: Colour): string[] {
  if (failure.difference === undefined) return [];
  const {where, lines} = showDifference(failure.difference.expected, failure.difference.got);
  return ['', labelled('bytes', where, colour), ...lines.map((line) => `  ${line}`)];
}

function life(failure: FailureReport, colour: Colour): string[] {
  if (failure.life === undefined || failure.life.length === 0) return [];
  const width = Math.max(...failure.life.map((entry) => entry.at.length));
  const lines = newest(failure.life).map(({at, what}) => {
    const cut = what.length > BYTES_SHOWN_MAX ? `${what.slice(0, BYTES_SHOWN_MAX)} …` : what;
    return `${at.padEnd(width)}  ${escapeBytes(cut)}`;
  });
  return ['', ...block('its life', lines, colour)];
}

/** The last entries, since the end of a life explains more than its beginning. */
function newest(entries: readonly LifeEntry[]): LifeEntry[] {
  if (entries.length <= LIFE_MAX) return [...entries];
  const hidden = entries.length - LIFE_MAX + 1;
  return [{at: '', what: `(${hidden} earlier events)`}, ...entries.slice(hidden)];
}

function block(label: string, lines: readonly string[], colour: Colour): string[] {
  const wrapped = lines.flatMap((line) => wrap(escapeText(line), WIDTH - INDENT.length));
  return wrapped.map((line, index) => {
    return index === 0 ? labelled(label, line, colour) : INDENT + line;
  });
}
