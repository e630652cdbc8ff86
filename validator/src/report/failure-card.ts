/** What a failed check shows: what was asked, what came, why it is wrong, and what to do about it. */
import type {LifeEntry} from '../checks/failure.ts';
import type {FailureReport, SmallestReplay} from '../grade/failure-result.ts';
import type {CheckResult} from '../grade/result.ts';
import type {Colour} from './colour.ts';
import {showDifference} from './difference.ts';
import {escapeBytes, escapeText} from './escape.ts';
import {count} from './numbers.ts';
import {failsNowAndThen, smallestText} from './smallest-text.ts';
import {wrap} from './wrap.ts';

const WIDTH = 80;
const LABEL_WIDTH = 13;
const INDENT = ' '.repeat(2 + LABEL_WIDTH);
const LIFE_MAX = 14;
const DETAILS_MAX = 16;
/** Of a replay: one that is longer is looked at in its file. */
const REPLAY_LINES_MAX = 12;
/** Of a request's body or of a value. */
const BYTES_SHOWN_MAX = 200;

/** @returns lines of at most 80 columns (commands excepted: they must be copied whole) */
export function failureCard(result: CheckResult, colour: Colour): string[] {
  const {failure} = result;
  if (failure === undefined) return [];
  const card = new Card(colour);
  card.heading(`${result.id}: ${escapeText(result.title)}`, failure.summary);
  card.request(failure.request);
  card.answer(failure);
  card.section();
  card.lines('its life', lifeLines(failure.life ?? []));
  card.section();
  card.lines('in files', inFilesLines(failure));
  card.section();
  card.lines('details', failure.details.slice(0, DETAILS_MAX));
  card.lines('last output', failure.serverOutput);
  card.section();
  card.text('proves', result.proves);
  card.text('invariant', failure.invariant);
  card.text('look at', failure.hints.look);
  card.text('usual cause', failure.hints.cause);
  card.text('explained', failure.hints.chapter);
  card.section();
  for (const [index, command] of failure.reproduce.entries()) {
    card.line(index === 0 ? 'again' : 'or', escapeText(command));
  }
  return card.done();
}

/** What was found by leaving out requests: the second part of a card, since it takes its time. */
export function smallestReplayLines({failure}: CheckResult, colour: Colour): string[] {
  const {smallest, reproduce = []} = failure ?? {};
  return smallest === undefined ? [] : replayLines(smallest, reproduce.at(-1), colour);
}

/** @param again the command that replays the file, if there is one */
export function replayLines(
  smallest: SmallestReplay,
  again: string | undefined,
  colour: Colour,
): string[] {
  const {lineCount, lines, isSmall, path, problem} = smallest;
  const card = new Card(colour);
  card.text('smaller', smallestText(smallest));
  if (lineCount === 0) return card.done();
  if (isSmall) card.text('', 'on the server with small thresholds');
  if (lines.length > 0) card.section();
  if (lines.length <= REPLAY_LINES_MAX) card.lines('', lines);
  card.section();
  if (problem !== undefined) card.text('', problem);
  if (path !== undefined) {
    card.line('again', escapeText(again ?? path));
    if (failsNowAndThen(smallest)) card.text('', 'if it passes, replay it once more');
  }
  return card.done();
}

class Card {
  readonly #colour: Colour;
  readonly #lines: string[] = [];
  #isSectionDue = false;

  constructor(colour: Colour) {
    this.#colour = colour;
  }

  done(): string[] {
    return this.#lines;
  }

  heading(title: string, summary: string): void {
    const rule = '─'.repeat(Math.max(0, WIDTH - 6 - title.length));
    this.#lines.push(this.#colour.red(`──── ${title} ${rule}`));
    const lines = wrap(escapeText(summary), WIDTH - 2);
    this.#lines.push(...lines.map((line) => this.#colour.bold(`  ${line}`)));
    this.section();
  }

  /** The next line is set off by an empty one. */
  section(): void {
    this.#isSectionDue = true;
  }

  /** One line, however long. */
  line(label: string, line: string): void {
    if (this.#isSectionDue) this.#lines.push('');
    this.#isSectionDue = false;
    this.#lines.push(`  ${this.#colour.cyan(label.padEnd(LABEL_WIDTH))}${line}`.trimEnd());
  }

  /** Bytes from the server or to it, or words of ours. */
  text(label: string, text: string | undefined): void {
    if (text !== undefined) this.#wrapped(label, escapeBytes(text));
  }

  lines(label: string, lines: readonly string[]): void {
    for (const [index, line] of lines.entries()) {
      this.#wrapped(index === 0 ? label : '', escapeText(line));
    }
  }

  #wrapped(label: string, text: string): void {
    for (const [index, line] of wrap(text, WIDTH - INDENT.length).entries()) {
      this.line(index === 0 ? label : '', line);
    }
  }

  /** The request line; the body below it, as it was sent. */
  request(request: string | undefined): void {
    if (request === undefined) return;
    const [line = '', ...body] = request.split('\n');
    this.text('request', line);
    if (body.length > 0) this.text('body', cut(body.join('\n')));
  }

  /** What was expected and what came; where the bytes differ, one below the other. */
  answer({expected, got, difference}: FailureReport): void {
    if (difference === undefined) {
      this.text('expected', expected);
      this.text('got', got);
      return;
    }
    const view = showDifference(difference.expected, difference.got);
    this.line('expected', view.expected);
    this.line('got', view.got);
    this.line('', this.#colour.red(view.caret));
    this.#wrapped('', view.where);
  }
}

/** Two columns, below a line that says when that was. */
export function inFilesLines({inFiles = []}: FailureReport): string[] {
  const width = Math.max(0, ...inFiles.map(({at}) => at.length));
  return inFiles.map(({at, what}) => (at === '' ? what : `${at.padEnd(width)}  ${what}`));
}

/** The last entries, since the end of a life explains more than its beginning. */
function lifeLines(life: readonly LifeEntry[]): string[] {
  const hidden = life.length > LIFE_MAX ? life.length - LIFE_MAX + 1 : 0;
  const earlier: LifeEntry = {at: '', what: `(${count(hidden)} earlier events)`};
  const shown = [...(hidden > 0 ? [earlier] : []), ...life.slice(hidden)];
  const width = Math.max(...shown.map((entry) => entry.at.length));
  return shown.map(({at, what}) => `${at.padEnd(width)}  ${escapeBytes(cut(what))}`);
}

function cut(bytes: string): string {
  if (bytes.length <= BYTES_SHOWN_MAX) return bytes;
  return `${bytes.slice(0, BYTES_SHOWN_MAX)}... (${count(bytes.length)} bytes)`;
}
