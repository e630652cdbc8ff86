import {readFixture} from '@kv-workshop/fixtures/read-fixture';
import type {LifeEntry} from './failure.ts';
import {Settling} from './settling.ts';
import {isDurable, thresholds} from './week-rules.ts';

const WRITES_SHOWN = 4;

/**
 * What a fixture did to a key before a line: its last writes, and what happened
 * to the server since the first of them. Flushes are where the contract asks
 * for them. Reads the file again from its start.
 */
export async function replayLife(
  path: string,
  key: string,
  beforeLine: number,
  week: number,
): Promise<LifeEntry[]> {
  const life = new Life(key, week);
  for await (const batch of readFixture(path)) {
    for (const instruction of batch) {
      if (instruction.line >= beforeLine) return life.entries();
      const {op, line} = instruction;
      if (op === 'put')
        life.write(line, instruction.key, `PUT ${instruction.key} = ${instruction.value}`);
      else if (op === 'delete') life.write(line, instruction.key, `DELETE ${instruction.key}`);
      else if (op === 'kill' || op === 'restart') life.stop(line, op.toUpperCase());
    }
  }
  return life.entries();
}

class Life {
  readonly #key: string;
  readonly #isDurable: boolean;
  readonly #settling: Settling;
  /** Each write of the key, with what followed it. */
  readonly #writes: LifeEntry[][] = [];
  #omitted = 0;

  constructor(key: string, week: number) {
    this.#key = key;
    this.#isDurable = isDurable(week);
    this.#settling = new Settling(thresholds(week));
  }

  write(line: number, key: string, what: string): void {
    if (key === this.#key) {
      this.#writes.push([{at: `line ${line}`, what}]);
      if (this.#writes.length > WRITES_SHOWN) {
        this.#writes.shift();
        this.#omitted += 1;
      }
    }
    for (const event of this.#settling.write(key)) this.#event(line, event);
  }

  stop(line: number, what: string): void {
    this.#settling.stopped(this.#isDurable);
    this.#event(line, what);
  }

  #event(line: number, what: string): void {
    this.#writes.at(-1)?.push({at: `line ${line}`, what});
  }

  entries(): LifeEntry[] {
    if (this.#writes.length === 0) return [{at: '', what: `no earlier write of ${this.#key}`}];
    const earlier = {at: '', what: `(${this.#omitted} earlier writes of this key)`};
    return [...(this.#omitted > 0 ? [earlier] : []), ...this.#writes.flat()];
  }
}
