/** The card of a failed check in the HTML report. */
import type {FailureReport} from '../grade/failure-result.ts';
import type {CheckResult} from '../grade/result.ts';
import {showDifference} from '../report/difference.ts';
import {escapeBytes} from '../report/escape.ts';
import {inFilesLines} from '../report/failure-card.ts';
import {count} from '../report/numbers.ts';
import {smallestText} from '../report/smallest-text.ts';
import {timeline} from './html-timeline.ts';
import {escapeMarkup} from './xml.ts';

/** Of a request's body or an answer. */
const BYTES_SHOWN_MAX = 400;

/** @returns nothing if the check has no card */
export function failureSection(check: CheckResult): string[] {
  const {failure, id, title, proves} = check;
  if (failure === undefined) return [];
  const {request, invariant, hints, life, serverOutput, details, reproduce, key} = failure;
  return [
    `<article class="failure" id="${anchor(id)}">`,
    `<h2><code>${escapeMarkup(id)}</code> ${escapeMarkup(title)}</h2>`,
    `<p class="summary">${escapeMarkup(failure.summary)}</p>`,
    '<dl>',
    ...term('Request', request === undefined ? undefined : block(cut(request))),
    ...answer(failure),
    '</dl>',
    ...(life === undefined || life.length === 0 ? [] : timeline(life, key, failure.got)),
    '<dl>',
    ...term('In files', lines(inFilesLines(failure))),
    ...term('Details', lines(details)),
    ...term('Last output', lines(serverOutput)),
    ...term('Proves', escapeMarkup(proves)),
    ...term('Invariant', invariant === undefined ? undefined : escapeMarkup(invariant)),
    ...term('Look at', escapeMarkup(hints.look)),
    ...term('Usual cause', escapeMarkup(hints.cause)),
    ...term('Explained in', `<code>${escapeMarkup(hints.chapter)}</code>`),
    ...term('Again', lines(reproduce)),
    ...smallest(failure),
    '</dl>',
    '</article>',
  ];
}

function answer({expected, got, difference}: FailureReport): string[] {
  if (difference === undefined) {
    return [
      ...term('Expected', expected === undefined ? undefined : block(cut(expected))),
      ...term('Got', got === undefined ? undefined : block(cut(got))),
    ];
  }
  const view = showDifference(difference.expected, difference.got);
  const rows = [`expected  ${view.expected}`, `got       ${view.got}`, `          ${view.caret}`];
  return term('Difference', `${pre(rows.join('\n'))}<p>${escapeMarkup(view.where)}</p>`);
}

function smallest({smallest: replay}: FailureReport): string[] {
  if (replay === undefined) return [];
  const where = replay.isSmall ? ', on the server with small thresholds' : '';
  const text = `${smallestText(replay)}${where}`;
  return term('Smallest replay', `<p>${escapeMarkup(text)}</p>${lines(replay.lines) ?? ''}`);
}

function term(name: string, content: string | undefined): string[] {
  return content === undefined ? [] : [`<dt>${name}</dt><dd>${content}</dd>`];
}

function lines(texts: readonly string[]): string | undefined {
  return texts.length === 0 ? undefined : pre(texts.map(cut).join('\n'));
}

/** Bytes of a request or an answer; the line feeds in front of a body stay. */
function block(bytes: string): string {
  return pre(bytes.split('\n').map(escapeBytes).join('\n'));
}

function pre(text: string): string {
  return `<pre>${escapeMarkup(text)}</pre>`;
}

function cut(bytes: string): string {
  if (bytes.length <= BYTES_SHOWN_MAX) return bytes;
  return `${bytes.slice(0, BYTES_SHOWN_MAX)}... (${count(bytes.length)} bytes)`;
}

/** Ids of checks are in kebab case, but a result file may say what it likes. */
export function anchor(id: string): string {
  return `check-${id.replaceAll(/[^a-z0-9-]/g, '_')}`;
}
