import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {filesThere, fileVanishes} from '../../src/checks/background-work.ts';
import type {CheckContext} from '../../src/checks/check.ts';

let dataDir = '';

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'kv-vanishing-'));
  mkdirSync(join(dataDir, 'l0'));
  writeFileSync(join(dataDir, 'l0', 'a'), '');
});

afterEach(() => rmSync(dataDir, {recursive: true}));

function context(): CheckContext {
  return {server: {control: {dataDir}}} as unknown as CheckContext;
}

function vanishing(isOver: () => boolean, older?: readonly string[]): Promise<void> {
  return fileVanishes(context(), isOver, older);
}

describe('a file that goes', () => {
  it('is waited for', async () => {
    const [one, other] = [join(dataDir, 'l0', 'a'), join(dataDir, 'b')];
    const wait = {isOver: false};
    const over = vanishing(() => false).finally(() => {
      wait.isOver = true;
    });
    // Whenever it begins to look, one of the two is there, and goes a moment later.
    for (let [there, next] = [one, other]; !wait.isOver; [there, next] = [next, there]) {
      writeFileSync(next, '');
      await setTimeout(5);
      rmSync(there);
      await setTimeout(5);
    }
    await expect(over).resolves.toBeUndefined();
  });

  it('is one of the older ones, as long as one of these is there', async () => {
    const older = filesThere(context());
    writeFileSync(join(dataDir, 'b'), '');
    let looks = 0;
    await vanishing(() => {
      looks += 1;
      if (looks === 5) rmSync(join(dataDir, 'b'));
      if (looks === 10) rmSync(join(dataDir, 'l0', 'a'));
      return looks > 20;
    }, older);
    expect(looks).toBe(10);
  });

  it('is any one, if none of the older ones is there', async () => {
    let looks = 0;
    await vanishing(() => {
      looks += 1;
      if (looks === 5) rmSync(join(dataDir, 'l0', 'a'));
      return looks > 20;
    }, [join(dataDir, 'gone before')]);
    expect(looks).toBe(5);
  });

  it('may never be', async () => {
    await expect(vanishing(() => true)).resolves.toBeUndefined();
  });
});
