import {describe, expect, it} from 'vitest';
import {junitXml} from '../../src/export/junit.ts';
import {expectGolden} from '../golden.ts';
import {grading, result} from '../report/results.ts';
import {report} from './results.ts';

describe('JUnit XML', () => {
  it('has a case for each check, and nothing in it that XML does not permit', () => {
    const xml = junitXml(report());
    expectGolden('export/junit.xml', xml);
    expect(xml.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
    expect(xml).not.toContain('<script>');
    expect(xml).toContain('tests="7" failures="1" errors="2" skipped="3"');
  });

  it('of a run that was interrupted is no success', () => {
    const interrupted = grading([result('first', 'pass')], {interrupted: true, exitCode: 130});
    const xml = junitXml(report({gradings: [interrupted]}));
    expect(xml).toContain('errors="1"');
    expect(xml).toContain('<error message="the grading was interrupted"/>');
  });
});
