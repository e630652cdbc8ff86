/**
 * What a crash leaves in a data folder of week 8 beside the files that count, and
 * the same files under other numbers. All of it is found by the names that the
 * contract gives: MANIFEST-<n> and wal-<n>.db.
 */
import {readLog} from '../formats/log-file.ts';
import {RULES} from '../formats/problem.ts';
import {type Listing, readListing} from './block-files.ts';
import {broken} from './broken-file.ts';
import type {CheckContext} from './check.ts';
import {createDataFile, isTaken, readDataFile, removeDataFile} from './data-files.ts';
import {numberedLogs} from './numbered-logs.ts';

/** The last number in a path. */
const NUMBER = /[0-9]+(?=[^0-9/]*$)/;
/** In the first line of MANIFEST. */
const WAL_NUMBER = /(?<=^\[WAL\] ?)[0-9]+/;
const MANIFEST = /(?:^|\/)MANIFEST-[0-9]+$/;

interface Content {
  /** In the data folder. */
  readonly path: string;
  readonly number: number;
  readonly bytes: Uint8Array;
}

export interface Leftovers {
  /** Undefined if it has no number. */
  readonly manifest: Content | undefined;
  readonly logs: readonly Content[];
}

/** MANIFEST and the logs as they are now. REQUIRES: the server is down. */
export async function readLeftovers(context: CheckContext): Promise<Leftovers> {
  const {path} = await readNumbered(context);
  const [manifest] = MANIFEST.test(path) ? await contents(context, [path]) : [];
  return {manifest, logs: await readLogs(context)};
}

/**
 * Puts back what the server has removed since: a crash that comes just before a
 * removal leaves the same. REQUIRES: the server is down.
 * @returns whether a log was put back that counts no more
 */
export async function putBack(context: CheckContext, old: Leftovers): Promise<boolean> {
  const {path, walFirst} = await readNumbered(context);
  const {manifest} = old;
  if (manifest !== undefined && manifest.number < numberOf(path)) {
    await add(context, manifest, 'an older MANIFEST');
  }
  let count = 0;
  for (const log of old.logs) {
    if (log.number < walFirst && (await add(context, log, 'a log below [WAL]'))) count += 1;
  }
  return count > 0;
}

/**
 * Gives MANIFEST and the logs numbers with more digits than those before them:
 * MANIFEST becomes MANIFEST-10 beside `old` as MANIFEST-9; the newest log that has
 * any records is cut in two, wal-9.db and wal-10.db, and the others stay before or
 * behind. 9 and 10 stand for 99 and 100, and so on, where numbers are higher.
 * REQUIRES: the server is down.
 *
 * @param recordsInLast so many records of the log go into the second one
 */
export async function renumber(
  context: CheckContext,
  {recordsInLast, old}: {readonly recordsInLast: number; readonly old: Leftovers},
): Promise<void> {
  const listing = await readNumbered(context);
  const shift = await renumberLogs(context, recordsInLast);
  await renumberManifest(context, listing, {shift, older: old.manifest});
}

/** @returns what was added to the number of each log up to the one that was cut */
async function renumberLogs(context: CheckContext, recordsInLast: number): Promise<number> {
  const logs = await readLogs(context);
  const filled = logs.findLast(({bytes}) => bytes.length > 0);
  const {records, problems} = readLog(filled?.bytes ?? new Uint8Array());
  const cut = records.at(-recordsInLast)?.offset;
  if (filled === undefined || problems.length > 0 || cut === undefined || cut === 0) {
    context.note("no log has these writes in the series' format, so none got another number");
    return 0;
  }
  const shift = nines(filled.number) - filled.number;
  // All are removed first: some get a number that another one had.
  await removeAll(context, logs);
  for (const log of logs) {
    const {path, number, bytes} = log;
    const first = withNumber(path, number + shift);
    const second = withNumber(path, number + shift + 1);
    if (number > filled.number) await create(context, second, bytes);
    else await create(context, first, log === filled ? bytes.subarray(0, cut) : bytes);
    if (log !== filled) continue;
    await create(context, second, bytes.subarray(cut));
    context.server.ledger.event(`${path} is now ${first} and, behind it, ${second}`);
  }
  return shift;
}

interface Renumbering {
  readonly shift: number;
  /** To be MANIFEST-9. */
  readonly older: Content | undefined;
}

async function renumberManifest(
  context: CheckContext,
  {path, walFirst}: Numbered,
  {shift, older}: Renumbering,
): Promise<void> {
  const [manifest] = await contents(context, [path]);
  if (manifest === undefined) return;
  const text = Buffer.from(manifest.bytes).toString('latin1');
  const bytes = Buffer.from(text.replace(WAL_NUMBER, String(walFirst + shift)), 'latin1');
  await removeAll(context, [manifest]);
  if (older === undefined) {
    context.note('MANIFEST has no number in its name, so it got no other');
    await create(context, path, bytes);
    return;
  }
  const last = nines(manifest.number);
  await create(context, withNumber(path, last), older.bytes);
  const next = withNumber(path, last + 1);
  await create(context, next, bytes);
  const names = `${next}, beside an older ${withNumber(path, last)}`;
  context.server.ledger.event(`${path} is now ${names}; [WAL] ${walFirst + shift}`);
}

interface Numbered extends Pick<Listing, 'path'> {
  readonly walFirst: number;
}

async function readNumbered(context: CheckContext): Promise<Numbered> {
  const {path, manifest} = await readListing(context);
  const {walFirst} = manifest;
  if (walFirst !== undefined) return {path, walFirst};
  throw broken(path, 'its first line is not [WAL] and a number', RULES['manifest-wal']);
}

async function readLogs(context: CheckContext): Promise<Content[]> {
  const logs = await numberedLogs(context);
  return await contents(
    context,
    logs.map(({path}) => path),
  );
}

async function contents({server}: CheckContext, paths: readonly string[]): Promise<Content[]> {
  const {dataDir} = server.control;
  const read = async (path: string) => {
    return {path, number: numberOf(path), bytes: await readDataFile(dataDir, path)};
  };
  return await Promise.all(paths.map(read));
}

/** @returns false if a file of that name is there */
async function add({server}: CheckContext, {path, bytes}: Content, what: string): Promise<boolean> {
  const {dataDir} = server.control;
  if (await isTaken(dataDir, path)) return false;
  await createDataFile(dataDir, path, bytes);
  server.ledger.event(`${path} put back as a crash may leave it: ${what}`);
  return true;
}

async function create({server}: CheckContext, path: string, bytes: Uint8Array): Promise<void> {
  await createDataFile(server.control.dataDir, path, bytes);
}

async function removeAll({server}: CheckContext, files: readonly Content[]): Promise<void> {
  for (const {path} of files) await removeDataFile(server.control.dataDir, path);
}

/** The lowest of 9, 99, 999, … that is not below `number`. */
function nines(number: number): number {
  return Number('9'.repeat(String(number).length));
}

function numberOf(path: string): number {
  return Number(NUMBER.exec(path)?.[0] ?? 0);
}

function withNumber(path: string, number: number): string {
  return path.replace(NUMBER, String(number));
}
