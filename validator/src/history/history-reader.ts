import type {Request} from '@kv-workshop/fixtures/instruction';
import {readFixture} from '@kv-workshop/fixtures/read-fixture';
import type {HistoryRecord} from './history-record.ts';
import type {HistoryRecorder} from './history-recorder.ts';

/** A request that was made, and the fixture's line that asked for it. */
export interface HistoryEntry {
  readonly request: Request;
  readonly record: HistoryRecord;
}

/**
 * The history, joined with its fixture, in the order in which the requests
 * ended. Memory is bounded by what was in flight at one time.
 * @param path the fixture that was replayed
 */
export async function* readHistory(
  path: string,
  recorder: HistoryRecorder,
): AsyncGenerator<HistoryEntry, void, undefined> {
  const lines = new FixtureLines(path);
  try {
    for (const record of recorder.records()) {
      const request = await lines.at(record.line);
      yield {request, record};
      // A request without an answer may have been made a second time.
      if (record.outcome !== 'lost' && record.outcome !== 'not-sent') lines.forget(record.line);
    }
  } finally {
    await lines.close();
  }
}

/**
 * The last requests of the run that wrote or read a key before some line, in
 * the order in which they ended. Reads fixture and history from their start.
 */
export async function lastOperationsOf(
  path: string,
  recorder: HistoryRecorder,
  wanted: {readonly key: string; readonly beforeLine: number; readonly operationsMax: number},
): Promise<readonly HistoryEntry[]> {
  const {key, beforeLine, operationsMax} = wanted;
  const entries: HistoryEntry[] = [];
  for await (const entry of readHistory(path, recorder)) {
    const {request} = entry;
    if (request.line >= beforeLine || request.op === 'scan' || request.key !== key) continue;
    entries.push(entry);
    if (entries.length > operationsMax) entries.shift();
  }
  return entries;
}

/** A fixture's requests by their lines, for a reader that jumps about within a block only. */
class FixtureLines {
  readonly #batches: ReturnType<typeof readFixture>;
  readonly #requests = new Map<number, Request>();
  #lastLine = 0;

  constructor(path: string) {
    this.#batches = readFixture(path);
  }

  async at(line: number): Promise<Request> {
    while (this.#lastLine < line) await this.#readBatch(line);
    const request = this.#requests.get(line);
    if (request === undefined) throw new Error(`line ${line} has no request: another fixture?`);
    return request;
  }

  forget(line: number): void {
    this.#requests.delete(line);
  }

  async close(): Promise<void> {
    await this.#batches.return();
  }

  async #readBatch(wantedLine: number): Promise<void> {
    const {value: batch, done} = await this.#batches.next();
    if (done === true) throw new Error(`there is no line ${wantedLine}: another fixture?`);
    for (const instruction of batch) {
      this.#lastLine = instruction.line;
      switch (instruction.op) {
        case 'barrier':
        case 'kill':
        case 'restart':
          // Requests before it that are still here were never made, or had no answer.
          if (instruction.line < wantedLine) this.#requests.clear();
          break;
        case 'put':
        case 'get':
        case 'delete':
        case 'scan':
        default:
          this.#requests.set(instruction.line, instruction);
      }
    }
  }
}
