/** How far a replay is: a bar on a terminal, elsewhere a line now and then. */
import type {ReplayProgress} from '../replay/replay-result.ts';
import type {Colour} from './colour.ts';
import {count, plural, roughly, seconds} from './numbers.ts';
import type {Screen} from './terminal.ts';

const BAR_WIDTH = 8;
const CLEAR_LINE = '\r\u001b[K';
/** Without a terminal: between two lines. */
const LINE_INTERVAL_MS = 5_000;
/** Before that an estimate is a guess. */
const ESTIMATE_AFTER_MS = 500;

export class ReplayScreen {
  readonly #screen: Screen;
  readonly #colour: Colour;
  #lastLineMs = 0;
  #isBarDrawn = false;
  #last: ReplayProgress | undefined;

  constructor(screen: Screen, colour: Colour) {
    this.#screen = screen;
    this.#colour = colour;
  }

  progressed(progress: ReplayProgress): void {
    const {columns} = this.#screen;
    this.#last = progress;
    if (columns !== undefined) {
      // 80 columns hold all of it.
      const text = [bar(progress), ...parts(progress)].join('  ');
      this.#screen.write(`${CLEAR_LINE}  ${this.#colour.dim(text.slice(0, columns - 4))}`);
      this.#isBarDrawn = true;
    } else if (progress.elapsedMs - this.#lastLineMs >= LINE_INTERVAL_MS) {
      this.#lastLineMs = progress.elapsedMs;
      const elapsed = seconds(progress.elapsedMs);
      this.#screen.write(`  ${[elapsed, atLine(progress), ...parts(progress)].join('  ')}\n`);
    }
  }

  /** Before the end of the process: what is known so far. */
  interrupted(): void {
    if (this.#last === undefined) return;
    this.print([`interrupted at ${[atLine(this.#last), ...parts(this.#last)].join(', ')}`]);
  }

  print(lines: readonly string[]): void {
    if (this.#isBarDrawn) this.#screen.write(CLEAR_LINE);
    this.#isBarDrawn = false;
    this.#screen.write(lines.map((line) => `${line}\n`).join(''));
  }
}

function bar({answered, requests}: ReplayProgress): string {
  const done = requests === 0 ? 1 : Math.min(1, answered / requests);
  const filled = Math.floor(done * BAR_WIDTH);
  const percent = `${Math.floor(done * 100)} %`.padStart(5);
  return `[${'='.repeat(filled)}${' '.repeat(BAR_WIDTH - filled)}]${percent}`;
}

function atLine({line}: ReplayProgress): string {
  return `line ${count(line)}`;
}

function parts(progress: ReplayProgress): string[] {
  const {answered, requests, elapsedMs, peakInFlight, failureCount} = progress;
  const perSecond = elapsedMs === 0 ? 0 : (answered * 1_000) / elapsedMs;
  return [
    `${count(perSecond)} lines/s`,
    `peak in flight ${peakInFlight}`,
    plural(failureCount, 'failure'),
    ...(elapsedMs < ESTIMATE_AFTER_MS || perSecond === 0 || answered >= requests
      ? []
      : [timeLeft(((requests - answered) / perSecond) * 1_000)]),
  ];
}

/** `15 s left` */
function timeLeft(milliseconds: number): string {
  return `${roughly(milliseconds).replace('about ', '')} left`;
}
