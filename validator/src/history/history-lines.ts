import {createWriteStream} from 'node:fs';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {UsageError} from '../errors.ts';
import {type HistoryEntry, readHistory} from './history-reader.ts';
import type {HistoryRecorder} from './history-recorder.ts';

/**
 * One line of a history file (`kv replay --history FILE`): a request that was
 * made. Lines are in the order in which the requests ended.
 */
interface HistoryLine {
  /** Of the fixture, from 1. */
  readonly line: number;
  /** 2 for a request that was sent again after its first answer was lost. */
  readonly attempt: number;
  /** From 0; one request at a time is in flight on each. */
  readonly connection: number;
  /** Microseconds since the replay began. */
  readonly invokeUs: number;
  /** null if no answer came: a write may then take effect at any later time. */
  readonly returnUs: number | null;
  readonly op: 'put' | 'get' | 'delete' | 'scan';
  /** All but scan. */
  readonly key?: string;
  /** scan: the keys asked for are in [start, end). */
  readonly start?: string;
  readonly end?: string;
  /**
   * - ok: answered; of a read, `value` or `keys` is what was read, right or wrong.
   * - error: answered with a status or a body that says nothing; a write may have happened.
   * - lost: sent, and no answer came.
   * - not-sent: nothing was sent; no connection could be had.
   */
  readonly outcome: 'ok' | 'error' | 'lost' | 'not-sent';
  /** Of the answer; null if none came. */
  readonly status: number | null;
  /** put: what was written. get: what was read, null for 404. */
  readonly value?: string | null;
  /** scan: the keys that were answered. */
  readonly keys?: readonly string[];
}

/** @throws UsageError if the file cannot be written */
export async function writeHistory(
  file: string,
  fixturePath: string,
  recorder: HistoryRecorder,
): Promise<void> {
  try {
    await pipeline(Readable.from(jsonLines(fixturePath, recorder)), createWriteStream(file));
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`--history ${file}: ${message}`, {cause: error});
  }
}

async function* jsonLines(fixturePath: string, recorder: HistoryRecorder): AsyncGenerator<string> {
  for await (const entry of readHistory(fixturePath, recorder)) {
    yield `${JSON.stringify(historyLine(entry))}\n`;
  }
}

function historyLine({request, record}: HistoryEntry): HistoryLine {
  const {line, attempt, connection, invokeUs, returnUs, status} = record;
  const hasAnswer = record.outcome !== 'lost' && record.outcome !== 'not-sent';
  const {op} = request;
  return {
    line,
    attempt,
    connection,
    invokeUs: tenths(invokeUs),
    returnUs: hasAnswer ? tenths(returnUs) : null,
    op,
    ...(op === 'scan' ? {start: request.start, end: request.end} : {key: request.key}),
    outcome: outcomeOf(record.outcome),
    status: hasAnswer ? status : null,
    ...whatWasSeen({request, record}),
  };
}

function whatWasSeen({request, record}: HistoryEntry): Pick<HistoryLine, 'value' | 'keys'> {
  const {outcome, observed} = record;
  switch (request.op) {
    case 'put':
      return {value: request.value};
    case 'get':
      if (outcome === 'as-expected') return {value: request.expected[0] ?? null};
      if (outcome === 'absent') return {value: null};
      return observed === undefined ? {} : {value: observed};
    case 'scan':
      if (outcome === 'as-expected') return {keys: request.keys.map(({key}) => key)};
      if (observed === undefined) return {};
      return {keys: observed === '' ? [] : observed.split(',')};
    case 'delete':
    default:
      return {};
  }
}

function outcomeOf(outcome: HistoryEntry['record']['outcome']): HistoryLine['outcome'] {
  switch (outcome) {
    case 'lost':
    case 'not-sent':
      return outcome;
    case 'other':
      return 'error';
    case 'as-expected':
    case 'observed':
    case 'absent':
    default:
      return 'ok';
  }
}

function tenths(microseconds: number): number {
  return Math.round(microseconds * 10) / 10;
}
