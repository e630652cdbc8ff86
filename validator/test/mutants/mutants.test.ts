import {readFile} from 'node:fs/promises';
import {describe, expect, it} from 'vitest';
import {mutatedSources} from './bundle-mutant.ts';
import {MUTANTS} from './catalogue.ts';

describe('mutants', () => {
  it('have names of their own', () => {
    const names = MUTANTS.map((mutant) => mutant.name);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(MUTANTS)('$name still applies to the reference, and changes it', async (mutant) => {
    for (const [file, source] of await mutatedSources(mutant)) {
      expect(source).not.toBe(await readFile(file, 'utf8'));
    }
  });
});
