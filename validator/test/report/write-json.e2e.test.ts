import {spawn} from 'node:child_process';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, it} from 'vitest';
import {writeJson} from '../../src/report/write-json.ts';

const CHILD = fileURLToPath(new URL('write-json-child.ts', import.meta.url));
const LENGTH = 1_000_000;

it('writes all of a long result into a pipe whose reader is late', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, '-', String(LENGTH)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // The first bytes are there: by now the pipe is full, and nothing was read.
  await new Promise((resolve) => child.stdout.once('readable', resolve));
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  expect(JSON.parse(text)).toEqual({text: 'x'.repeat(LENGTH)});
});

it('writes a file, and says which one it cannot write', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kv-json-'));
  try {
    writeJson(join(folder, 'result.json'), {a: [1]});
    expect(await readFile(join(folder, 'result.json'), 'utf8')).toBe(
      '{\n  "a": [\n    1\n  ]\n}\n',
    );
    expect(() => writeJson(join(folder, 'none/result.json'), {})).toThrow(/--json .*none.*ENOENT/);
  } finally {
    await rm(folder, {recursive: true});
  }
});
