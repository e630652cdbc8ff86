import {describe, expect, it} from 'vitest';
import type {Project} from '../../src/config/project.ts';
import {gradeJobs, type JobOptions} from '../../src/grade/grade-jobs.ts';
import type {GradeJob} from '../../src/grade/grade-session.ts';
import {DEFAULT_ROUTES} from '../../src/http/routes.ts';

const TRAITS = {routes: DEFAULT_ROUTES, body: 'raw', files: 'none', stretch: []} as const;
const URL_PROJECT: Project = {
  kind: 'url',
  source: 'the command line',
  week: undefined,
  url: 'http://127.0.0.1:8080',
  ...TRAITS,
};
const COMMAND_PROJECT: Project = {
  kind: 'command',
  source: 'kv.yaml in this folder',
  week: 2,
  folder: '/somewhere',
  command: './server',
  smallCommand: undefined,
  buildCommand: undefined,
  readyTimeoutMs: 10_000,
  env: {},
  ...TRAITS,
};

async function jobs(options: Partial<JobOptions>): Promise<GradeJob[]> {
  const all: GradeJob[] = [];
  const defaults = {project: COMMAND_PROJECT, flags: {}, week: undefined, only: undefined};
  for await (const job of gradeJobs({...defaults, ...options})) all.push(job);
  return all;
}

describe('what is graded', () => {
  it('is a project at its own week, unless another is asked for', async () => {
    expect((await jobs({})).map(({week}) => week)).toEqual([2]);
    expect((await jobs({week: 3})).map(({week}) => week)).toEqual([3]);
  });

  it('needs a week', async () => {
    await expect(jobs({project: {...COMMAND_PROJECT, week: undefined}})).rejects.toThrow(
      'which week?',
    );
  });

  it('is each reference week if there is no project, or the one that is asked for', async () => {
    const project: Project = {kind: 'reference', source: 'no kv.yaml in this folder'};
    const all = await jobs({project});
    expect(all.slice(0, 3).map(({week}) => week)).toEqual([1, 2, 3]);
    expect(all[1]?.target).toMatchObject({kind: 'reference', arguments: []});
    expect((await jobs({project, week: 2})).map(({week}) => week)).toEqual([2]);
  });

  it('is repeated by the flags that described the server', async () => {
    const flags = {command: './server', env: ['A=1', 'B=2'], files: 'series'};
    const [job] = await jobs({flags});
    expect(job?.target).toEqual({
      kind: 'command',
      name: './server',
      arguments: ['--command', './server', '--files', 'series', '--env', 'A=1', '--env', 'B=2'],
    });
  });

  it('is only the checks that are asked for, in their usual order', async () => {
    const [job] = await jobs({only: new Set(['newest-wins', 'contract-basics'])});
    expect(job?.checks.map(({id}) => id)).toEqual(['contract-basics', 'newest-wins']);
    await expect(jobs({only: new Set(['kill-twice'])})).rejects.toThrow('valid in week 2');
  });
});

describe('a server that is already running', () => {
  it.for<[number, string]>([
    [1, 'replay-week-01'],
    [2, 'replay-week-02'],
    // That of week 3 stops the server.
    [3, 'replay-week-02'],
  ])('begins week %i with %s', async ([week, id]) => {
    const [job] = await jobs({project: URL_PROJECT, week});
    expect(job?.checks[0]?.id).toBe(id);
    expect(new Set(job?.checks).size).toBe(job?.checks.length);
  });
});
