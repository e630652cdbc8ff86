import {expect, it} from 'vitest';
import {hexDump} from '../src/hex-dump.ts';

it('shows bytes as hex and text, and each repeated line once', () => {
  const bytes = new Uint8Array(70);
  bytes.set(new TextEncoder().encode('apple~'), 2);
  expect([...hexDump(bytes)]).toEqual([
    '00000000  00 00 61 70 70 6c 65 7e  00 00 00 00 00 00 00 00  |..apple~........|',
    '00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|',
    '*',
    '00000040  00 00 00 00 00 00                                 |......|',
    '00000046',
  ]);
});

it('of nothing shows the length', () => {
  expect([...hexDump(new Uint8Array(0))]).toEqual(['00000000']);
});
