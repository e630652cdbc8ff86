/**
 * Every check there is, in the order in which they run: by week; within a week
 * first a short file, for a quick look at everything, and a long one at the end.
 * The long files of earlier weeks come last of all.
 */
import type {Check} from './check.ts';
import {badRequests} from './week-01/bad-requests.ts';
import {contractBasics} from './week-01/contract-basics.ts';
import {keysDistinct} from './week-01/keys-distinct.ts';
import {replayWeek01, replayWeek01Short} from './week-01/replays.ts';
import {valueEmpty, valueLong} from './week-01/value-lengths.ts';
import {valuesVerbatim} from './week-01/values-verbatim.ts';
import {absentThenPut} from './week-02/absent-then-put.ts';
import {dataFolderOnly} from './week-02/data-folder-only.ts';
import {filesSSTables} from './week-02/files-sstables.ts';
import {flushReadback} from './week-02/flush-readback.ts';
import {idsAfterRestart} from './week-02/ids-after-restart.ts';
import {longValuesFlushed, longValuesLogged} from './week-02/long-values.ts';
import {manifestMissing} from './week-02/manifest-missing.ts';
import {newestWins} from './week-02/newest-wins.ts';
import {orderAfterRestart} from './week-02/order-after-restart.ts';
import {replayWeek02, replayWeek02Short} from './week-02/replays.ts';
import {restartKeepsFlushed} from './week-02/restart-keeps-flushed.ts';
import {filesWal} from './week-03/files-wal.ts';
import {killDuringRecovery} from './week-03/kill-during-recovery.ts';
import {killConcurrentWriters, killKeepsAcknowledged} from './week-03/kill-keeps-acknowledged.ts';
import {killAroundFlush, killThenFlush} from './week-03/kill-then-flush.ts';
import {killTwice} from './week-03/kill-twice.ts';
import {replayWeek03, replayWeek03Short} from './week-03/replays.ts';
import {restartKeepsAll} from './week-03/restart-keeps-all.ts';
import {tornTail} from './week-03/torn-tail.ts';
import {compactionReadback} from './week-04/compaction-readback.ts';
import {deleteBasics} from './week-04/delete-basics.ts';
import {deleteFlushed} from './week-04/delete-flushed.ts';
import {filesCompaction} from './week-04/files-compaction.ts';
import {killInCompaction} from './week-04/kill-in-compaction.ts';
import {killKeepsDeletes} from './week-04/kill-keeps-deletes.ts';
import {replayWeek04, replayWeek04Short} from './week-04/replays.ts';
import {filesLevels} from './week-05/files-levels.ts';
import {killInLeveling} from './week-05/kill-in-leveling.ts';
import {levelsReadback} from './week-05/levels-readback.ts';
import {manifestDamage} from './week-05/manifest-damage.ts';
import {replayWeek05, replayWeek05Short} from './week-05/replays.ts';
import {scanBasics} from './week-05/scan-basics.ts';
import {scanFlushed} from './week-05/scan-flushed.ts';
import {blockDamage} from './week-06/block-damage.ts';
import {blockEdges} from './week-06/block-edges.ts';
import {compactionDamage} from './week-06/compaction-damage.ts';
import {filesBlocks} from './week-06/files-blocks.ts';
import {replayWeek06, replayWeek06Short} from './week-06/replays.ts';
import {strayFiles} from './week-06/stray-files.ts';
import {valueLimits} from './week-06/value-limits.ts';
import {filesBloom} from './week-07/files-bloom.ts';
import {filterAsked} from './week-07/filter-asked.ts';
import {filterDamage} from './week-07/filter-damage.ts';
import {prefixKeys} from './week-07/prefix-keys.ts';
import {replayWeek07, replayWeek07Short} from './week-07/replays.ts';
import {linearizable, linearizableDeletes} from './week-08/concurrent-histories.ts';
import {filesVersions} from './week-08/files-versions.ts';
import {flushMeetsCompaction} from './week-08/flush-meets-compaction.ts';
import {killInBackground} from './week-08/kill-in-background.ts';
import {killManyInFlight} from './week-08/kill-many-in-flight.ts';
import {noLostUpdates} from './week-08/no-lost-updates.ts';
import {numberedFiles} from './week-08/numbered-files.ts';
import {replayWeek08, replayWeek08Short} from './week-08/replays.ts';
import {requestsGoOn} from './week-08/requests-go-on.ts';
import {scansOneMoment} from './week-08/scans-one-moment.ts';
import {tornLog} from './week-08/torn-log.ts';

const CATALOGUE: readonly Check[] = [
  replayWeek01Short,
  contractBasics,
  valuesVerbatim,
  keysDistinct,
  valueEmpty,
  valueLong,
  badRequests,
  replayWeek01,

  replayWeek02Short,
  absentThenPut,
  flushReadback,
  newestWins,
  restartKeepsFlushed,
  dataFolderOnly,
  idsAfterRestart,
  orderAfterRestart,
  longValuesFlushed,
  filesSSTables,
  manifestMissing,
  replayWeek02,

  replayWeek03Short,
  restartKeepsAll,
  killTwice,
  killDuringRecovery,
  killKeepsAcknowledged,
  killConcurrentWriters,
  killThenFlush,
  killAroundFlush,
  tornTail,
  longValuesLogged,
  filesWal,
  replayWeek03,

  replayWeek04Short,
  deleteBasics,
  deleteFlushed,
  killKeepsDeletes,
  compactionReadback,
  killInCompaction,
  filesCompaction,
  replayWeek04,

  replayWeek05Short,
  scanBasics,
  scanFlushed,
  levelsReadback,
  killInLeveling,
  filesLevels,
  manifestDamage,
  replayWeek05,

  replayWeek06Short,
  valueLimits,
  blockEdges,
  filesBlocks,
  blockDamage,
  compactionDamage,
  strayFiles,
  replayWeek06,

  replayWeek07Short,
  prefixKeys,
  filesBloom,
  filterDamage,
  filterAsked,
  replayWeek07,

  replayWeek08Short,
  // It has the machine to itself: behind a short one, which is soon over.
  requestsGoOn,
  noLostUpdates,
  linearizable,
  linearizableDeletes,
  scansOneMoment,
  flushMeetsCompaction,
  killManyInFlight,
  killInBackground,
  tornLog,
  numberedFiles,
  filesVersions,
  replayWeek08,
];

/** The checks that are valid in a week, in the order in which they run. */
export function checksOf(week: number): Check[] {
  const valid = CATALOGUE.filter((check) => check.weekFirst <= week && week <= check.weekLast);
  const isEarlierLong = (check: Check) => check.isLong === true && check.weekFirst < week;
  return [...valid.filter((check) => !isEarlierLong(check)), ...valid.filter(isEarlierLong)];
}

/** The last week that has checks of its own: a later one would pass for want of them. */
export function gradedWeekLast(): number {
  return Math.max(...CATALOGUE.map((check) => check.weekFirst));
}

/** The week that a check's failure speaks of when a server is graded at `week`. */
export function weekOf(check: Check, week: number): number {
  return check.isLong === true ? week : check.weekFirst;
}

/** Of every week, in the order of the weeks. */
export function allChecks(): readonly Check[] {
  return CATALOGUE;
}

/** All ids, of every week. */
export function checkIds(): string[] {
  return CATALOGUE.map((check) => check.id);
}
