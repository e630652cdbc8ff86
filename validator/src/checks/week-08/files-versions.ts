import type {ManifestFile} from '../../formats/manifest-file.ts';
import {RULES} from '../../formats/problem.ts';
import {backgroundWorkEnds} from '../background-work.ts';
import {baseName} from '../base-name.ts';
import {readListing} from '../block-files.ts';
import {broken} from '../broken-file.ts';
import type {Check, CheckContext} from '../check.ts';
import {claimedGlob} from '../claimed-files.ts';
import {matchDataFiles} from '../data-files.ts';
import {Keys} from '../keys.ts';
import {mixedWrites} from '../mixed-writes.ts';
import {numberedLogs} from '../numbered-logs.ts';
import {readBack} from '../read-back.ts';
import {shortened} from '../shortened.ts';
import {writeSideBySide} from '../side-by-side.ts';
import {memtableEntriesMax, WEEK_LAST} from '../week-rules.ts';

const WRITERS = 16;
const MEMTABLES = 3;
/** Of the memtable that is not flushed: only a log has these. */
const REST = 150;

const ONE_RULE =
  'MANIFEST-<n> with the highest n counts; a start removes those before it, and files under temporary names.';
const LISTED_RULE =
  'After a start and a stop the SSTables are those that MANIFEST lists: others are in use by no version.';
const LOG_RULE =
  'The first line of MANIFEST is [WAL] and the lowest number of a live log: a start removes those below it, and no other.';

export const filesVersions: Check = {
  id: 'files-versions',
  title: 'Only live files are left',
  weekFirst: 8,
  weekLast: WEEK_LAST,
  needs: 'files',
  claims: 'manifest',
  proves:
    'The newest MANIFEST names the lowest live log and the SSTables of each level; once nobody uses the others, after a stop as after a crash, they are gone.',
  hints: {
    look: 'the data folder after a start and a stop: each MANIFEST-<n>, each wal-<n>.db, and what the first line of the newest MANIFEST says',
    cause:
      'files that go only with the version that made them, a start that removes no orphans, or a [WAL] line that names the newest log',
    chapter: 'docs/weeks/08.md#manifests-with-numbers',
  },
  cost: {requests: 7_000, writes: 6_000, restarts: 5},

  async run(context) {
    const {server, week} = context;
    const keys = new Keys(context.random);
    const memtables = shortened(context, MEMTABLES, memtableEntriesMax(week));
    for (let memtable = 1; memtable <= memtables; memtable++) {
      const {untilFlush} = server.ledger.settling;
      await writeSideBySide(server, mixedWrites(context, keys, untilFlush), WRITERS);
    }
    await writeSideBySide(server, keys.entries(REST), WRITERS);
    await lookAfter(context, () => server.stop());
    await readBack(context, keys, {keysMax: 500});

    await writeSideBySide(
      server,
      mixedWrites(context, keys, server.ledger.settling.untilFlush),
      WRITERS,
    );
    await lookAfter(context, () => server.kill());
    await readBack(context, keys, {keysMax: 500});
  },
};

/**
 * What a stop or a crash leaves behind may be removed at the next start; what is
 * there after that start and a clean stop is in use. The server is up afterwards.
 */
async function lookAfter(context: CheckContext, end: () => Promise<void>): Promise<void> {
  const {server} = context;
  await end();
  await server.start();
  // Logs of before are flushed now; whose files are of no use any more may go with the next start.
  await backgroundWorkEnds(context);
  await server.restart();
  await backgroundWorkEnds(context);
  await server.stop();
  await checkFiles(context);
  await server.start();
}

async function checkFiles(context: CheckContext): Promise<void> {
  const {dataDir} = context.server.control;
  const {path, manifest} = await readListing(context);
  if (manifest.form === 'list') {
    throw broken(path, 'it has no section [L0]', RULES['manifest-sections']);
  }
  const manifests = await matchDataFiles(dataDir, claimedGlob(context, 'manifest'));
  const old = manifests.find((other) => other !== path);
  if (old !== undefined) throw broken(old, `it is still there, beside ${path}`, ONE_RULE);
  await checkTables(context, path, manifest);
  await checkLogs(context, path, manifest);
}

/** Each by its name alone: whether MANIFEST lists folders too is left open. */
async function checkTables(
  context: CheckContext,
  path: string,
  {tables}: ManifestFile,
): Promise<void> {
  if (!context.environment.files.has('sstable')) return;
  const glob = claimedGlob(context, 'sstable');
  const present = await matchDataFiles(context.server.control.dataDir, glob);
  const listed = new Set(tables.map(({name}) => baseName(name)));
  const unlisted = present.find((table) => !listed.has(baseName(table)));
  if (unlisted !== undefined) {
    throw broken(unlisted, `it is there, and ${path} does not list it`, LISTED_RULE);
  }
  const names = new Set(present.map(baseName));
  const missing = tables.find(({name}) => !names.has(baseName(name)));
  if (missing === undefined) return;
  throw broken(path, `it lists ${missing.name}, which is not there`, LISTED_RULE);
}

async function checkLogs(
  context: CheckContext,
  path: string,
  {walFirst}: ManifestFile,
): Promise<void> {
  if (walFirst === undefined) {
    throw broken(path, 'its first line is not [WAL] and a number', RULES['manifest-wal']);
  }
  const done = (await numberedLogs(context)).find(({number}) => number < walFirst);
  if (done === undefined) return;
  throw broken(done.path, `it is still there, and ${path} says [WAL] ${walFirst}`, LOG_RULE);
}
