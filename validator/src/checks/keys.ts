/** Keys and values for checks: seeded, and never the same one twice. */
import type {Random} from '@kv-workshop/fixtures/generate/random';

/** The path of a scan in many servers. */
const NEVER = 'scan';
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
  readonly #drawn = new Set<string>([NEVER]);
  #values = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /**
   * A key that was not drawn before: 8 to 20 letters, so that no other run and
   * no fixture file will have it by chance.
   */
  key(): string {
    for (;;) {
      const key = letters(this.#random, this.#random.between(8, 20));
      if (this.#drawn.has(key)) continue;
      this.#drawn.add(key);
      return key;
    }
  }

  /** All keys so far, in the order in which they were drawn. */
  drawn(): string[] {
    return Array.from(this.#drawn).slice(1);
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

  /** Keys that are in no use, half of them next to a written one: a prefix, or one letter more. */
  neverWritten(count: number, written: readonly string[]): string[] {
    return Array.from({length: count}, (_, index) => {
      if (index % 2 === 0 || written.length === 0) return this.key();
      const neighbour = this.#random.pick(written);
      const forms = [neighbour.slice(0, -1), `${neighbour}a`.slice(-KEY_LENGTH_MAX)];
      const key = this.#random.pick(forms);
      if (key === '' || this.#drawn.has(key) || written.includes(key)) return this.key();
      this.#drawn.add(key);
      return key;
    });
  }
}
