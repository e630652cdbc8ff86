import * as fc from 'fast-check';
import {expect, it} from 'vitest';
import {compress, decompress} from '../src/lz-compression.ts';

it('gives back what was compressed', () => {
  const repetitive = fc.array(fc.constantFrom('ab', 'abc', 'xyxyxy', ' '), {maxLength: 4000});
  const texts = repetitive.map((parts) => new TextEncoder().encode(parts.join('')));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({maxLength: 300}), texts), (bytes) => {
      expect(decompress(compress(bytes))).toEqual(bytes);
    }),
  );
});

it('finds matches up to 65,535 bytes back, and not beyond', () => {
  const text = new TextEncoder().encode('a passage that occurs twice');
  for (const distance of [text.length, 65_535, 65_536]) {
    const bytes = Uint8Array.from(
      {length: distance + text.length},
      (_, index) => (index * 31) >> 3,
    );
    bytes.set(text);
    bytes.set(text, distance);
    expect(decompress(compress(bytes))).toEqual(bytes);
  }
});

it('makes repetitive text much smaller', () => {
  const text = Array.from({length: 100}, (_, index) => `key${index} the value of ${index};`);
  const bytes = new TextEncoder().encode(text.join(''));
  expect(compress(bytes).length).toBeLessThan(bytes.length / 2);
});
