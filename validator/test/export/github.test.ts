import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {githubAnnotations, githubSummary, withoutCommands} from '../../src/export/github.ts';
import {readResult} from '../../src/export/read-result.ts';
import {expectGolden} from '../golden.ts';
import {temporaryFolder} from '../server/support.ts';
import {report} from './results.ts';

describe('for GitHub Actions', () => {
  it('the summary has all checks, and the card in a block that nothing in it can end', () => {
    const summary = githubSummary(report());
    expectGolden('export/github-summary.md', summary);
    const [fence = ''] = /^`{4,}$/m.exec(summary) ?? [];
    expect(summary.split('\n').filter((line) => line === fence)).toHaveLength(2);
    expect(summary).not.toContain('\u001b');
  });

  it('a result that somebody has forged steers nothing', () => {
    const forged = report();
    const file = join(temporaryFolder(), 'result.json');
    const write = (fields: object) => {
      const [first, ...gradings] = forged.gradings;
      const [, failed] = first?.checks ?? [];
      const checks = [{...failed, ...fields}];
      const whole = {...forged, gradings: [{...first, checks}, ...gradings]};
      writeFileSync(file, JSON.stringify(whole));
    };
    write({id: '` | [x](http://y)'});
    expect(() => readResult(file)).toThrow(/checks\.0\.id: expected the id of a check/);
    write({title: 'a\n::error::b\u001b[31m | [x](http://y) `'});
    const summary = githubSummary(readResult(file));
    expect(summary).not.toMatch(/^::error/m);
    expect(summary).not.toContain('\u001b');
    expect(summary).toContain('\\|');
    expect(summary).not.toMatch(/^\|.*[^\\]\[x/m);
  });

  it('what did not pass is annotated, one line each', () => {
    expect(githubAnnotations(report())).toEqual([
      expect.stringMatching(/^::error title=week 2%3A newest-wins::the server printed [^\n]*$/),
      '::warning title=week 2%3A slow::too slow',
      '::warning title=week 2%3A broken::bug in the grader',
    ]);
  });

  it('nobody can guess what makes it take commands again', () => {
    const [before, after] = withoutCommands();
    expect(before).toMatch(/^::stop-commands::[0-9a-f]{32}$/);
    expect(after).toBe(`::${before.slice('::stop-commands::'.length)}::`);
    expect(withoutCommands()[0]).not.toBe(before);
  });
});
