import type {Check, CheckContext} from '../check.ts';
import {fill, keysToFlush} from '../fill.ts';
import {Keys, letters} from '../keys.ts';
import {WEEK_LAST_OF_LONG_VALUES} from '../week-rules.ts';

/** Lengths at which the line buffers of common readers end; the last is the longest that the contract knows. */
const LENGTHS = [4_000, 4_097, 8_193, 16_385, 32_769, 65_535, 65_536];

export const longValuesFlushed: Check = {
  id: 'long-values-flushed',
  title: 'Long values in SSTables',
  weekFirst: 2,
  weekLast: WEEK_LAST_OF_LONG_VALUES,
  needs: 'process',
  proves:
    'Values of up to 65,536 bytes, and what is beside them, are found in an SSTable, before a restart and after it.',
  hints: {
    look: 'how an SSTable is read: whether by lines or pieces of a length that something limits',
    cause:
      "a reader of lines with a limit, such as the 64 KiB of Go's bufio.Scanner, or a buffer of a fixed size",
    chapter: 'docs/weeks/02.md#the-sstable',
  },
  cost: {requests: 2_200, writes: 2_120, restarts: 1},

  async run(context) {
    const {server, week} = context;
    const keys = await writeLongValues(context);
    await fill(context, keys, keysToFlush(week, 1));
    const written = server.ledger.keys().slice(0, 2 * LENGTHS.length);
    await server.expectAll(written);
    await server.restart();
    await server.expectAll(written);
  },
};

export const longValuesLogged: Check = {
  id: 'long-values-logged',
  title: 'Long values in the log',
  weekFirst: 3,
  weekLast: WEEK_LAST_OF_LONG_VALUES,
  needs: 'process',
  proves:
    'Values of up to 65,536 bytes survive a crash in the log, and so do the writes behind them.',
  hints: {
    look: 'how a record of the log is written, in one piece or in several, and how a replay reads a line',
    cause:
      "a record cut at the size of a buffer, a write that took fewer bytes than it was given, or a reader of lines with a limit, such as the 64 KiB of Go's bufio.Scanner",
    chapter: 'docs/weeks/03.md#replay',
  },
  cost: {requests: 50, writes: 14, restarts: 2},

  async run(context) {
    const {server} = context;
    await writeLongValues(context);
    await server.killAndStart();
    await server.expectAll(server.ledger.keys());
    await server.killAndStart();
    await server.expectAll(server.ledger.keys());
  },
};

/** Each followed by a short one: what hides it hides what is behind it too. */
async function writeLongValues({server, random}: CheckContext): Promise<Keys> {
  const keys = new Keys(random);
  for (const length of LENGTHS) {
    await server.put(keys.key(), letters(random, length));
    await server.put(keys.key(), keys.value());
  }
  return keys;
}
