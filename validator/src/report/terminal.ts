/** Shows a grading as it goes: rows as checks end, and on a terminal the one that is running. */
import {performance} from 'node:perf_hooks';
import type {Check} from '../checks/check.ts';
import type {ServerUnderTest} from '../checks/server-under-test.ts';
import type {GradeTask} from '../grade/grade-session.ts';
import type {CheckResult, Grading} from '../grade/result.ts';
import type {Colour} from './colour.ts';
import {escapeText} from './escape.ts';
import {failureCard, smallestReplayLines} from './failure-card.ts';
import {headline, verdict} from './headline.ts';
import {count, roughly, seconds} from './numbers.ts';
import type {Reporter} from './reporter.ts';
import {blockedRow, checkRow} from './table.ts';
import {wrap} from './wrap.ts';

const WIDTH = 80;
const REFRESH_MS = 100;
const CLEAR_LINE = '\r\u001b[K';

export interface Screen {
  write(text: string): void;
  /** Undefined: not a terminal, so nothing is redrawn. */
  readonly columns: number | undefined;
}

export class TerminalReporter implements Reporter {
  readonly #screen: Screen;
  readonly #colour: Colour;
  readonly #noted = new Set<string>();
  #blocked: CheckResult[] = [];
  /** By the ids of the checks, in the order in which they began; what is no check has the id ''. */
  readonly #running = new Map<string, Running>();
  #timer: NodeJS.Timeout | undefined;
  #isLineDrawn = false;
  /** The check whose card is on the screen already. */
  #shown: string | undefined;

  constructor(screen: Screen, colour: Colour) {
    this.#screen = screen;
    this.#colour = colour;
  }

  gradingStarted({week, target}: GradeTask, seed: number): void {
    const title = `kv grade ${week}`;
    this.#print([`${this.#colour.bold(title)} · ${escapeText(target.name)} · seed ${seed}`, '']);
    this.#runs('');
    if (this.#screen.columns === undefined) return;
    this.#timer ??= setInterval(() => this.#draw(), REFRESH_MS).unref();
  }

  remark(lines: readonly string[]): void {
    this.#print(lines);
  }

  checkStarted(check: Check): void {
    this.#running.delete('');
    this.#runs(check.id);
    this.#draw();
  }

  #runs(id: string, title = id): void {
    this.#running.set(id, {title, startedAt: performance.now(), text: '', server: undefined});
  }

  checkRuns({id}: Check, server: ServerUnderTest): void {
    const running = this.#running.get(id);
    if (running !== undefined) running.server = server;
  }

  progressed(text: string, check?: Check): void {
    const running = this.#running.get(check?.id ?? '');
    if (running !== undefined) running.text = text;
  }

  failedEarly({id, reason}: CheckResult): void {
    this.#running.delete(id);
    const before = Array.from(this.#running.values(), ({title}) => title).join(', ');
    const text = `${id} fails: ${escapeText(reason ?? '')}; its row comes after ${before}`;
    const lines = wrap(text, WIDTH - 4).map((line) => `    ${line}`);
    this.#print(lines.map((line) => this.#colour.red(line)));
  }

  checkEnded(result: CheckResult): void {
    this.#running.delete(result.id);
    if (result.blockedBy !== undefined) {
      this.#blocked.push(result);
      return;
    }
    this.#print(checkRow(this.#withoutRepeats(result), this.#colour));
  }

  /** What is noted on one check after another is read once. */
  #withoutRepeats(result: CheckResult): CheckResult {
    const notes = result.notes.filter((note) => !this.#noted.has(note));
    for (const note of notes) this.#noted.add(note);
    return {...result, notes};
  }

  /** Its card need not wait for the replay. */
  shrinkStarted(result: CheckResult): void {
    this.#printBlocked();
    this.#print(['', ...failureCard(result, this.#colour)]);
    this.#shown = result.id;
    this.#runs('', 'looking for a smaller replay');
  }

  estimated(totalMs: number): void {
    this.#print([this.#colour.dim(`  (${roughly(totalMs)} in all)`)]);
  }

  /** What is left to say once all checks have ended: blocked ones, cards, the headline. */
  gradingEnded(grading: Grading): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#running.clear();
    this.#printBlocked();
    this.#noted.clear();
    // Below its card, which is the last thing on the screen.
    const shown = grading.checks.find(({id}) => id === this.#shown);
    if (shown !== undefined) this.#print(['', ...smallestReplayLines(shown, this.#colour)]);
    for (const result of grading.checks) {
      if (result.id !== this.#shown) this.#printCard(result);
    }
    this.#shown = undefined;
    const colour = grading.exitCode === 0 ? this.#colour.green : this.#colour.red;
    const [first = '', ...rest] = wrap(headline(grading), WIDTH);
    const line = first.replace(verdict(grading), (text) => colour.bold(text));
    this.#print(['', line, ...rest, '']);
  }

  #printBlocked(): void {
    this.#print(blockedRow(this.#blocked, this.#colour));
    this.#blocked = [];
  }

  #printCard(result: CheckResult): void {
    const card = failureCard(result, this.#colour);
    if (card.length > 0) this.#print(['', ...card]);
  }

  /** Prints lines above the one that is redrawn. */
  #print(lines: readonly string[]): void {
    if (lines.length === 0) return;
    if (this.#isLineDrawn) this.#screen.write(CLEAR_LINE);
    this.#isLineDrawn = false;
    this.#screen.write(`${lines.join('\n')}\n`);
  }

  #draw(): void {
    const {columns} = this.#screen;
    const [first, ...others] = Array.from(this.#running.values());
    if (columns === undefined || first === undefined) return;
    const {title, startedAt, text, server} = first;
    const elapsedMs = performance.now() - startedAt;
    const answered = server?.requestsAnswered ?? 0;
    const rate = answered === 0 ? '' : `${count((answered * 1000) / elapsedMs)} requests/s`;
    const beside = others.map((other) => `+ ${other.title}`);
    const parts = [title, seconds(elapsedMs), rate, escapeText(text), ...beside];
    const line = parts.filter((part) => part !== '').join('  ');
    this.#screen.write(`${CLEAR_LINE}  ${this.#colour.dim(line.slice(0, columns - 4))}`);
    this.#isLineDrawn = true;
  }
}

interface Running {
  readonly title: string;
  readonly startedAt: number;
  text: string;
  server: ServerUnderTest | undefined;
}
