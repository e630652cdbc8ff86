import {PassThrough} from 'node:stream';
import * as fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {OutputTail} from '../../src/server/output-tail.ts';

async function tailOf(chunks: readonly (string | Buffer)[]): Promise<OutputTail> {
  const tail = new OutputTail();
  const stream = new PassThrough();
  tail.attach(stream);
  for (const chunk of chunks) stream.write(chunk);
  await new Promise<void>((resolve) => stream.end(resolve));
  return tail;
}

describe('OutputTail', () => {
  it('gives the last lines, without empty ones', async () => {
    const tail = await tailOf(['one\ntw', 'o\r\n\nthree']);
    expect(tail.lines(10)).toEqual(['one', 'two', 'three']);
    expect(tail.lines(2)).toEqual(['two', 'three']);
    expect(tail.lines(0)).toEqual([]);
  });

  it('shows nothing that a terminal would obey', async () => {
    const tail = await tailOf(['\u001b[31mred\u001b[0m a\u0008\tx\u202e\n', Buffer.from([0xff])]);
    expect(tail.lines(10)).toEqual(['red a?  x?', '\ufffd']);
  });

  it('cuts overlong lines', async () => {
    const [line = ''] = (await tailOf(['x'.repeat(10_000)])).lines(1);
    expect(line).toMatch(/^x{500}…$/);
  });

  it('keeps the last whole lines of any output, however it is cut', async () => {
    const sizes = fc.array(fc.integer({min: 1, max: 150_000}), {minLength: 1, maxLength: 8});
    await fc.assert(
      fc.asyncProperty(sizes, async (chunkSizes) => {
        const sizeBytes = chunkSizes.reduce((sum, size) => sum + size, 0);
        const count = Math.ceil(sizeBytes / 8);
        const text = Array.from({length: count}, (_, i) => `${i}`.padStart(7, '0')).join('\n');
        let at = 0;
        const tail = await tailOf(chunkSizes.map((size) => text.slice(at, (at += size))));
        expect(tail.lines(1000)).toEqual(text.slice(0, at).split('\n').slice(-1000));
      }),
      {numRuns: 50},
    );
  });
});
