import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {fileVanishes} from '../../src/checks/background-work.ts';
import type {CheckContext} from '../../src/checks/check.ts';

let dataDir = '';

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'kv-vanishing-'));
  mkdirSync(join(dataDir, 'l0'));
  writeFileSync(join(dataDir, 'l0', 'a'), '');
});

afterEach(() => rmSync(dataDir, {recursive: true}));

function vanishing(isOver: () => boolean): Promise<void> {
  const context = {server: {control: {dataDir}}} as unknown as CheckContext;
  return fileVanishes(context, isOver);
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

  it('may never be', async () => {
    await expect(vanishing(() => true)).resolves.toBeUndefined();
  });
});
