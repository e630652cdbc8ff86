import {PassThrough} from 'node:stream';
import {describe, expect, it} from 'vitest';
import {allChecks, checksOf} from '../../src/checks/catalogue.ts';
import {checksCommand} from '../../src/commands/checks.ts';

/** Runs `kv checks …`. @returns what it printed */
async function checks(...args: readonly string[]): Promise<string> {
  const stdout = new PassThrough();
  let printed = '';
  stdout.on('data', (chunk) => (printed += chunk));
  await checksCommand(stdout).parseAsync(args, {from: 'user'});
  return printed;
}

describe('kv checks', () => {
  it('lists the checks of a week in the order in which they run', async () => {
    const ids = Array.from(
      (await checks('3')).matchAll(/^ {2}([a-z0-9-]+) .*points? /gm),
      ([, id]) => id,
    );
    expect(ids).toEqual(checksOf(3).map(({id}) => id));
  });

  it('says how many points a week has', async () => {
    expect(await checks('1')).toMatch(/^kv grade 1: 8 checks, 20 points\n/);
  });

  it('tells all about one check', async () => {
    const printed = await checks('newest-wins');
    for (const text of [
      'newest-wins: The newest value wins',
      'valid in     weeks 2 to 8; 2 points',
      'look at      the order in which a lookup asks the SSTables',
      'usual cause  SSTables read from the oldest to the newest',
      'explained    docs/weeks/02.md#reading',
      'it fails     oldest-sstable-wins: ',
    ]) {
      expect(printed).toContain(text);
    }
  });

  it('has no line of more than 80 columns', async () => {
    const printed = [await checks(), ...(await Promise.all(allChecks().map(({id}) => checks(id))))];
    const lengths = printed.flatMap((text) => text.split('\n')).map((line) => line.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(80);
  });

  it('writes everything as JSON', async () => {
    const all = JSON.parse(await checks('--json'));
    expect(all).toHaveLength(allChecks().length);
    for (const check of all) {
      expect(check).toMatchObject({
        id: expect.any(String),
        title: expect.any(String),
        weekFirst: expect.any(Number),
        weekLast: expect.any(Number),
        needs: expect.stringMatching(/^(requests|process|files)$/),
        proves: expect.any(String),
        hints: {look: expect.any(String), cause: expect.any(String), chapter: expect.any(String)},
      });
      expect(Number.isInteger(check.points) && check.points > 0, check.id).toBe(true);
      expect(check.mutants.length, check.id).toBeGreaterThan(0);
    }
  });

  it.for<[string, string]>([
    ['newest-win', 'did you mean newest-wins?'],
    ['xyzzyplugh', 'kv checks lists them'],
    ['9', 'expected a week from 1 to 8'],
  ])('knows no %s', async ([asked, says]) => {
    await expect(checks(asked)).rejects.toThrow(says);
  });
});
