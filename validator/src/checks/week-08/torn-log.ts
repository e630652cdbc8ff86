import type {Check, CheckContext} from '../check.ts';
import {cutDataFile, readDataFile} from '../data-files.ts';
import {fill} from '../fill.ts';
import {Keys} from '../keys.ts';
import {numberedLogs} from '../numbered-logs.ts';
import {readBack} from '../read-back.ts';
import {WEEK_LAST} from '../week-rules.ts';

/** Of the last record, whatever its format is: a key alone is longer. */
const CUT_BYTES_MAX = 7;

export const tornLog: Check = {
  id: 'torn-log',
  title: 'The newest log, cut short',
  weekFirst: 8,
  weekLast: WEEK_LAST,
  needs: 'files',
  claims: 'manifest',
  proves:
    'A record cut at its end is dropped from the newest log, and nothing else; later records are not glued to it, and survive the next crash.',
  hints: {
    look: 'what your start does with the last record of the newest log, and where the next one is written after it',
    cause:
      'a torn record that ends every later start, one that is left in place, or a log whose memtable is dropped with it',
    chapter: 'docs/weeks/08.md#starting-again',
  },
  cost: {requests: 800, writes: 180, restarts: 4},

  async run(context) {
    const {server, random} = context;
    const keys = new Keys(random);
    await fill(context, keys, 120);
    for (const bytes of [1, random.between(2, CUT_BYTES_MAX)]) {
      await cutNewestLog(context, keys, bytes);
      await server.start();
      await readBack(context, keys, {absent: 10});
      await fill(context, keys, 20);
      await server.killAndStart();
      await readBack(context, keys, {absent: 10});
    }
  },
};

/** After writes one by one, so that each has a record of its own: the last may be lost, no other. */
async function cutNewestLog(context: CheckContext, keys: Keys, bytes: number): Promise<void> {
  const {server} = context;
  const {dataDir} = server.control;
  await server.putAll(keys.entries(3));
  await server.kill();
  for (const {path} of (await numberedLogs(context)).toReversed()) {
    const {length} = await readDataFile(dataDir, path);
    if (length < bytes) continue;
    await cutDataFile(dataDir, path, length - bytes);
    server.ledger.event(`the last ${bytes} bytes of ${path} cut off`);
    server.ledger.lastWriteMayBeLost(server.ledger.keys().at(-1) ?? '');
    return;
  }
}
