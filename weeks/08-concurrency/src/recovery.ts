/**
 * What a start makes of the logs: each becomes the memtable that it records.
 *
 *   MANIFEST   [WAL] 4
 *   wal-3.db   an orphan, as SSTables have its entries
 *   wal-4.db   whole                  full, flushed after the start
 *   wal-5.db   may end in a record that a crash tore; it is cut off there
 *
 * A log is written only when all that was acknowledged in the one before it is
 * durable, and nothing is written to that one any more. So a crash can leave a
 * torn record in the last log that has any, and nowhere else. An invalid record
 * before that is damage, and so is a log that is missing: the start is refused,
 * because what follows would be replayed as if nothing were missing in between.
 */
import {corruption} from '@kv-workshop/shared/errors';
import type {OnEvent} from '@kv-workshop/shared/events';
import type {FileSystem} from '@kv-workshop/shared/file-system';
import type {Segment} from './catalog.ts';
import {Memtable} from './memtable.ts';
import type {EngineOptions} from './options.ts';
import type {Entry} from './sstable.ts';
import {Wal, walNumber, walPath} from './wal.ts';

/**
 * The numbers of the logs from `first` on, ascending; `first` alone in a new folder.
 * @throws KvError CORRUPTION if one is missing
 */
export async function liveLogs(fileSystem: FileSystem, first: number): Promise<number[]> {
  const numbers = (await fileSystem.list('')).map((path) => walNumber(path) ?? 0);
  const live = numbers.filter((number) => number >= first).sort((a, b) => a - b);
  // MANIFEST comes before the first log, all others come before a MANIFEST names them.
  if (live.length === 0 && first === 1) return [1];
  for (let number = first; number <= Math.max(first, ...live); number++) {
    if (!live.includes(number)) {
      throw corruption(walPath(number), 0, 'this log is missing; restore it');
    }
  }
  return live;
}

/**
 * Their memtables, oldest first.
 * @throws KvError CORRUPTION if a record is invalid that no crash can have torn
 */
export async function recoverSegments(
  fileSystem: FileSystem,
  logs: readonly number[],
  options: EngineOptions,
  onEvent: OnEvent,
): Promise<Segment[]> {
  const segments: Segment[] = [];
  let mayBeTorn = true;
  try {
    for (const number of logs.toReversed()) {
      const segment = await openSegment(fileSystem, number, options, onEvent, mayBeTorn);
      segments.unshift(segment);
      mayBeTorn &&= segment.wal.wasEmpty;
    }
    return segments;
  } catch (error) {
    await Promise.all(segments.map(({wal}) => wal.close()));
    throw error;
  }
}

/** A memtable with what is in its log; both are empty if there was none. */
export async function openSegment(
  fileSystem: FileSystem,
  number: number,
  {walChecksums}: EngineOptions,
  onEvent: OnEvent,
  mayBeTorn = true,
): Promise<Segment> {
  const memtable = new Memtable();
  const restore = ({key, value}: Entry) => memtable.put(key, value);
  const wal = await Wal.open(fileSystem, number, walChecksums, restore, onEvent, mayBeTorn);
  return {memtable, wal};
}
