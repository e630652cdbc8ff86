import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {surveyFixture} from '@kv-workshop/fixtures/survey-fixture';
import {afterAll, expect, test} from 'vitest';
import {cutFixture} from '../../src/compare/chunks.ts';

const folder = mkdtempSync(join(tmpdir(), 'kv-chunks-test-'));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

interface Cut {
  readonly linesBefore: number;
  readonly requests: number;
  readonly lines: readonly string[];
}

async function cut(lines: readonly string[], requestsMin: number): Promise<Cut[]> {
  const path = join(folder, 'fixture.txt');
  writeFileSync(path, `${lines.join('\n')}\n`);
  const survey = await surveyFixture(path);
  const cuts: Cut[] = [];
  for await (const chunk of cutFixture({path, name: path, survey, folder, requestsMin})) {
    // Each is a fixture by itself: no KILL AFTER is beyond its block.
    const {requests} = await surveyFixture(chunk.path);
    expect(requests).toBe(chunk.requests);
    const text = readFileSync(chunk.path, 'latin1');
    cuts.push({...chunk, lines: text.trimEnd().split('\n')});
  }
  return cuts;
}

test('a sequential file is cut after so many requests; lines keep their place', async () => {
  const lines = ['# format: 1', 'PUT a 1', 'GET a 1', '# between', 'GET b NOT_FOUND', 'RESTART'];
  const cuts = await cut([...lines, 'GET a 1'], 2);
  expect(cuts.map(({linesBefore, requests}) => [linesBefore, requests])).toEqual([
    [0, 2],
    [3, 2],
  ]);
  expect(cuts.flatMap((each) => each.lines)).toEqual([...lines, 'GET a 1']);
});

test('lines without a request at the end are no chunk', async () => {
  expect(await cut(['PUT a 1', '# the end'], 1)).toHaveLength(1);
});

test('a block is in one chunk, which has a BARRIER of its own', async () => {
  const cuts = await cut(
    ['PUT a 1', 'PUT b 1', 'PUT c 1', 'BARRIER', 'GET a 1', 'KILL', 'GET b 1', 'GET c 1'],
    1,
  );
  expect(cuts.map(({lines}) => lines)).toEqual([
    ['PUT a 1', 'PUT b 1', 'PUT c 1', 'BARRIER', 'BARRIER'],
    ['GET a 1', 'KILL', 'BARRIER'],
    ['GET b 1', 'GET c 1', 'BARRIER'],
  ]);
});

test('KILL AFTER counts the requests of its block, so these stay together', async () => {
  const block = ['PUT b 1', 'PUT c 1', 'PUT d 1', 'KILL AFTER 2'];
  const cuts = await cut(['PUT a 1', 'RESTART', ...block, 'GET a 1', 'GET b 1'], 1);
  expect(cuts.map(({lines}) => lines)).toEqual([
    ['PUT a 1'],
    ['RESTART', ...block],
    ['GET a 1'],
    ['GET b 1'],
  ]);
});
