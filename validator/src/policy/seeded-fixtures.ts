/** Fixture files with the same sizes as those that everybody has, and other keys and values. */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {generateFixture} from '@kv-workshop/fixtures/generate/generate-fixture';
import {GraderError} from '../errors.ts';

const HIDDEN_FOLDER = 0o700;
const HIDDEN_FILE = 0o600;
/** Of the header of a committed file. */
const MADE_BY = /^# made by: kv fixture generate (.*)$/m;

/**
 * @param names of the files to make: `week-03.txt`
 * @param from the folder that has those that everybody has
 * @param to the folder to write them to, which is made
 * @throws GraderError if one does not say how it was made
 */
export function writeSeededFixtures(
  names: readonly string[],
  {from, to, seed}: {readonly from: string; readonly to: string; readonly seed: number},
): void {
  mkdirSync(to, {mode: HIDDEN_FOLDER});
  for (const name of names) {
    const lines = generateFixture({...optionsOf(join(from, name)), seed});
    const text = Array.from(lines, (line) => `${line}\n`).join('');
    writeFileSync(join(to, name), text, {mode: HIDDEN_FILE});
  }
}

interface Made {
  readonly week: number;
  readonly lines: number;
  readonly restarts?: number;
  readonly kills?: number;
  readonly blocks?: number;
}

function optionsOf(file: string): Made {
  const flags = MADE_BY.exec(readFileSync(file, 'utf8'))?.[1]?.split(' ') ?? [];
  const options: Record<string, number> = {};
  for (let index = 0; index + 1 < flags.length; index += 2) {
    options[(flags[index] ?? '').replace('--', '')] = Number(flags[index + 1]);
  }
  const {week, lines, ...rest} = options;
  if (week === undefined || lines === undefined) {
    throw new GraderError(`${file} does not say how it was made, so it cannot be made anew`);
  }
  return {week, lines, ...rest};
}
