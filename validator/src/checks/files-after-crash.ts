/**
 * What must hold for the files of a server that was crashed, before it has been
 * started again: MANIFEST is whole, and so is each file that it lists. Other
 * files may be left over, and a log may end in the middle of a record.
 */
import {baseName} from './base-name.ts';
import {checkTableFile, type Listing, readListing, readTableFile} from './block-files.ts';
import {broken} from './broken-file.ts';
import type {CheckContext} from './check.ts';
import {claimedGlob} from './claimed-files.ts';
import {matchDataFiles} from './data-files.ts';
import {checkRanges, readLevelList, readLevels} from './level-files.ts';

const RULE =
  'At every moment MANIFEST is whole, and lists only files that are complete: first the file, then its name in MANIFEST, and MANIFEST replaced in one step.';
const LEVELS_FROM_WEEK = 5;
const BLOCKS_FROM_WEEK = 6;

/**
 * Looks at the files if they are claimed, in the weeks with levels.
 * REQUIRES: the server is down
 * @throws CheckFailure at the first that breaks a rule
 */
export async function checkFilesAfterCrash(context: CheckContext): Promise<void> {
  const {week, environment} = context;
  if (week < LEVELS_FROM_WEEK || !environment.files.has('manifest')) return;
  const hasTables = environment.files.has('sstable');
  if (week < BLOCKS_FROM_WEEK) {
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
