import type {Check} from '../check.ts';
import {Keys} from '../keys.ts';
import {WEEK_LAST} from '../week-rules.ts';

/** Each of them has been changed by some server on its way. */
const VALUES = [
  '7',
  '007',
  '-0',
  '7.0',
  '1e3',
  '12345678901234567890',
  'true',
  'null',
  'undefined',
  'NaN',
  'NOT_FOUND',
  ' ',
  ' leading',
  'trailing ',
  'two  spaces',
  '"',
  '"quoted"',
  "it's",
  '\\',
  '\\n',
  'a\\',
  '{"key":"a","value":"b"}',
  '[1,2]',
  '{',
  'a,b;c|d',
  'a=b&c=d',
  '%20',
  '+',
  '100%',
  '${HOME}',
  '<b>&amp;</b>',
  '#',
  '~!@$^*()_-`?/.:',
];

export const valuesVerbatim: Check = {
  id: 'values-verbatim',
  title: 'Values come back byte for byte',
  weekFirst: 1,
  weekLast: WEEK_LAST,
  needs: 'requests',
  proves: 'A value is text: 007 stays 007, and spaces, quotes and backslashes stay where they are.',
  hints: {
    look: 'what happens to the body between the socket and the hash table, and on the way back',
    cause:
      'a value parsed as a number or as JSON, trimmed, URL-decoded, or printed with quotes or a newline around it',
    chapter: 'docs/weeks/01.md#values-are-text',
  },
  cost: {requests: 150, writes: 50, restarts: 0},

  async run({server, random}) {
    const keys = new Keys(random);
    for (const value of VALUES) {
      const key = keys.key();
      await server.put(key, value);
      await server.expect(key);
    }
    // One key takes them all, one after another: none of them sticks.
    const key = keys.key();
    for (const value of random.shuffled(VALUES).slice(0, 10)) {
      await server.put(key, value);
      await server.expect(key);
    }
    await server.expectAll(server.ledger.keys());
  },
};
