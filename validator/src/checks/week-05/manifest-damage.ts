import {backgroundWorkEnds} from '../background-work.ts';
import {baseName} from '../base-name.ts';
import {type Listing, readListing} from '../block-files.ts';
import type {Check, CheckContext} from '../check.ts';
import {claimedGlob} from '../claimed-files.ts';
import {Damage} from '../damage.ts';
import {type Excuse, readAllDamaged, startsDamaged} from '../damaged-reads.ts';
import {type DataFile, listDataFiles, matchDataFiles, removeDataFile} from '../data-files.ts';
import {CheckFailure} from '../failure.ts';
import {fill} from '../fill.ts';
import {Keys} from '../keys.ts';
import {SLACK_WRITES} from '../mixed-writes.ts';
import {readBack} from '../read-back.ts';
import {isConcurrent, memtableEntriesAccepted, WEEK_LAST} from '../week-rules.ts';
import {type Harm, LISTED_FILE_HARMS, MANIFEST_HARMS} from './manifest-harms.ts';

const KEYS_READ = 200;
const LATEST_READ = 10;
const RULE =
  'A MANIFEST that is damaged, or lists a file that is not there, is a reason not to start, or to answer with errors; nothing that it listed is left out or removed.';
/** What was listed is there, so it is not "not found". */
const EXCUSE: Excuse = {miss: false, error: true, rule: RULE};

export const manifestDamage: Check = {
  id: 'manifest-damage',
  title: 'A damaged MANIFEST',
  weekFirst: 5,
  weekLast: WEEK_LAST,
  needs: 'files',
  claims: 'manifest',
  proves:
    'A MANIFEST that is cut short, has bytes of zero or ranges out of order, or lists a file that is not there, is not taken for a shorter one: the start fails, reads do, or all is found; put back, all is there.',
  hints: {
    look: 'what your start does with each line of MANIFEST that it cannot make sense of, and whether it has removed any file by then',
    cause:
      'lines that are skipped when they do not match, names not held against the folder, an order of ranges that is trusted, or orphans removed before all of MANIFEST is read',
    chapter: 'docs/weeks/05.md#the-manifest-of-levels',
  },
  cost: {requests: 3_600, writes: 2_100, restarts: 6},

  async run(context) {
    const {server, week, environment, note} = context;
    const keys = new Keys(context.random);
    // In the week of the levels below L0 too; later it is the same MANIFEST.
    if (week === 5) await fill(context, keys, server.ledger.settling.untilCompaction);
    await fill(context, keys, memtableEntriesAccepted(week) + SLACK_WRITES);
    if (isConcurrent(week)) await backgroundWorkEnds(context);
    await server.stop();

    const isClaimed = environment.files.has('sstable');
    if (!isClaimed) note('SSTables are not claimed, so none of those that are listed was removed');
    const harms = isClaimed ? [...MANIFEST_HARMS, ...LISTED_FILE_HARMS] : MANIFEST_HARMS;
    const ends = [];
    for (const harm of harms) ends.push(await probe(context, keys, harm));
    const refused = ends.filter((end) => end === 'refused').length;
    note(
      `of ${ends.filter((end) => end !== 'none').length} kinds of damage, ${refused} ended a start`,
    );
    await server.start();
    await readBack(context, keys, {keysMax: 1_500});
  },
};

type End = 'none' | 'refused' | 'started';

/** Starts the server on the damage, reads, and puts back what was there. */
async function probe(context: CheckContext, keys: Keys, harm: Harm): Promise<End> {
  const {server, random} = context;
  const listing = await readListing(context);
  const before = await listDataFiles(server.control.dataDir);
  const damage = new Damage(server.control.dataDir, server.ledger);
  if (!(await harm(damage, listing, context))) return 'none';
  // What it says is the same each time, more or less.
  const starts = await startsDamaged({...context, note: () => {}});
  if (starts) {
    const drawn = keys.drawn();
    // The last ones are in a log.
    const sample = [...random.shuffled(drawn).slice(0, KEYS_READ), ...drawn.slice(-LATEST_READ)];
    const {error} = await readAllDamaged(context, sample, EXCUSE);
    await server.stop();
    // Made anew: what it is now counts, and must go on being enough.
    if (error === 0) return 'started';
  }
  await damage.undo();
  await removeNewer(context, before);
  await expectListed(context, listing, before);
  return starts ? 'started' : 'refused';
}

/** A MANIFEST that the server has made of what was left of the damaged one would count more. */
async function removeNewer(context: CheckContext, before: readonly DataFile[]): Promise<void> {
  const {dataDir} = context.server.control;
  const old = new Set(before.map(({path}) => path));
  const manifests = await matchDataFiles(dataDir, claimedGlob(context, 'manifest'));
  for (const path of manifests) if (!old.has(path)) await removeDataFile(dataDir, path);
}

/** Locks and temporary files may go; what MANIFEST lists may not. */
async function expectListed(
  {server}: CheckContext,
  {manifest}: Listing,
  before: readonly DataFile[],
): Promise<void> {
  const present = new Set((await listDataFiles(server.control.dataDir)).map(({path}) => path));
  const listed = new Set(manifest.tables.map(({name}) => baseName(name)));
  const lost = before.find(({path}) => listed.has(baseName(path)) && !present.has(path));
  if (lost === undefined) return;
  throw new CheckFailure({
    summary: `${lost.path}: removed by a start with a damaged MANIFEST`,
    expected: 'no file that MANIFEST listed is removed',
    invariant: RULE,
  });
}
