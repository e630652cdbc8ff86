/** What a replay found wrong, each in a few lines. */

import {formatLine} from '@kv-workshop/fixtures/format-line';
import type {Request} from '@kv-workshop/fixtures/instruction';
import {expected, got, keyOf, summarize} from '../checks/replay-failure.ts';
import {replayLife} from '../checks/replay-life.ts';
import type {Dialect} from '../http/dialect.ts';
import type {ReplayBreakdown, ReplayFailure} from '../replay/replay-result.ts';
import type {Colour} from './colour.ts';
import {showDifference} from './difference.ts';
import {escapeBytes, escapeText} from './escape.ts';
import {wrap} from './wrap.ts';

const WIDTH = 80;
const LABEL_WIDTH = 10;
const INDENT = ' '.repeat(2 + LABEL_WIDTH);
const LINE_SHOWN_MAX = 100;
const DETAILS_MAX = 24;

export interface ReplayedFixture {
  readonly path: string;
  /** How the caller names it. */
  readonly name: string;
  /** Decides after how many writes the contract has a flush. */
  readonly week: number;
  /** Lines of the key's writes whose answers never came. */
  readonly unansweredLines: (key: string, beforeLine: number) => Promise<ReadonlySet<number>>;
}

/** Reads the fixture again, for the key's life. */
export async function replayFailureCard(
  failure: ReplayFailure,
  fixture: ReplayedFixture,
  dialect: Dialect,
  colour: Colour,
): Promise<string[]> {
  const {request} = failure;
  return [
    heading(fixture, request.line, request, summarize(failure), colour),
    ...expectedAndGot(failure, dialect, colour),
    ...(await life(fixture, keyOf(failure), request.line, colour)),
  ];
}

export async function breakdownCard(
  {failure, line: atLine, request}: ReplayBreakdown,
  fixture: ReplayedFixture,
  colour: Colour,
): Promise<string[]> {
  const key = request === undefined || request.op === 'scan' ? undefined : request.key;
  const details = failure.details.slice(0, DETAILS_MAX).map((detail) => escapeText(detail));
  return [
    heading(fixture, atLine, request, failure.message, colour),
    ...details.flatMap((detail, index) => labelled(index === 0 ? 'details' : '', detail, colour)),
    ...(await life(fixture, key, atLine, colour)),
  ];
}

function heading(
  {name}: ReplayedFixture,
  atLine: number,
  request: Request | undefined,
  what: string,
  colour: Colour,
): string {
  const asked = request === undefined ? '' : `  ${shortLine(formatLine(request))}`;
  return `${colour.red(`${name}:${atLine}`)}${escapeBytes(asked)}\n  ${colour.bold(escapeText(what))}`;
}

function shortLine(text: string): string {
  return text.length <= LINE_SHOWN_MAX ? text : `${text.slice(0, LINE_SHOWN_MAX)}...`;
}

/** One above the other with a caret, if there is one value to compare with. */
function expectedAndGot(failure: ReplayFailure, {codec}: Dialect, colour: Colour): string[] {
  const {kind, permitted, status, body} = failure;
  const only = permitted?.length === 1 ? permitted[0] : undefined;
  if (typeof only !== 'string' || status !== 200 || kind === 'body') {
    return [
      ...labelled('expected', escapeBytes(expected(failure)), colour),
      ...labelled('got', escapeBytes(got(failure)), colour),
    ];
  }
  const view = showDifference(codec.encode(only), body);
  const {settledAtLine} = failure;
  return [
    line('expected', view.expected, colour),
    line('got', view.got, colour),
    line('', colour.red(view.caret), colour),
    ...labelled('', view.where, colour),
    ...(settledAtLine === undefined
      ? []
      : labelled('', `a read had settled it: line ${settledAtLine}`, colour)),
  ];
}

async function life(
  {path, week, unansweredLines}: ReplayedFixture,
  key: string | undefined,
  beforeLine: number,
  colour: Colour,
): Promise<string[]> {
  if (key === undefined) return [];
  const entries = await replayLife(path, key, beforeLine, week);
  const unanswered = await unansweredLines(key, beforeLine);
  const lost = new Set([...unanswered].map((number) => `line ${number}`));
  const width = Math.max(...entries.map(({at}) => at.length));
  return entries.flatMap(({at, what}, index) => {
    const end = lost.has(at) ? ' (never answered)' : '';
    const text = `${at.padEnd(width)}  ${escapeBytes(shortLine(what))}${end}`.trimStart();
    return labelled(index === 0 ? 'its life' : '', text, colour);
  });
}

function labelled(label: string, text: string, colour: Colour): string[] {
  const [first = '', ...rest] = wrap(text, WIDTH - INDENT.length);
  return [line(label, first, colour), ...rest.map((more) => `${INDENT}${more}`)];
}

function line(label: string, text: string, colour: Colour): string {
  return `  ${colour.cyan(label.padEnd(LABEL_WIDTH))}${text}`;
}
