import type {Check} from '../check.ts';
import {Keys} from '../keys.ts';
import {WEEK_LAST} from '../week-rules.ts';

export const contractBasics: Check = {
  id: 'contract-basics',
  title: 'PUT and GET',
  weekFirst: 1,
  weekLast: WEEK_LAST,
  needs: 'requests',
  proves: 'A key that was never written is a 404; a GET answers exactly what the last PUT stored.',
  hints: {
    look: 'the handlers of PUT and GET: the status they answer, and what they write as the body',
    cause:
      'an absent key answered with 200 and an empty body, a PUT that keeps the first value, or one variable for all keys',
    chapter: 'docs/weeks/01.md#absent-is-404',
  },
  cost: {requests: 20, writes: 4, restarts: 0},

  async run({server, random}) {
    const keys = new Keys(random);
    const [first, second, never] = [keys.key(), keys.key(), keys.key()];
    await server.expect(first);

    await server.put(first, keys.value());
    await server.expect(first);
    await server.expect(second);

    await server.put(second, keys.value());
    await server.expectAll([first, second, never]);

    await server.put(first, keys.value());
    await server.expectAll([first, second, never]);

    // Asking does not create: an absent key stays absent.
    await server.expectAll([never, never]);
  },
};
