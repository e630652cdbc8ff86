import type {Mutant} from './mutant.ts';

const PUT = '    this.#entries.set(key, value);';
const GET = '    return this.#entries.get(key);';

export const WEEK_01: readonly Mutant[] = [
  {
    name: 'absent-answers-200',
    week: 1,
    bug: 'GET of an absent key answers 200 with an empty body',
    caughtBy: 'contract-basics',
    edits: [{file: 'engine.ts', find: GET, replace: "    return this.#entries.get(key) ?? '';"}],
  },
  {
    name: 'first-write-wins',
    week: 1,
    bug: 'a second PUT of a key does nothing',
    caughtBy: 'contract-basics',
    edits: [
      {
        file: 'engine.ts',
        find: PUT,
        replace: '    if (!this.#entries.has(key)) this.#entries.set(key, value);',
      },
    ],
  },
  {
    name: 'values-trimmed',
    week: 1,
    bug: 'spaces at the ends of a value are lost',
    caughtBy: 'values-verbatim',
    edits: [{file: 'engine.ts', find: PUT, replace: '    this.#entries.set(key, value.trim());'}],
  },
  {
    name: 'integer-values',
    week: 1,
    bug: 'a value that looks like a number is stored as one',
    caughtBy: 'values-verbatim',
    edits: [
      {
        file: 'engine.ts',
        find: PUT,
        replace:
          '    this.#entries.set(key, /^[0-9]+$/.test(value) ? String(Number(value)) : value);',
      },
    ],
  },
  {
    name: 'object-as-table',
    week: 1,
    bug: 'the hash table is a plain object, which has keys of its own',
    caughtBy: 'keys-distinct',
    edits: [
      {
        file: 'engine.ts',
        find: '  readonly #entries = new Map<string, string>();',
        replace: '  readonly #entries: Record<string, string> = {};',
      },
      {
        file: 'engine.ts',
        find: GET,
        replace:
          '    const value: unknown = this.#entries[key];\n    return value === undefined ? undefined : String(value);',
      },
      {file: 'engine.ts', find: PUT, replace: '    this.#entries[key] = value;'},
    ],
  },
  {
    name: 'keys-cut-at-32',
    week: 1,
    bug: 'only the first 32 characters of a key count',
    caughtBy: 'keys-distinct',
    edits: [
      {
        file: 'engine.ts',
        find: GET,
        replace: '    return this.#entries.get(key.slice(0, 32));',
      },
      {file: 'engine.ts', find: PUT, replace: '    this.#entries.set(key.slice(0, 32), value);'},
    ],
  },
  {
    name: 'empty-value-is-absent',
    week: 1,
    bug: 'an empty value is taken for no value',
    caughtBy: 'value-empty',
    edits: [
      {file: 'engine.ts', find: GET, replace: '    return this.#entries.get(key) || undefined;'},
    ],
  },
  {
    name: 'value-cut-at-16-kib',
    week: 1,
    bug: 'a value longer than a buffer of 16 KiB is cut',
    caughtBy: 'value-long',
    edits: [
      {
        file: 'engine.ts',
        find: PUT,
        replace: '    this.#entries.set(key, value.slice(0, 16_384));',
      },
    ],
  },
  {
    name: 'crashes-on-long-body',
    week: 1,
    bug: 'a body beyond the limit ends the server',
    caughtBy: 'bad-requests',
    edits: [
      {
        file: 'engine.ts',
        find: '  readonly valueLimits = {bytesMin: 0, bytesMax: 64 * 1024};',
        replace: '  readonly valueLimits = {bytesMin: 0, bytesMax: 1024 * 1024 * 1024};',
      },
      {
        file: 'engine.ts',
        find: PUT,
        replace:
          '    if (value.length > 65_536) process.exit(134);\n    this.#entries.set(key, value);',
      },
    ],
  },
  {
    name: 'keeps-100-keys',
    week: 1,
    bug: 'the table drops its oldest key beyond 100',
    caughtBy: 'replay-week-01-short',
    edits: [
      {
        file: 'engine.ts',
        find: PUT,
        replace:
          '    this.#entries.set(key, value);\n    for (const oldest of this.#entries.keys()) {\n      if (this.#entries.size <= 100) break;\n      this.#entries.delete(oldest);\n    }',
      },
    ],
  },
  {
    name: 'keeps-5000-keys',
    week: 1,
    bug: 'the table drops its oldest key beyond 5,000',
    caughtBy: 'replay-week-01',
    edits: [
      {
        file: 'engine.ts',
        find: PUT,
        replace:
          '    this.#entries.set(key, value);\n    for (const oldest of this.#entries.keys()) {\n      if (this.#entries.size <= 5_000) break;\n      this.#entries.delete(oldest);\n    }',
      },
    ],
  },
];
