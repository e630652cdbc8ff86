import {Chalk} from 'chalk';
import {expect, test} from 'vitest';
import type {ReplayProgress} from '../../src/replay/replay-result.ts';
import {ReplayScreen} from '../../src/report/replay-screen.ts';

const PROGRESS: ReplayProgress = {
  line: 15_007,
  answered: 15_000,
  requests: 30_000,
  inFlight: 64,
  peakInFlight: 64,
  failureCount: 12,
  elapsedMs: 1_000,
};

function screenOf(columns: number | undefined): {screen: ReplayScreen; written: string[]} {
  const written: string[] = [];
  const write = (text: string): void => void written.push(text);
  return {screen: new ReplayScreen({write, columns}, new Chalk({level: 0})), written};
}

test('a bar on a terminal, which the lines that follow take away', () => {
  const {screen, written} = screenOf(80);
  screen.progressed(PROGRESS);
  screen.print(['done']);
  screen.print(['more']);
  expect(written).toEqual([
    '\r\u001b[K  [====    ] 50 %  15,000 lines/s  peak in flight 64  12 failures  1 s left',
    '\r\u001b[K',
    'done\n',
    'more\n',
  ]);
});

test('never longer than the terminal is wide', () => {
  const {screen, written} = screenOf(40);
  screen.progressed(PROGRESS);
  expect(written.join('').replace('\r\u001b[K', '').length).toBeLessThan(40);
});

test('elsewhere a line every few seconds', () => {
  const {screen, written} = screenOf(undefined);
  for (let elapsedMs = 0; elapsedMs <= 12_000; elapsedMs += 100) {
    screen.progressed({...PROGRESS, elapsedMs});
  }
  expect(written).toHaveLength(2);
  expect(written[0]).toMatch(/^ {2}5\.00 s {2}line 15,007 {2}3,000 lines\/s {2}peak in flight 64/);
});

test('an interruption says how far it was', () => {
  const {screen, written} = screenOf(80);
  screen.interrupted();
  expect(written).toEqual([]);
  screen.progressed(PROGRESS);
  screen.interrupted();
  expect(written.at(-1)).toMatch(/^interrupted at line 15,007, .*12 failures/);
});
