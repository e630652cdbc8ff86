/** The fixture file of a replay check, cut where all of it would take too long. */
import {appendFile} from 'node:fs/promises';
import {join} from 'node:path';
import {formatLine} from '@kv-workshop/fixtures/format-line';
import {readFixture} from '@kv-workshop/fixtures/read-fixture';
import {type FixtureSurvey, surveyFixture} from '@kv-workshop/fixtures/survey-fixture';
import type {CheckContext} from './check.ts';

export interface Fixture {
  /** Perhaps of a copy that was cut. */
  readonly path: string;
  /** The path of the whole file. */
  readonly whole: string;
  /** How messages call it. */
  readonly name: string;
  readonly survey: FixtureSurvey;
}

/** @param writes how many of them to replay at most */
export async function openFixture(
  context: CheckContext,
  path: string,
  name: string,
  writes: number,
): Promise<Fixture> {
  const survey = await surveyFixture(path, name);
  if (survey.writes <= writes || !context.server.isOurs) return {path, whole: path, name, survey};

  const cut = join(context.server.control.dataDir, '..', name);
  const lines = await copyBeginning(path, cut, writes);
  const syncs = Math.round(context.environment.syncsPerSecond);
  const total = survey.instructions;
  context.note(`shortened to ${lines} of ${total} lines: ${syncs} syncs a second`);
  return {path: cut, whole: path, name, survey: await surveyFixture(cut, name)};
}

/** The first keys that occur in a file, at most `count`. */
export async function firstKeys(path: string, count: number): Promise<Set<string>> {
  const keys = new Set<string>();
  for await (const batch of readFixture(path)) {
    for (const instruction of batch) {
      if (keys.size >= count) return keys;
      if (instruction.op === 'put' || instruction.op === 'get') keys.add(instruction.key);
    }
  }
  return keys;
}

/** Copies lines until they have so many writes. Line numbers stay. @returns lines */
async function copyBeginning(from: string, to: string, writesMax: number): Promise<number> {
  let writes = 0;
  let lines = 0;
  for await (const batch of readFixture(from)) {
    const copied: string[] = [];
    for (const instruction of batch) {
      if (writes >= writesMax) break;
      // Comments were not handed over: blank lines in their place.
      while (++lines < instruction.line) copied.push('');
      copied.push(formatLine(instruction));
      if (instruction.op === 'put' || instruction.op === 'delete') writes += 1;
    }
    // Not for the server, whose data folder is next to it.
    await appendFile(to, copied.map((line) => `${line}\n`).join(''), {mode: 0o600});
    if (writes >= writesMax) break;
  }
  return lines;
}
