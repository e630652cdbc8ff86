import {ServerFailure} from '../../errors.ts';
import {RULES} from '../../formats/problem.ts';
import {broken} from '../broken-file.ts';
import type {Check, CheckContext} from '../check.ts';
import {onlyFile} from '../claimed-files.ts';
import {listDataFiles} from '../data-files.ts';
import {CheckFailure} from '../failure.ts';
import {fill} from '../fill.ts';
import {Keys} from '../keys.ts';
import {setAside} from '../set-aside.ts';
import {memtableEntriesMax} from '../week-rules.ts';

const RULE =
  'Without MANIFEST, but with SSTables, the server refuses to start and deletes nothing.';

export const manifestMissing: Check = {
  id: 'manifest-missing',
  title: 'A start without MANIFEST',
  weekFirst: 2,
  weekLast: 4,
  needs: 'files',
  claims: 'manifest',
  proves:
    'With SSTables but no MANIFEST the server refuses to start, and deletes nothing; with MANIFEST back in place all is there.',
  hints: {
    look: 'what your server does at start when MANIFEST is not there',
    cause: 'MANIFEST created empty in any folder that has none, which hides the SSTables for ever',
    chapter: 'docs/weeks/02.md#starting-again',
  },
  cost: {requests: 2_600, writes: 2_100, restarts: 2},

  async run(context) {
    const {server, random, week} = context;
    const keys = new Keys(random);
    const flushed = await fill(context, keys, memtableEntriesMax(week) + 100);
    await server.stop();

    const {dataDir} = server.control;
    const manifest = await onlyFile(context, 'manifest', RULES['manifest-line']);
    const putBack = await setAside(dataDir, manifest);
    const before = await listDataFiles(dataDir);
    if (await startsAnyway(context)) {
      await expectRebuilt(context, flushed);
      return;
    }
    await expectNothingDeleted(
      dataDir,
      before.map((file) => file.path),
    );

    await putBack();
    await server.start();
    await server.expectAll(random.shuffled(flushed).slice(0, 500));
  },
};

async function startsAnyway({server}: CheckContext): Promise<boolean> {
  try {
    await server.control.start();
    return true;
  } catch (error) {
    if (error instanceof ServerFailure && error.kind === 'exited') return false;
    throw error;
  }
}

/** Accepted: the list is made anew from the files, and nothing is missing. */
async function expectRebuilt(context: CheckContext, keys: readonly string[]): Promise<void> {
  try {
    await context.server.expectAll(keys);
  } catch (error) {
    if (!(error instanceof CheckFailure)) throw error;
    throw new CheckFailure({
      ...error.failure,
      summary: `started without MANIFEST, and ${error.failure.summary}`,
      invariant: RULE,
    });
  }
  context.note('starts without MANIFEST, but finds all of its data');
}

async function expectNothingDeleted(dataDir: string, before: readonly string[]): Promise<void> {
  const after = new Set((await listDataFiles(dataDir)).map((file) => file.path));
  const deleted = before.find((path) => !after.has(path) && !isScratch(path));
  if (deleted !== undefined) throw broken(deleted, 'deleted by a start without MANIFEST', RULE);
}

/** Locks and temporary files may go. */
function isScratch(path: string): boolean {
  return /(^|\/)(lock|.*\.(tmp|lock|pid))$/i.test(path);
}
