/** Whatever is named as an input: it is bad input, and nobody waits for it. */
import {execFileSync} from 'node:child_process';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {readKvYaml} from '../../src/config/kv-yaml.ts';
import {UsageError} from '../../src/errors.ts';
import {readResult} from '../../src/export/read-result.ts';
import {readHistoryFile} from '../../src/history/history-file.ts';
import {modelOf} from '../../src/linearizability/model.ts';
import {readPolicy, readSecret} from '../../src/policy/policy.ts';
import {surveyOwnFixture} from '../../src/replay/survey-own-fixture.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kv-inputs-'));
  execFileSync('mkfifo', [join(folder, 'kv.yaml')]);
  writeFileSync(join(folder, 'endless.jsonl'), '0'.repeat(17 * 1024 * 1024));
});

afterAll(() => rmSync(folder, {recursive: true}));

async function readHistory(path: string): Promise<unknown> {
  const model = modelOf('register');
  if (model === undefined) throw new Error('there is no such model');
  return await readHistoryFile(path, path, model);
}

describe('a FIFO is refused', () => {
  it.for<[string, (path: string) => unknown]>([
    ['as a project', () => readKvYaml(folder)],

    ['as a fixture', (path) => surveyOwnFixture(path, path)],
    ['as a history', readHistory],
    ['as a result', readResult],
    ['as a policy', readPolicy],
    ['as a secret', readSecret],
  ])('%s', async ([, read]) => {
    const error = await Promise.resolve(join(folder, 'kv.yaml'))
      .then(read)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toMatch(/is (a FIFO, )?not a file$/);
  });
});

it('a history has lines that end', async () => {
  await expect(readHistory(join(folder, 'endless.jsonl'))).rejects.toThrow(
    /endless.jsonl, line 1: the line is longer than 16777216 bytes; is this a history\?/,
  );
});
