/**
 * What grading adds to a replay: the replay checks of `kv grade` against `kv
 * replay` of the same file on the same server, both as a user runs them.
 */
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {$} from 'zx/core';
import {bundleServer} from '../../../validator/src/server/bundle.ts';
import {weekFolder} from '../../../validator/test/mutants/bundle-mutant.ts';
import {ROOT} from '../tool.ts';
import type {BenchContext} from './bench.ts';
import {type Comparison, compare, type Timed} from './measure.ts';
import {type BenchTable, comparisonTable} from './table.ts';

/** From week 4 on a check is more than its file. */
const WEEKS = [1, 2, 3];
const KV = join(ROOT, 'validator/bin/kv.mjs');
/** A check may take 1.5 times as long as the bare replay. */
const LIMIT = {atLeast: 0.67};
const NOTE = 'A ratio of 0.67 is 1.5 times the time.';
const quiet = $({quiet: true});

/** The check as `kv grade` times it: starts and stops of the server included. */
async function gradeOnce(week: number, command: string, json: string): Promise<Timed> {
  const id = `replay-week-0${week}`;
  await quiet`${process.execPath} ${KV} grade ${week} --command ${command} --check ${id} --json ${json}`;
  const {gradings} = JSON.parse(await readFile(json, 'utf8'));
  const {checks} = gradings[0] as {checks: {id: string; requests: number; durationMs: number}[]};
  const check = checks.find((each) => each.id === id);
  if (check === undefined) throw new Error(`${id} was not graded`);
  return {units: check.requests, elapsedMs: check.durationMs};
}

/** The replay as it times itself: from its first request to its last answer. */
async function replayOnce(week: number, command: string, json: string): Promise<Timed> {
  const fixture = join(ROOT, `fixtures/week-0${week}.txt`);
  await quiet`${process.execPath} ${KV} replay ${fixture} --command ${command} --json ${json}`;
  const {answered, durationMs} = JSON.parse(await readFile(json, 'utf8'));
  return {units: answered, elapsedMs: durationMs};
}

export async function benchGradedReplays({rounds, progress}: BenchContext): Promise<BenchTable[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kv-bench-'));
  const json = join(folder, 'result.json');
  try {
    const comparisons: Comparison[] = [];
    for (const week of WEEKS) {
      progress(`week ${week}`);
      const bundle = await bundleServer(join(await weekFolder(week), 'src/main.ts'));
      const command = `exec node ${bundle} --port {port} --data-dir {dataDir}`;
      const ours = {name: 'graded', run: () => gradeOnce(week, command, json)};
      const peer = {name: 'bare replay', run: () => replayOnce(week, command, json)};
      const name = `week ${week}: as a check of kv grade / kv replay alone`;
      comparisons.push(await compare(name, ours, peer, rounds, LIMIT));
    }
    return [comparisonTable('The long file of a week, requests', comparisons, [NOTE])];
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}
