/** What the files of a failed check's server say of a key: part of its failure card. */
import {setTimeout as sleep} from 'node:timers/promises';
import type {LifeEntry} from '../checks/failure.ts';
import {isDurable} from '../checks/week-rules.ts';
import {claimedFiles} from '../config/file-claims.ts';
import {claimedKinds} from '../inspect/claimed-kinds.ts';
import {type Found, findKey, type Place, weightOf} from '../inspect/find-key.ts';
import {ReadBudget} from '../inspect/read-budget.ts';
import {doubtsOf} from '../inspect/show-find.ts';
import {shownText, shownValue} from '../inspect/show-text.ts';

export interface KeyInFilesOptions {
  /** REQUIRES: its server is down. */
  readonly dataDir: string;
  readonly key: string;
  readonly week: number;
  /** Globs of the claimed formats, by their names. */
  readonly claimed: ReadonlyMap<string, string>;
}

const MIB = 1024 * 1024;
/** A student waits for the card. The largest file alone takes 150 ms to parse. */
const BUDGET = {bytes: 64 * MIB, fileBytes: 4 * MIB, cpuMs: 400};
const GIVE_UP_MS = 2_000;
/** A log may have a hundred. */
const RECORDS_OF_FILE_MAX = 2;
const RECORDS_MAX = 4;
const REMARKS_MAX = 2;
const WEIGHT_WIDTH = 'hidden'.length;

/**
 * The records of `key`, the newest first, with a line above them, and at most one
 * below; no lines if nothing can be said. Text from the files is cut and escaped.
 * Never throws: what cannot be read is left out.
 */
export async function keyInFiles(options: KeyInFilesOptions): Promise<LifeEntry[]> {
  const ended = new AbortController();
  try {
    // The budget bounds what is read, but not how long the disk takes, or a folder of folders.
    const gaveUp = sleep(GIVE_UP_MS, undefined, {signal: ended.signal}).catch(() => undefined);
    const found = await Promise.race([find(options), gaveUp]);
    if (found === undefined) return [];
    return isAllClaimed(options) ? knownLines(found, options.week) : likelyLines(found);
  } catch {
    return [];
  } finally {
    ended.abort();
  }
}

async function find({dataDir, key, week, claimed}: KeyInFilesOptions): Promise<Found> {
  const kindOf = claimedKinds(claimed, week);
  const budget = new ReadBudget(BUDGET);
  return await findKey({folder: dataDir, file: undefined, name: 'data', kindOf, budget}, key);
}

/** Whether all that decides which record counts has the format of the contract. */
function isAllClaimed({week, claimed}: KeyInFilesOptions): boolean {
  const formats = Array.from(claimedFiles('series', week).keys());
  // A filter only saves reads.
  const deciding = formats.filter((format) => format !== 'bloom');
  return deciding.length > 0 && deciding.every((format) => claimed.has(format));
}

function knownLines(found: Found, week: number): LifeEntry[] {
  const {places, winner = places.length} = found;
  const isSure = places.slice(0, winner).every(({isRead}) => isRead);
  const records = recordLines(found, isSure);
  const lost = isDurable(week) ? '' : '; what was only in memory is gone';
  const none = {at: '', what: isSure ? `no file has it${lost}` : 'no file that was read has it'};
  return [
    {at: '', what: 'read after the server was stopped, the newest first:'},
    ...(records.length === 0 ? [none, ...remarksOf(found)] : records),
    ...restLines(found, records.length),
  ];
}

/**
 * Behind the end of its valid records, a log may have the key and lose it all the
 * same; and so may a file that could not be read.
 */
function remarksOf({places}: Found): LifeEntry[] {
  return places
    .filter(({part, isRead, remarks}) => (part === 'log' || !isRead) && remarks.length > 0)
    .slice(0, REMARKS_MAX)
    .map(({path, remarks}) => ({at: shownText(path), what: shownText(remarks.join(', '))}));
}

/** Of formats that may be others: where none has the key, nothing is known. */
function likelyLines(found: Found): LifeEntry[] {
  const records = recordLines(found, false);
  if (records.length === 0) return [];
  return [
    {at: '', what: 'read after the server was stopped (the formats are not claimed):'},
    ...records,
    ...restLines(found, records.length),
  ];
}

/** @param isSure it is known which record counts */
function recordLines(found: Found, isSure: boolean): LifeEntry[] {
  const perFile = new Map<string, number>();
  const lines: LifeEntry[] = [];
  for (const [index, {path, record, remarks}] of found.places.entries()) {
    if (record === undefined) continue;
    const before = perFile.get(path) ?? 0;
    perFile.set(path, before + 1);
    if (before >= RECORDS_OF_FILE_MAX || lines.length === RECORDS_MAX) continue;
    const weight = isSure ? `${weightOf(found, index).padEnd(WEIGHT_WIDTH)}  ` : '';
    const what = [shownValue(record.value), ...doubtsOf(remarks)].join('; ');
    lines.push({at: `${shownText(path)}, byte ${record.offset}`, what: `${weight}${what}`});
  }
  return lines;
}

function restLines({places}: Found, shown: number): LifeEntry[] {
  const older = places.reduce((sum, {olderCount}) => sum + olderCount, 0);
  const others = places.filter(hasRecord).length + older - shown;
  const unread = places.filter(({isRead}) => !isRead).length;
  const parts = [
    ...(others > 0 ? [`${others} more of this key`] : []),
    ...(unread > 0 ? [`files that were not read: ${unread}`] : []),
  ];
  return parts.length === 0 ? [] : [{at: '', what: `(${parts.join('; ')})`}];
}

function hasRecord({record}: Place): boolean {
  return record !== undefined;
}
