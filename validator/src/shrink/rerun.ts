/** Replays a list of instructions on a new server, to see whether it fails again. */
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {formatLine} from '@kv-workshop/fixtures/format-line';
import type {Instruction} from '@kv-workshop/fixtures/instruction';
import {summarize} from '../checks/replay-failure.ts';
import {ServerFailure} from '../errors.ts';
import type {ServerSource} from '../grade/server-source.ts';
import {replay} from '../replay/replay.ts';
import type {ReplayResult} from '../replay/replay-result.ts';
import type {RunFolder} from '../server/run-folder.ts';

/** How a replay failed. */
export interface Observed {
  /** Two replays that failed alike have the same text here, whatever the keys and values. */
  readonly what: string;
  /** The line that failed, from 1. */
  readonly line: number;
}

const BREAKDOWN = 'breakdown: ';
/** What was observed if a request was never answered. */
export const HANG = `${BREAKDOWN}hang`;

/** `cut-off`: its time was over before it had failed, so nothing is known. */
export type Outcome = Observed | 'right' | 'cut-off';

export class Rerun {
  /** Replays so far. */
  runs = 0;
  readonly #source: Pick<ServerSource, 'open'>;
  readonly #runFolder: RunFolder;

  constructor(source: Pick<ServerSource, 'open'>, runFolder: RunFolder) {
    this.#source = source;
    this.#runFolder = runFolder;
  }

  /**
   * @param signal cuts it off
   * @throws GraderError if this machine is at fault
   */
  async run(instructions: readonly Instruction[], signal: AbortSignal): Promise<Outcome> {
    this.runs += 1;
    const folder = this.#runFolder.newFolder('shrink');
    const path = join(folder, 'replay.txt');
    writeFileSync(path, instructions.map((each) => `${formatLine(each)}\n`).join(''));
    try {
      return await this.#replay(path, signal);
    } finally {
      this.#runFolder.discard(folder);
    }
  }

  async #replay(path: string, signal: AbortSignal): Promise<Outcome> {
    const server = this.#source.open('shrink');
    try {
      await server.control?.start();
      const {client} = server;
      return observed(
        await replay({fixture: {path}, server, client, stopAfterFailures: 1, signal}),
      );
    } catch (error) {
      if (error instanceof ServerFailure) return {what: `start ${error.kind}`, line: 1};
      throw error;
    } finally {
      await ended(server.dispose());
    }
  }
}

function observed({failures, breakdown, end}: ReplayResult): Outcome {
  const [failure] = failures;
  if (failure !== undefined) {
    const {op, line} = failure.request;
    return {what: `${op}: ${summarize(failure)}`, line};
  }
  if (breakdown === undefined) return end === 'aborted' ? 'cut-off' : 'right';
  return {what: `${BREAKDOWN}${breakdown.failure.kind}`, line: breakdown.line};
}

/** A server that cannot be ended has failed otherwise than what is looked for. */
async function ended(disposal: Promise<void>): Promise<void> {
  try {
    await disposal;
  } catch (error) {
    if (!(error instanceof ServerFailure)) throw error;
  }
}
