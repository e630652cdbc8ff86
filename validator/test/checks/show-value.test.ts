import {expect, it} from 'vitest';
import {showAnswer} from '../../src/checks/show-value.ts';

it('cuts a long value, and shows more of what an error says', () => {
  const body = `read ${'/folder'.repeat(12)}/sst-1.sst: file closed`;
  const shown = (status: number) => showAnswer({kind: 'answered', status, body});
  expect(shown(200)).toBe(`200 with "${body.slice(0, 60)}..." (${body.length} bytes)`);
  expect(shown(500)).toBe(`500 with "${body}"`);
  const long = showAnswer({kind: 'answered', status: 503, body: 'x'.repeat(500)});
  expect(long).toBe(`503 with "${'x'.repeat(300)}..." (500 bytes)`);
});
