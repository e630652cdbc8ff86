import {describe, expect, it} from 'vitest';
import {htmlReport} from '../../src/export/html.ts';
import {expectGolden} from '../golden.ts';
import {report} from './results.ts';

describe('the HTML report', () => {
  const html = htmlReport(report());

  it('has everything of the result', () => {
    expectGolden('export/report.html', html);
  });

  it('takes no text of the server for markup', () => {
    expect(html).not.toContain('<script');
    expect(html).not.toContain('\u001b');
    expect(html).not.toContain('\u202e');
    expect(html).toContain('&lt;/pre&gt;&lt;script&gt;');
  });

  it('loads nothing from anywhere', () => {
    expect(html).not.toMatch(/(?:src|href)="(?!#)/);
    expect(html).toContain("default-src 'none'");
  });
});
