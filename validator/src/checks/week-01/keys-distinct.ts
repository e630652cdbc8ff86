import type {Check} from '../check.ts';
import {Keys, letters} from '../keys.ts';
import {WEEK_LAST} from '../week-rules.ts';

/** Keys that something in a language or a protocol already has a meaning for. */
const LOADED = ['constructor', 'prototype', 'tostring', 'valueof', 'null', 'true', 'keys', 'get'];

/** Shorter ones may be there from another run. */
const LENGTH_OF_NEIGHBOURS = 9;

export const keysDistinct: Check = {
  id: 'keys-distinct',
  title: 'Different keys are different',
  weekFirst: 1,
  weekLast: WEEK_LAST,
  needs: 'requests',
  proves:
    'Prefixes, similar, short and 64-letter keys never share a value, and no key is there by itself.',
  hints: {
    look: 'how the key is taken out of the path, and how keys are compared',
    cause:
      'a key cut to a fixed length, matched by prefix, found by its hash alone, or a plain object that brings keys of its own',
    chapter: 'docs/weeks/01.md#keys',
  },
  cost: {requests: 350, writes: 100, restarts: 0},

  async run({server, random, note}) {
    const keys = new Keys(random);
    if (server.isOurs) await server.expectAll(LOADED);
    else
      note('whether "constructor" and the like are absent was not asked: others may have put them');

    const similar = [...LOADED, ...similarKeys(keys.key()), ...longKeys(letters(random, 63))];
    const written = random.shuffled(Array.from(new Set(similar)));
    for (const [key, value] of keys.rewritten(written)) await server.put(key, value);
    await server.expectAll(random.shuffled(written));

    // Written in another order: nothing depends on it.
    await server.putAll(keys.rewritten(random.shuffled(written).slice(0, 30)));
    await server.expectAll(written);
    const long = written.filter((key) => key.length >= LENGTH_OF_NEIGHBOURS);
    await server.expectAll(keys.neverWritten(30, long));
  },
};

/** Every prefix of a key, its reverse, neighbouring letters swapped, one letter changed or doubled. */
function similarKeys(key: string): string[] {
  const characters = Array.from(key);
  const prefixes = characters.map((_, index) => key.slice(0, index + 1));
  const swapped = characters.slice(1).map((letter, index) => {
    return key.slice(0, index) + letter + key.charAt(index) + key.slice(index + 2);
  });
  const doubled = characters.map(
    (letter, index) => key.slice(0, index) + letter + key.slice(index),
  );
  const last = key.endsWith('z') ? 'y' : 'z';
  return [
    ...prefixes,
    ...swapped,
    ...doubled,
    characters.toReversed().join(''),
    key.slice(0, -1) + last,
  ];
}

/** Keys of 64 letters, the longest, that differ only at their end; and one of 63. */
function longKeys(stem: string): string[] {
  return [stem, `${stem}a`, `${stem}b`, `${stem}z`];
}
