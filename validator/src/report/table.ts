/**
 * The table of checks: one row a check, printed as it ends, in 80 columns.
 *
 *   state        check                       time  what it is about
 *   pass         contract-basics           0.02 s  PUT and GET
 */
import type {CheckResult} from '../grade/result.ts';
import type {State} from '../verdict.ts';
import type {Colour} from './colour.ts';
import {escapeText} from './escape.ts';
import {plural, seconds} from './numbers.ts';
import {wrap} from './wrap.ts';

const WIDTH = 80;
const STATE_WIDTH = 12;
const ID_WIDTH = 23;
const TIME_WIDTH = 8;
const INDENT = ' '.repeat(2 + STATE_WIDTH + 1);

/** As people read them. */
export const STATE_NAMES: Record<State, string> = {
  pass: 'pass',
  fail: 'FAIL',
  inconclusive: 'inconclusive',
  'grader-error': 'grader error',
  blocked: 'blocked',
  'not-claimed': 'not claimed',
  unavailable: 'unavailable',
};

/** The row of a check, and its notes below it. */
export function checkRow(result: CheckResult, colour: Colour): string[] {
  const state = colour[STATE_COLOURS[result.state]](STATE_NAMES[result.state].padEnd(STATE_WIDTH));
  const isRun = result.durationMs > 0;
  const time = isRun ? seconds(result.durationMs) : '';
  const columns = [
    result.id.padEnd(ID_WIDTH),
    time.padStart(TIME_WIDTH),
    ` ${escapeText(result.title)}`,
  ];
  const row = `  ${state} ${columns.join(' ')}`.trimEnd();
  const isExplained = result.state === 'pass' || result.state === 'fail';
  const remarks = isExplained ? result.notes : [result.reason ?? '', ...result.notes];
  return [row, ...remarks.filter((text) => text !== '').flatMap((text) => remark(text, colour))];
}

/** Checks that one failure keeps from running, in one row. */
export function blockedRow(blocked: readonly CheckResult[], colour: Colour): string[] {
  const [first] = blocked;
  if (first === undefined) return [];
  const state = colour.dim(STATE_NAMES.blocked.padEnd(STATE_WIDTH));
  return [`  ${state} ${plural(blocked.length, 'later check')}, because ${first.reason ?? ''}`];
}

function remark(text: string, colour: Colour): string[] {
  const [first = '', ...rest] = wrap(escapeText(text), WIDTH - INDENT.length - 2);
  return [`- ${first}`, ...rest.map((line) => `  ${line}`)].map((line) =>
    colour.dim(INDENT + line),
  );
}

const STATE_COLOURS: Record<State, 'green' | 'red' | 'yellow' | 'dim'> = {
  pass: 'green',
  fail: 'red',
  inconclusive: 'yellow',
  'grader-error': 'red',
  blocked: 'dim',
  'not-claimed': 'dim',
  unavailable: 'dim',
};
