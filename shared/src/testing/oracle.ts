/** A value, or undefined for absent. */
export type Value = string | undefined;

/** One call that changes a key. */
export interface Write {
  readonly key: string;
  readonly value: Value;
  isAcknowledged: boolean;
}

interface History {
  /** The value that no crash may take away, as long as nothing newer took its place. */
  kept: Value;
  /** The writes since then, oldest first. */
  writes: Write[];
}

/**
 * Knows which values a store may answer. A write that is under way, or that
 * failed, may have happened or not; an acknowledged one has happened, and
 * survives a crash if the store is durable or has flushed it.
 *
 * REQUIRES: at most one write of a key is under way at a time.
 */
export class Oracle {
  readonly #isDurable: boolean;
  #histories = new Map<string, History>();

  constructor(isDurable: boolean) {
    this.#isDurable = isDurable;
  }

  /** Sorted: every key ever written. */
  keys(): string[] {
    return [...this.#histories.keys()].sort();
  }

  /** REQUIRES: called before the store is asked. */
  begin(key: string, value: Value): Write {
    const write = {key, value, isAcknowledged: false};
    this.#history(key).writes.push(write);
    return write;
  }

  acknowledge(write: Write): void {
    write.isAcknowledged = true;
    if (this.#isDurable) keepAcknowledged(this.#history(write.key));
  }

  /** All that was acknowledged is now safe from a kill. */
  flushed(): void {
    for (const history of this.#histories.values()) keepAcknowledged(history);
  }

  /** What the store may answer while it runs. */
  permittedNow(key: string): Value[] {
    const {kept, writes} = this.#history(key);
    const newest = writes.findLastIndex((write) => write.isAcknowledged);
    const values = writes.slice(Math.max(0, newest)).map((write) => write.value);
    return newest === -1 ? [kept, ...values] : values;
  }

  /** What the store may answer when it is opened after a crash. */
  permittedAfterCrash(key: string): Value[] {
    const {kept, writes} = this.#history(key);
    return [kept, ...writes.map((write) => write.value)];
  }

  /** A read after a restart decided which value it is; from now on it is that one. */
  settle(observed: ReadonlyMap<string, Value>): void {
    for (const [key, value] of observed) this.#histories.set(key, {kept: value, writes: []});
  }

  copy(): Oracle {
    const copy = new Oracle(this.#isDurable);
    copy.#histories = new Map(
      [...this.#histories].map(([key, {kept, writes}]) => [
        key,
        {kept, writes: writes.map((write) => ({...write}))},
      ]),
    );
    return copy;
  }

  #history(key: string): History {
    let history = this.#histories.get(key);
    if (history === undefined) {
      history = {kept: undefined, writes: []};
      this.#histories.set(key, history);
    }
    return history;
  }
}

function keepAcknowledged(history: History): void {
  const newest = history.writes.findLastIndex((write) => write.isAcknowledged);
  if (newest === -1) return;
  history.kept = history.writes[newest]?.value;
  history.writes = history.writes.slice(newest + 1);
}
