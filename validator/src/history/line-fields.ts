/** What is wrong with a line of a history file, for people; whoever reads the file adds the place. */
export class HistoryLineError extends Error {
  override name = 'HistoryLineError';
}

/** The fields of one line, each as what it has to be. */
export class LineFields {
  readonly #fields: Readonly<Record<string, unknown>>;

  /** @throws HistoryLineError unless it is a JSON object */
  constructor(text: string) {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch (error) {
      throw new HistoryLineError(`it is not JSON: ${(error as Error).message}`, {cause: error});
    }
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      throw new HistoryLineError('it is not a JSON object: {"op":"get","key":"a",...}');
    }
    this.#fields = json as Record<string, unknown>;
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined && this.#fields[name] !== null;
  }

  string(name: string): string {
    const value = this.#fields[name];
    if (typeof value === 'string') return value;
    throw this.#wrong(name, 'a string');
  }

  /** Null is a value too; a field that is missing is not. */
  stringOrNull(name: string): string | null {
    const value = this.#fields[name];
    if (value === null || typeof value === 'string') return value;
    throw this.#wrong(name, 'a string, or null');
  }

  strings(name: string): string[] {
    const value = this.#fields[name];
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    throw this.#wrong(name, 'an array of strings');
  }

  boolean(name: string): boolean {
    const value = this.#fields[name];
    if (typeof value === 'boolean') return value;
    throw this.#wrong(name, 'true or false');
  }

  number(name: string): number {
    const value = this.#fields[name];
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    // JSON.parse makes Infinity of 1e400, and JSON.stringify makes null of that.
    if (typeof value === 'number') throw new HistoryLineError(`"${name}" is too large a number`);
    throw this.#wrong(name, 'a number');
  }

  oneOf<T extends string>(name: string, names: readonly T[]): T {
    const value = this.#fields[name];
    const found = names.find((each) => each === value);
    if (found !== undefined) return found;
    throw this.#wrong(name, `one of ${names.map((each) => JSON.stringify(each)).join(', ')}`);
  }

  #wrong(name: string, expected: string): HistoryLineError {
    const value = this.#fields[name];
    if (value === undefined) return new HistoryLineError(`"${name}" is missing: ${expected}`);
    const got = JSON.stringify(value).slice(0, 60);
    return new HistoryLineError(`"${name}" is ${got}: expected ${expected}`);
  }
}
