/** Command-line options from a table: parsing, errors with a way out, and the help text. */

import {parseArgs} from 'node:util';
import {KvError} from './errors.ts';
import {nearestName} from './nearest-name.ts';

export type OptionSpec = IntegerOption | FlagOption | TextOption;

interface OptionBase {
  /** In camel case; `memtableEntriesMax` is `--memtable-entries-max`. */
  readonly name: string;
  /** Other names for it, in camel case too. */
  readonly aliases?: readonly string[];
  /** One line, in small letters. */
  readonly help: string;
}

export interface IntegerOption extends OptionBase {
  readonly kind: 'integer';
  readonly default: number;
  /** @default 0 */
  readonly min?: number;
  /** @default Number.MAX_SAFE_INTEGER */
  readonly max?: number;
}

/** `--name` is true, `--no-name` false. */
export interface FlagOption extends OptionBase {
  readonly kind: 'flag';
  readonly default: boolean;
}

export interface TextOption extends OptionBase {
  readonly kind: 'text';
  /** What the value is, for the help text: `folder`. */
  readonly placeholder: string;
  readonly default: string | undefined;
}

export type OptionValue = number | boolean | string | undefined;

/** One spec for each default: numbers become integers from 0 on, booleans flags. */
export function specsFromDefaults(defaults: object): OptionSpec[] {
  return Object.entries(defaults).map(([name, value]): OptionSpec => {
    if (typeof value === 'number') return {name, kind: 'integer', default: value, help: ''};
    if (typeof value === 'boolean') return {name, kind: 'flag', default: value, help: ''};
    throw new TypeError(`option ${name}: a default is a number or a boolean, not ${typeof value}`);
  });
}

/**
 * The value of every option in `specs`, by its name; of an option given twice
 * the last one counts.
 *
 * @throws KvError USAGE
 */
export function parseOptions(
  args: readonly string[],
  specs: readonly OptionSpec[],
): Map<string, OptionValue> {
  const byFlag = new Map<string, OptionSpec>();
  for (const spec of specs) {
    for (const name of [spec.name, ...(spec.aliases ?? [])]) byFlag.set(flagName(name), spec);
  }
  const values = new Map<string, OptionValue>(specs.map((spec) => [spec.name, spec.default]));
  // `pnpm start -- --port 1` hands on its `--`.
  for (const token of tokenize(args[0] === '--' ? args.slice(1) : args, byFlag)) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional') throw usage(`unexpected argument "${token.value}"`);
    const negated = token.name.startsWith('no-') ? byFlag.get(token.name.slice(3)) : undefined;
    const spec = negated?.kind === 'flag' ? negated : byFlag.get(token.name);
    if (spec === undefined) throw unknownOption(token.rawName, [...byFlag.keys()]);
    const value = optionValue(spec, token.rawName, token.value, token.inlineValue);
    values.set(spec.name, spec === negated ? false : value);
  }
  return values;
}

/** @throws KvError USAGE; `where` names the option or variable that has `text` */
export function parseInteger(spec: IntegerOption, where: string, text: string): number {
  const {min = 0, max = Number.MAX_SAFE_INTEGER} = spec;
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  const range =
    spec.max === undefined ? `an integer of at least ${min}` : `an integer from ${min} to ${max}`;
  throw usage(`${where} takes ${range}, got "${text}"`);
}

/** The options, one a line, with their defaults. */
export function helpLines(specs: readonly OptionSpec[]): string[] {
  const lefts = specs.map((spec) => `  --${flagName(spec.name)}${placeholder(spec)}`);
  const width = Math.max(...lefts.map((left) => left.length)) + 2;
  return specs.map((spec, index) => {
    // A flag that is off until given needs no word about it.
    const standard =
      spec.default === undefined || spec.default === false ? '' : `(default ${spec.default})`;
    const right = [spec.help, standard].filter((part) => part !== '').join(' ');
    return `${(lefts[index] ?? '').padEnd(width)}${right}`.trimEnd();
  });
}

function tokenize(args: readonly string[], byFlag: ReadonlyMap<string, OptionSpec>) {
  const options: NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']> = {};
  for (const [flag, spec] of byFlag) {
    options[flag] = {type: spec.kind === 'flag' ? 'boolean' : 'string'};
  }
  // Not strict: parseArgs names neither the nearest option nor a value's range.
  return parseArgs({args: [...args], options, strict: false, tokens: true}).tokens;
}

function optionValue(
  spec: OptionSpec,
  rawName: string,
  text: string | undefined,
  isInline: boolean | undefined,
): OptionValue {
  if (spec.kind === 'flag') {
    if (text !== undefined) throw usage(`${rawName} takes no value, got "${text}"`);
    return true;
  }
  // In `--data-dir --port 80` the value was forgotten.
  if (text === undefined || text === '' || (text.startsWith('--') && isInline !== true)) {
    throw usage(`${rawName} needs a value:${placeholder(spec)}`);
  }
  return spec.kind === 'integer' ? parseInteger(spec, rawName, text) : text;
}

function unknownOption(rawName: string, known: readonly string[]): KvError {
  const nearest = nearestName(
    rawName.replace(/^-+/, ''),
    known.filter((name) => name.length > 1),
  );
  const hint = nearest === undefined ? '--help lists the options' : `did you mean --${nearest}?`;
  return usage(`unknown option ${rawName}; ${hint}`);
}

/** `memtableEntriesMax` to `memtable-entries-max`. */
function flagName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function placeholder(spec: OptionSpec): string {
  if (spec.kind === 'flag') return '';
  return ` <${spec.kind === 'text' ? spec.placeholder : 'integer'}>`;
}

function usage(message: string): KvError {
  return new KvError('USAGE', message);
}
