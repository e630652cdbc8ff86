/**
 * What must hold for the files of a server that was crashed, before it has been
 * started again: MANIFEST is whole, and so is each file that it lists. Other
 * files may be left over, and a log may end in the middle of a record.
 */
import {backgroundWorkEnds} from './background-work.ts';
import {baseName} from './base-name.ts';
import {checkTableFile, type Listing, readListing, readTableFile} from './block-files.ts';
import {broken} from './broken-file.ts';
import type {CheckContext} from './check.ts';
import {claimedGlob} from './claimed-files.ts';
import {matchDataFiles} from './data-files.ts';
import {CheckFailure} from './failure.ts';
import {checkRanges, readLevelList, readLevels} from './level-files.ts';

const RULE =
  'At every moment MANIFEST is whole, and lists only files that are complete: first the file, then its name in MANIFEST, and MANIFEST replaced in one step.';
const LEVELS_FROM_WEEK = 5;
const BLOCKS_FROM_WEEK = 6;

/**
 * Looks at the files as they are now, if they are claimed, in the weeks with levels. What breaks
 * a rule already is no work of a crash, but of a server that has not come to this week's formats:
 * that is for the checks of files to say.
 * REQUIRES: something was flushed; no request is in flight
 * @returns the check to be made after each crash, which throws a CheckFailure at the first
 *   file that breaks a rule. REQUIRES: the server is down then
 */
export async function filesAfterCrashes(context: CheckContext): Promise<() => Promise<void>> {
  const {week, environment, note} = context;
  const nothing = async () => {};
  if (week < LEVELS_FROM_WEEK || !environment.files.has('manifest')) return nothing;
  await backgroundWorkEnds(context);
  try {
    await checkFiles(context);
  } catch (error) {
    if (!(error instanceof CheckFailure)) throw error;
    note(`its files were not looked at: before any crash, ${error.failure.summary}`);
    return nothing;
  }
  return () => checkFiles(context);
}

async function checkFiles(context: CheckContext): Promise<void> {
  const hasTables = context.environment.files.has('sstable');
  if (context.week < BLOCKS_FROM_WEEK) {
    const list = await readLevelList(context);
    if (hasTables) checkRanges(await readLevels(context, list));
    return;
  }
  const listing = await readListing(context);
  if (hasTables) await checkListedBlocks(context, listing);
}

async function checkListedBlocks(context: CheckContext, {path, manifest}: Listing): Promise<void> {
  const {dataDir} = context.server.control;
  const present = await matchDataFiles(dataDir, claimedGlob(context, 'sstable'));
  const paths = new Map(present.map((each) => [baseName(each), each]));
  for (const {name, level} of manifest.tables) {
    const table = paths.get(baseName(name));
    if (table === undefined) {
      throw broken(path, `it lists ${name} in L${level}, which is not there, after a crash`, RULE);
    }
    checkTableFile(await readTableFile(dataDir, table));
  }
}
