import {keepUnsynced, loseUnsynced} from '../memory-file-system/crash-choice.ts';
import {MemoryFileSystem} from '../memory-file-system.ts';
import {SeededRandom} from '../seeded-random.ts';
import {Oracle} from './oracle.ts';
import type {StoreUnderTest, WalUnderTest} from './store-under-test.ts';
import {TestedProcess} from './tested-process.ts';
import type {Command} from './workload.ts';

export interface WalCutReport {
  /** Different logs that were booted. */
  readonly statesTried: number;
}

/** No flush happens, so that the log has every record. */
const MEMTABLE_ENTRIES_MAX = 1000;
const MARKER: Command = {key: 'zmarker', value: 'written after the boot'};

const RECORDS: readonly Command[] = [
  {key: 'a', value: 'first'},
  {key: 'b', value: ''},
  {key: 'a', value: 'overwritten, and longer than before'},
  {key: 'c', value: '{"op":"put","key":"b","value":"not a record"}'},
  {key: 'b', value: undefined},
  {key: 'b', value: '007'},
  {key: 'd', value: ' spaces '},
];

/** A log as a store wrote it. */
interface RecordedLog {
  /** The data folder, with the whole log. */
  readonly fileSystem: MemoryFileSystem;
  readonly bytes: Uint8Array;
  /** Where each record ends; the first is where the log began, before any. */
  readonly ends: readonly number[];
  readonly commands: readonly Command[];
}

/**
 * Boots a store on its log, cut at every byte; with each byte changed; and with
 * garbage behind it. It must have exactly the records that are whole up to the
 * damage, say with the event `wal-truncated` where it cut (`offset`) and how
 * many bytes it dropped (`count`), and keep what is written after that.
 * Without checksums a changed byte need only leave the log bootable.
 * @throws Error that says which log it was, and what is wrong
 */
export async function walCutAtEveryByte(
  tested: StoreUnderTest,
  wal: WalUnderTest,
): Promise<WalCutReport> {
  const log = await recordLog(tested, wal);
  const {bytes, ends} = log;
  const start = ends[0] ?? 0;
  let statesTried = 0;
  const attempt = async (what: string, run: () => Promise<void>): Promise<void> => {
    statesTried += 1;
    try {
      await run();
    } catch (error) {
      throw new Error(`${wal.file} ${what}: ${(error as Error).message}`, {cause: error});
    }
  };
  for (let size = start; size <= bytes.length; size++) {
    const left = bytes.slice(0, size);
    const goodEnd = lastEnd(ends, size);
    await attempt(`cut to ${size} bytes`, () => bootDamaged(tested, wal, log, left, goodEnd));
  }
  for (const [what, garbage] of garbageFor(bytes, ends)) {
    const left = concatenate(bytes, garbage);
    await attempt(`with ${what} behind it`, () =>
      bootDamaged(tested, wal, log, left, bytes.length),
    );
  }
  for (let offset = start; offset < bytes.length; offset++) {
    for (const mask of [0x01, 0x80]) {
      const left = bytes.slice();
      left[offset] = (left[offset] ?? 0) ^ mask;
      await attempt(`with byte ${offset} changed to ${left[offset]}`, () =>
        wal.checksums
          ? bootWithChecksums(tested, wal, log, left, lastEnd(ends, offset))
          : bootChanged(tested, wal, log, left),
      );
    }
  }
  return {statesTried};
}

async function recordLog(tested: StoreUnderTest, wal: WalUnderTest): Promise<RecordedLog> {
  const fileSystem = new MemoryFileSystem();
  const oracle = new Oracle(true);
  const running = await TestedProcess.open(tested, fileSystem, oracle, MEMTABLE_ENTRIES_MAX);
  const commands = RECORDS.filter(({value}) =>
    value === undefined
      ? tested.capabilities.deletes
      : value.length >= running.valueLimits.bytesMin,
  );
  const ends = [fileSystem.readFileSync(wal.file).length];
  for (const command of commands) {
    await running.write(command);
    ends.push(fileSystem.readFileSync(wal.file).length);
  }
  const grows = ends.every((end, index) => index === 0 || end > (ends[index - 1] ?? 0));
  if (!grows)
    throw new Error(`${wal.file} should grow with every write, its sizes are ${ends.join(', ')}`);
  const bytes = fileSystem.readFileSync(wal.file);
  return {fileSystem: fileSystem.crashClone(keepUnsynced), bytes, ends, commands};
}

async function bootDamaged(
  tested: StoreUnderTest,
  wal: WalUnderTest,
  log: RecordedLog,
  left: Uint8Array,
  goodEnd: number,
): Promise<void> {
  const fileSystem = await withLog(log.fileSystem, wal.file, left);
  const oracle = new Oracle(true);
  for (const [index, {key, value}] of log.commands.entries()) {
    const isWhole = (log.ends[index + 1] ?? 0) <= goodEnd;
    // Of a key whose records are all cut off nothing may be found.
    if (isWhole) oracle.acknowledge(oracle.begin(key, value));
    else if (!oracle.keys().includes(key)) oracle.settle(new Map([[key, undefined]]));
  }
  const opened = await TestedProcess.openAfterCrash(
    tested,
    fileSystem,
    oracle,
    MEMTABLE_ENTRIES_MAX,
  );
  checkTruncationEvent(opened, wal.file, goodEnd, left.length - goodEnd);
  const reopened = await writeAndReopen(opened);
  checkTruncationEvent(reopened, wal.file, 0, 0);
}

/** The changed record is recognized and cut off, or the change was one that means nothing. */
async function bootWithChecksums(
  tested: StoreUnderTest,
  wal: WalUnderTest,
  log: RecordedLog,
  left: Uint8Array,
  goodEnd: number,
): Promise<void> {
  try {
    await bootDamaged(tested, wal, log, left, goodEnd);
  } catch (error) {
    try {
      await bootDamaged(tested, wal, log, left, left.length);
    } catch {
      throw error;
    }
  }
}

/** Any record may have become another one; but the store opens, and keeps what follows. */
async function bootChanged(
  tested: StoreUnderTest,
  wal: WalUnderTest,
  log: RecordedLog,
  left: Uint8Array,
): Promise<void> {
  const fileSystem = await withLog(log.fileSystem, wal.file, left);
  // This oracle expects no keys but the marker, and a scan would show the others.
  const withoutScans = {...tested, capabilities: {...tested.capabilities, scans: false}};
  const oracle = new Oracle(true);
  await writeAndReopen(
    await TestedProcess.openAfterCrash(withoutScans, fileSystem, oracle, MEMTABLE_ENTRIES_MAX),
  );
}

async function writeAndReopen(opened: TestedProcess): Promise<TestedProcess> {
  const {tested, fileSystem, oracle} = opened;
  await opened.write(MARKER);
  const left = tested.capabilities.powerSafe
    ? fileSystem.crashClone(loseUnsynced)
    : fileSystem.killClone();
  try {
    return await TestedProcess.openAfterCrash(tested, left, oracle, MEMTABLE_ENTRIES_MAX);
  } catch (error) {
    throw new Error(`after a write and another crash: ${(error as Error).message}`, {cause: error});
  }
}

function checkTruncationEvent(
  {events}: TestedProcess,
  file: string,
  offset: number,
  count: number,
): void {
  const truncations = events.filter(({type}) => type === 'wal-truncated');
  const expected = count === 0 ? [] : [{file, offset, count}];
  const got = truncations.map((event) => ({
    file: event.file,
    offset: event.offset,
    count: event.count,
  }));
  if (JSON.stringify(got) === JSON.stringify(expected)) return;
  throw new Error(
    `events wal-truncated: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`,
  );
}

function garbageFor(bytes: Uint8Array, ends: readonly number[]): [string, Uint8Array][] {
  const lastStart = ends.at(-2) ?? 0;
  const lastRecord = bytes.slice(lastStart);
  const random = new SeededRandom(1);
  const noise = Uint8Array.from({length: 200}, () => random.below(256));
  return [
    ['one zero', new Uint8Array(1)],
    ['4096 zeros', new Uint8Array(4096)],
    ['random bytes', noise],
    ['half a record', lastRecord.slice(0, lastRecord.length >> 1)],
    ['half a record and a whole one', concatenate(lastRecord.slice(0, -3), lastRecord)],
    ['zeros and a whole record', concatenate(new Uint8Array(64), lastRecord)],
  ];
}

/** A copy of the folder, in which the log is `bytes`. */
async function withLog(
  original: MemoryFileSystem,
  path: string,
  bytes: Uint8Array,
): Promise<MemoryFileSystem> {
  const fileSystem = original.crashClone(keepUnsynced);
  const file = await fileSystem.open(path, 'create');
  await file.append(bytes);
  await file.close();
  return fileSystem.crashClone(keepUnsynced);
}

function lastEnd(ends: readonly number[], size: number): number {
  return ends.findLast((end) => end <= size) ?? 0;
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
