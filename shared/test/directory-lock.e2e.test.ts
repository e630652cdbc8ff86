import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';

const CONTENDER = fileURLToPath(new URL('directory-lock/contender.ts', import.meta.url));
const WITHOUT_LINK = new URL('directory-lock/without-link.mjs', import.meta.url).href;

class Contender {
  readonly process: ChildProcess;
  readonly #answers: AsyncIterator<string>;

  constructor(preload: readonly string[] = []) {
    const imports = [import.meta.resolve('tsx'), ...preload].flatMap((file) => ['--import', file]);
    this.process = spawn(process.execPath, [...imports, CONTENDER], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({input: this.process.stdout as NodeJS.ReadableStream});
    this.#answers = lines[Symbol.asyncIterator]();
  }

  async answer(): Promise<string> {
    const {value, done} = await this.#answers.next();
    if (done === true) throw new Error('the contender ended before it answered');
    return JSON.parse(value);
  }

  tell(command: 'acquire' | 'release', dir: string): Promise<string> {
    this.process.stdin?.write(`${JSON.stringify([command, dir])}\n`);
    return this.answer();
  }

  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exit = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await exit;
  }
}

let dir: string;
let contenders: Contender[];

async function start(count: number, preload?: readonly string[]): Promise<Contender[]> {
  const started = Array.from({length: count}, () => new Contender(preload));
  contenders.push(...started);
  for (const contender of started) expect(await contender.answer()).toBe('ready');
  return started;
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kv-lock-'));
  contenders = [];
});

afterEach(async () => {
  await Promise.all(contenders.map((contender) => contender.kill()));
  await rm(dir, {recursive: true, force: true});
});

test('a running process keeps others out, until it releases', async () => {
  const [first, second] = (await start(2)) as [Contender, Contender];
  expect(await first.tell('acquire', dir)).toBe('acquired');
  const refusal = await second.tell('acquire', dir);
  expect(refusal).toContain('LOCKED');
  expect(refusal).toContain(dir);
  expect(refusal).toContain(`process ${first.process.pid}`);
  expect(await first.tell('release', dir)).toBe('released');
  expect(await readdir(dir)).toEqual([]);
  expect(await second.tell('acquire', dir)).toBe('acquired');
});

test('the lock of a killed process is taken over', async () => {
  const [first, second] = (await start(2)) as [Contender, Contender];
  expect(await first.tell('acquire', dir)).toBe('acquired');
  await first.kill();
  expect(await second.tell('acquire', dir)).toBe('acquired');
  expect(JSON.parse(await readFile(join(dir, 'LOCK'), 'utf8')).pid).toBe(second.process.pid);
  expect(await readdir(dir)).toEqual(['LOCK']);
});

describe.each([
  {links: 'with hard links', preload: []},
  {links: 'without hard links', preload: [WITHOUT_LINK]},
])('of several processes at once exactly one gets the lock, $links', ({preload}) => {
  const dead = {pid: 2 ** 30, start: '1', id: 'dead'};
  const deadClaim = {pid: 2 ** 30, start: '1', id: 'deaf'};

  test.each([
    {found: 'nothing', rounds: 40, files: {}},
    {found: 'a lock of a dead process', rounds: 40, files: {LOCK: JSON.stringify(dead)}},
    {
      found: 'a takeover whose process died as well',
      rounds: 20,
      files: {LOCK: JSON.stringify(dead), 'LOCK.dead': JSON.stringify(deadClaim)},
    },
    {found: 'an empty lock', rounds: 4, files: {LOCK: ''}},
  ])('finding $found', async ({rounds, files}) => {
    const racers = await start(5, preload);
    for (let round = 0; round < rounds; round++) {
      const folder = await mkdtemp(join(dir, 'round-'));
      for (const [name, content] of Object.entries(files)) {
        await writeFile(join(folder, name), content);
      }
      const answers = await Promise.all(racers.map((racer) => racer.tell('acquire', folder)));
      const winners = racers.filter((_, index) => answers[index] === 'acquired');
      expect(winners, answers.join('\n')).toHaveLength(1);
      expect(answers.filter((answer) => answer.startsWith('LOCKED'))).toHaveLength(4);
      const owner = JSON.parse(await readFile(join(folder, 'LOCK'), 'utf8'));
      expect(owner.pid).toBe(winners[0]?.process.pid);
      expect(await readdir(folder)).toEqual(['LOCK']);
      await winners[0]?.tell('release', folder);
    }
  });
});
