import {RULES} from '../../formats/problem.ts';
import type {Check, CheckContext} from '../check.ts';
import {onlyFile, readLogFile} from '../claimed-files.ts';
import {appendToDataFile, cutDataFile} from '../data-files.ts';
import {fill} from '../fill.ts';
import {Keys} from '../keys.ts';
import {readBack} from '../read-back.ts';

export const tornTail: Check = {
  id: 'torn-tail',
  title: 'A log that a crash cut short',
  weekFirst: 3,
  weekLast: 7,
  needs: 'files',
  claims: 'wal',
  proves:
    'A record cut at its end is dropped, and nothing else; later records are not glued to it, and survive the next crash.',
  hints: {
    look: 'where your replay stops, and where the next record is written after it',
    cause:
      'a torn record that ends every later start, or one that is left in place, so that the next record continues its line',
    chapter: 'docs/weeks/03.md#torn-tails',
  },
  cost: {requests: 2_000, writes: 600, restarts: 9},

  async run(context) {
    const keys = new Keys(context.random);
    await fill(context, keys, 120);
    await tearByAppending(context, keys, '{"op":"put","key":"');
    await tearByAppending(context, keys, recordWithoutNewline(context, keys));
    await tearByCutting(context, keys, 1);
    await tearByCutting(context, keys, 2 + context.random.below(15));
  },
};

/** Complete but for its newline: as if the crash had come before the answer, so it may count or not. */
function recordWithoutNewline({server}: CheckContext, keys: Keys): string {
  const [key, value] = [keys.key(), keys.value()];
  server.ledger.wrote(key, value, 'unanswered');
  return JSON.stringify({op: 'put', key, value});
}

/** A crash in the middle of the next record: it was never acknowledged, and nothing is lost. */
async function tearByAppending(context: CheckContext, keys: Keys, tail: string): Promise<void> {
  const {server} = context;
  await server.kill();
  const log = await onlyFile(context, 'wal', RULES['log-record']);
  await appendToDataFile(server.control.dataDir, log, tail);
  server.ledger.event(`half a record appended to ${log}: ${tail}`);
  await expectRecovery(context, keys);
}

/** The last record loses its end: then that one write may be lost, and no other. */
async function tearByCutting(context: CheckContext, keys: Keys, bytes: number): Promise<void> {
  const {server} = context;
  await fill(context, keys, 3);
  await server.kill();
  const {dataDir} = server.control;
  const {path, bytes: content, records} = await readLogFile(context);
  const last = records.at(-1);
  await cutDataFile(dataDir, path, content.length - bytes);
  server.ledger.event(`the last ${bytes} bytes of ${path} cut off`);
  if (last !== undefined) server.ledger.lastWriteMayBeLost(last.key);
  await expectRecovery(context, keys);
}

/** Starts, has everything, takes writes, and has those too after another crash. */
async function expectRecovery(context: CheckContext, keys: Keys): Promise<void> {
  const {server, random} = context;
  await server.start();
  await readBack(context, keys, {absent: 10});
  await fill(context, keys, 20);
  await server.putAll(keys.rewritten(random.shuffled(server.ledger.keys()).slice(0, 10)));
  await server.killAndStart();
  await readBack(context, keys, {absent: 10});
}
