/** Keys and values for checks: seeded, and never the same one twice. */
import type {Random} from '@kv-workshop/fixtures/generate/random';

const KEY_LENGTH_MAX = 64;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** `length` letters a to z */
export function letters(random: Random, length: number): string {
  let text = '';
  for (let index = 0; index < length; index++) text += LETTERS[random.below(LETTERS.length)];
  return text;
}

export class Keys {
  readonly #random: Random;
  readonly #drawn = new Set<string>(['scan']);
  #values = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A key that was not drawn before: 5 to 16 letters. */
  key(): string {
    for (;;) {
      const key = letters(this.#random, this.#random.between(5, 16));
      if (this.#drawn.has(key)) continue;
      this.#drawn.add(key);
      return key;
    }
  }

  keys(count: number): string[] {
    return Array.from({length: count}, () => this.key());
  }

  /** A value that was not drawn before: at most 40 bytes, so that every week takes it. */
  value(): string {
    this.#values += 1;
    return `${letters(this.#random, this.#random.between(1, 30))} ${this.#values}`;
  }

  /** New keys with new values. */
  entries(count: number): [key: string, value: string][] {
    return Array.from({length: count}, () => [this.key(), this.value()]);
  }

  /** The same keys with new values. */
  rewritten(keys: Iterable<string>): [key: string, value: string][] {
    return Array.from(keys, (key) => [key, this.value()]);
  }

  /** Keys that were never drawn, many of them next to one that was: a prefix, or one letter more. */
  neverWritten(count: number, written: readonly string[]): string[] {
    const keys: string[] = [];
    while (keys.length < count) {
      const neighbour = written.length > 0 ? this.#random.pick(written) : this.key();
      const forms = [this.key(), neighbour.slice(0, -1), `${neighbour}a`.slice(-KEY_LENGTH_MAX)];
      const key = this.#random.pick(forms);
      if (key === '' || this.#drawn.has(key) || written.includes(key)) continue;
      this.#drawn.add(key);
      keys.push(key);
    }
    return keys;
  }
}
