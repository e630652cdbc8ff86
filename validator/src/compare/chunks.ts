import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Instruction} from '@kv-workshop/fixtures/instruction';
import {parseLine} from '@kv-workshop/fixtures/parse-line';
import {readLines} from '@kv-workshop/fixtures/read-lines';
import type {CrashPoint, FixtureSurvey} from '@kv-workshop/fixtures/survey-fixture';

/** Some lines of a fixture, as a fixture of their own. */
export interface Chunk {
  readonly path: string;
  /** The fixture's lines before its first. */
  readonly linesBefore: number;
  readonly requests: number;
}

export interface CutOptions {
  readonly path: string;
  readonly name: string;
  readonly survey: FixtureSurvey;
  /** Where the chunks are written. */
  readonly folder: string;
  /** A chunk has so many requests, and more if it must not end there. */
  readonly requestsMin: number;
}

/**
 * Cuts a fixture of any size into chunks, which say the same one after another.
 * A block is in one chunk: its requests run in parallel, and a KILL AFTER counts
 * them.
 * @throws FixtureError
 */
export async function* cutFixture(options: CutOptions): AsyncGenerator<Chunk> {
  const {path, name, folder, requestsMin} = options;
  const blocks = new Blocks(options.survey);
  let lines: string[] = [];
  let linesBefore = 0;
  let line = 0;
  let requests = 0;
  const chunk = async (): Promise<Chunk> => {
    const file = join(folder, `from-line-${linesBefore + 1}.txt`);
    // A file without a BARRIER would be sent one request after another.
    if (options.survey.mode === 'barriers') lines.push('BARRIER');
    await writeFile(file, `${lines.join('\n')}\n`, 'latin1');
    return {path: file, linesBefore, requests};
  };
  for await (const texts of readLines(path, name)) {
    for (const text of texts) {
      lines.push(text);
      const instruction = parseLine(text, ++line, name);
      if (instruction === undefined) continue;
      if (isRequest(instruction)) requests++;
      blocks.add(instruction);
      if (requests < requestsMin || !blocks.mayBeCut) continue;
      yield await chunk();
      lines = [];
      linesBefore = line;
      requests = 0;
    }
  }
  if (requests > 0) yield await chunk();
}

/** Knows where a fixture may be cut. */
class Blocks {
  readonly #isSequential: boolean;
  readonly #crashes: CrashPoint[];
  #requests = 0;
  #isAtEnd = false;

  constructor({mode, crashes}: FixtureSurvey) {
    this.#isSequential = mode === 'sequential';
    this.#crashes = [...crashes];
  }

  add(instruction: Instruction): void {
    this.#isAtEnd = !isRequest(instruction);
    if (!this.#isAtEnd) this.#requests++;
    else if (this.#crashes[0]?.line === instruction.line) this.#crashes.shift();
  }

  /** After the instruction that was added last. */
  get mayBeCut(): boolean {
    if (!this.#isSequential) return this.#isAtEnd;
    const [crash] = this.#crashes;
    return crash === undefined || this.#requests <= crash.request - crash.afterRequests;
  }
}

function isRequest({op}: Instruction): boolean {
  return op === 'put' || op === 'get' || op === 'delete' || op === 'scan';
}
