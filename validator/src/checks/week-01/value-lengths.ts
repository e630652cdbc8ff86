import type {Check} from '../check.ts';
import {Keys, letters} from '../keys.ts';
import {WEEK_LAST_OF_LONG_VALUES} from '../week-rules.ts';

/** Lengths around which buffers end; the last is the longest that the contract knows. */
const LENGTHS = [100, 255, 256, 1_023, 4_096, 4_097, 8_193, 16_384, 16_385, 32_768, 65_535, 65_536];

export const valueEmpty: Check = {
  id: 'value-empty',
  title: 'An empty value is a value',
  weekFirst: 1,
  weekLast: WEEK_LAST_OF_LONG_VALUES,
  needs: 'requests',
  proves: 'A key with an empty value is present: its GET is a 200 with an empty body, not a 404.',
  hints: {
    look: 'how your GET tells "not there" from "there, and empty", and how your PUT reads a body of length 0',
    cause:
      'a test such as `if (value)` or `value or None`, for which an empty text counts as nothing',
    chapter: 'docs/weeks/01.md#absent-is-404',
  },
  cost: {requests: 10, writes: 4, restarts: 0},

  async run({server, random}) {
    const keys = new Keys(random);
    const [empty, emptied, never] = [keys.key(), keys.key(), keys.key()];
    await server.put(empty, '');
    await server.expect(empty);

    await server.put(emptied, keys.value());
    await server.put(emptied, '');
    await server.expect(emptied);

    await server.put(empty, keys.value());
    await server.expectAll([empty, emptied, never]);
  },
};

export const valueLong: Check = {
  id: 'value-long',
  title: 'Values of up to 64 KiB',
  weekFirst: 1,
  weekLast: WEEK_LAST_OF_LONG_VALUES,
  needs: 'requests',
  proves: 'A value of up to 65,536 bytes comes back whole, also if it arrives in several pieces.',
  hints: {
    look: 'how your server reads a body: until Content-Length bytes have come, or only once',
    cause:
      'one read of a fixed buffer taken for the whole body, or a limit of the framework below 64 KiB',
    chapter: 'docs/weeks/01.md#values-are-text',
  },
  cost: {requests: 40, writes: 13, restarts: 0},

  async run({server, random}) {
    const keys = new Keys(random);
    for (const length of LENGTHS) {
      const key = keys.key();
      await server.put(key, letters(random, length));
      await server.expect(key);
    }
    const [shrinking = ''] = server.ledger.keys().slice(-1);
    await server.put(shrinking, keys.value());
    await server.expectAll(server.ledger.keys());
  },
};
