import {readFile} from 'node:fs/promises';
import {describe, expect, it} from 'vitest';
import {checkIds} from '../../src/checks/catalogue.ts';
import {ACCEPTED} from './accepted.ts';
import {mutatedSources} from './bundle-mutant.ts';
import {MUTANTS} from './catalogue.ts';
import type {Variant} from './mutant.ts';

describe('mutants', () => {
  it('have names of their own', () => {
    const names = MUTANTS.map((mutant) => mutant.name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('leave no check that was never seen to fail', () => {
    const caught = new Set(MUTANTS.map((mutant) => mutant.caughtBy));
    const unseen = checkIds().filter((id) => !caught.has(id));
    expect(unseen).toEqual([]);
  });

  const variants: readonly Variant[] = [...MUTANTS, ...ACCEPTED];
  it.each(variants)('$name still applies to the reference, and changes it', async (variant) => {
    for (const [file, source] of await mutatedSources(variant)) {
      expect(source).not.toBe(await readFile(file, 'utf8'));
    }
  });
});
