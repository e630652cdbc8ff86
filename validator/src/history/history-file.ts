import {FixtureError} from '@kv-workshop/fixtures/fixture-error';
import {type LinesForm, readLines} from '@kv-workshop/fixtures/read-lines';
import {UsageError} from '../errors.ts';
import type {Model} from '../linearizability/model.ts';
import type {History, Operation, Scan} from '../linearizability/operation.ts';
import {HistoryLineError} from './line-fields.ts';
import {parseHistoryLine} from './parse-history-line.ts';

/** Some editors begin a file with it. */
const BYTE_ORDER_MARK = /^\uFEFF/;
/** Room for a scan of 200,000 keys. */
const LINE_LENGTH_MAX = 16 * 1024 * 1024;
const HISTORY: LinesForm = {encoding: 'utf8', lineLengthMax: LINE_LENGTH_MAX, kind: 'a history'};

/**
 * Reads a history file: one JSON object a line (docs/histories.md), such as
 * `kv replay --history` writes. Memory grows with it.
 * @param name how errors call the file
 * @throws UsageError with the first line that will not do
 */
export async function readHistoryFile(path: string, name: string, model: Model): Promise<History> {
  const operations: Operation[] = [];
  const scans: Scan[] = [];
  let number = 0;
  try {
    for await (const lines of readLines(path, name, HISTORY)) {
      for (const line of lines) {
        number++;
        const text = number === 1 ? line.replace(BYTE_ORDER_MARK, '') : line;
        if (text.trim() === '') continue;
        const entry = parseHistoryLine(text, number, model);
        if (entry === undefined) continue;
        if ('action' in entry) operations.push(entry);
        else scans.push(entry);
      }
    }
  } catch (error) {
    if (error instanceof HistoryLineError) {
      throw new UsageError(`${name}, line ${number}: ${error.message}`, {cause: error});
    }
    if (error instanceof FixtureError) throw new UsageError(error.message, {cause: error});
    throw error;
  }
  return {operations, scans};
}
