import {ServerFailure} from '../../errors.ts';
import type {Check, CheckContext} from '../check.ts';
import {CheckFailure} from '../failure.ts';
import {fill} from '../fill.ts';
import {Keys} from '../keys.ts';
import {readBack} from '../read-back.ts';
import {setAside} from '../set-aside.ts';
import {showAnswer, showRequest} from '../show-value.ts';
import {memtableEntriesMax, WEEK_LAST} from '../week-rules.ts';

const RULE = 'All that a server keeps is in its data folder, and nothing anywhere else.';
const KEYS_ASKED_FOR = 300;

export const dataFolderOnly: Check = {
  id: 'data-folder-only',
  title: 'All data is in the data folder',
  weekFirst: 2,
  weekLast: WEEK_LAST,
  needs: 'process',
  proves:
    'With an empty folder in place of its own, the server has no key of before; with its own folder again, it has what was flushed.',
  hints: {
    look: 'every path that your server opens: is it inside {dataDir}?',
    cause:
      'a file in the folder that the server runs in, or a temporary folder that is the same at every start',
    chapter: 'docs/contract.md#process',
  },
  cost: {requests: 3_000, writes: 2_200, restarts: 2},

  async run(context) {
    const {server, random, week} = context;
    const keys = new Keys(random);
    const written = await fill(context, keys, memtableEntriesMax(week) + 200);
    await server.stop();

    const {dataDir} = server.control;
    const putBack = await setAside(dataDir);
    server.ledger.event('the data folder is replaced by an empty one');
    await startOnEmpty(context);
    for (const key of random.shuffled(written).slice(0, KEYS_ASKED_FOR)) {
      await expectAbsent(context, key);
    }
    await server.stop();

    await setAside(dataDir);
    await putBack();
    server.ledger.event('the data folder is back');
    await server.start();
    await readBack(context, keys, {keysMax: 500});
  },
};

async function startOnEmpty({server}: CheckContext): Promise<void> {
  try {
    await server.control.start();
  } catch (error) {
    if (!(error instanceof ServerFailure)) throw error;
    throw new CheckFailure({
      summary: `with an empty data folder: ${error.message}`,
      expected: 'a start on an empty data folder, as the first one was',
      got: error.message,
      life: server.ledger.events(),
      details: error.details,
      invariant: RULE,
    });
  }
}

async function expectAbsent({server}: CheckContext, key: string): Promise<void> {
  const request = server.dialect.get(key);
  const answer = await server.send(request);
  if (answer.status === 404) return;
  throw new CheckFailure({
    summary: `${key} was found, though the data folder is empty`,
    request: showRequest(request),
    expected: '404',
    got: showAnswer(answer),
    key,
    life: server.ledger.life(key),
    invariant: RULE,
  });
}
