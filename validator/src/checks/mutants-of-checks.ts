/**
 * The broken servers of test/mutants that each check fails, for those who have no
 * checkout. Written by `UPDATE_GOLDEN=1 vitest run validator/test/checks`.
 */
import type {MutantDescription} from './describe-check.ts';

// biome-ignore format: it is generated
export const MUTANTS_OF_CHECKS: Readonly<Record<string, readonly MutantDescription[]>> =
{
  "replay-week-01-short": [
    {
      "name": "keeps-100-keys",
      "bug": "the table drops its oldest key beyond 100"
    }
  ],
  "contract-basics": [
    {
      "name": "absent-answers-200",
      "bug": "GET of an absent key answers 200 with an empty body"
    },
    {
      "name": "first-write-wins",
      "bug": "a second PUT of a key does nothing"
    }
  ],
  "values-verbatim": [
    {
      "name": "values-trimmed",
      "bug": "spaces at the ends of a value are lost"
    },
    {
      "name": "integer-values",
      "bug": "a value that looks like a number is stored as one"
    }
  ],
  "keys-distinct": [
    {
      "name": "object-as-table",
      "bug": "the hash table is a plain object, which has keys of its own"
    },
    {
      "name": "keys-cut-at-32",
      "bug": "only the first 32 characters of a key count"
    }
  ],
  "value-empty": [
    {
      "name": "empty-value-is-absent",
      "bug": "an empty value is taken for no value"
    }
  ],
  "value-long": [
    {
      "name": "value-cut-at-16-kib",
      "bug": "a value longer than a buffer of 16 KiB is cut"
    }
  ],
  "bad-requests": [
    {
      "name": "crashes-on-long-body",
      "bug": "a body beyond the limit ends the server"
    }
  ],
  "replay-week-01": [
    {
      "name": "keeps-5000-keys",
      "bug": "the table drops its oldest key beyond 5,000"
    }
  ],
  "replay-week-02-short": [
    {
      "name": "memtable-of-100-keys",
      "bug": "the memtable drops its oldest key beyond 100"
    }
  ],
  "absent-then-put": [
    {
      "name": "negative-cache-not-invalidated",
      "bug": "a PUT leaves its key among those known to be absent"
    }
  ],
  "flush-readback": [
    {
      "name": "hangs-on-flush",
      "bug": "the write that fills the memtable is never answered"
    },
    {
      "name": "crashes-on-flush",
      "bug": "a flush that fails ends the server"
    },
    {
      "name": "last-entry-not-flushed",
      "bug": "the flush leaves out the largest key"
    },
    {
      "name": "only-newest-sstable-read",
      "bug": "a lookup gives up after the newest SSTable"
    }
  ],
  "newest-wins": [
    {
      "name": "oldest-sstable-wins",
      "bug": "SSTables are read from the oldest to the newest"
    }
  ],
  "restart-keeps-flushed": [
    {
      "name": "memory-only",
      "bug": "nothing is ever written to disk"
    },
    {
      "name": "manifest-emptied-on-start",
      "bug": "MANIFEST is opened so that it is created anew"
    }
  ],
  "data-folder-only": [
    {
      "name": "state-outside-the-data-folder",
      "bug": "the files are in the folder that the server runs in, whatever data folder it is given"
    }
  ],
  "ids-after-restart": [
    {
      "name": "id-reused-after-restart",
      "bug": "after a start the ids of SSTables begin at 1 again"
    }
  ],
  "order-after-restart": [
    {
      "name": "manifest-order-lost",
      "bug": "after a start the SSTables are read in the order of their names, sst-10 before sst-2"
    },
    {
      "name": "newest-two-change-places",
      "bug": "after a start the two newest SSTables are read in the wrong order"
    }
  ],
  "long-values-flushed": [
    {
      "name": "entry-of-64-kib-not-read",
      "bug": "an entry of an SSTable that is longer than the buffer for a line is not found"
    }
  ],
  "files-sstables": [
    {
      "name": "sstable-unsorted",
      "bug": "entries are flushed in the order in which they were written"
    }
  ],
  "manifest-missing": [
    {
      "name": "missing-manifest-ignored",
      "bug": "without MANIFEST the server starts empty, beside the data it ignores"
    }
  ],
  "replay-week-02": [
    {
      "name": "sstable-prefix-match",
      "bug": "a lookup in an SSTable takes the first key that begins with the key asked for"
    }
  ],
  "replay-week-03-short": [
    {
      "name": "replay-stops-after-50-records",
      "bug": "a start reads no more of the log than its first 50 records"
    }
  ],
  "restart-keeps-all": [
    {
      "name": "wal-created-anew-on-start",
      "bug": "the WAL is opened so that it is emptied, and never replayed"
    },
    {
      "name": "replay-newest-first",
      "bug": "the WAL is replayed from its end, so that the oldest value of a key wins"
    }
  ],
  "kill-twice": [
    {
      "name": "wal-truncated-after-replay",
      "bug": "the WAL is emptied once it is replayed, before anything is flushed"
    }
  ],
  "kill-during-recovery": [
    {
      "name": "log-rewritten-on-start",
      "bug": "a start empties the log, and a while later writes the records that it read to it again"
    }
  ],
  "kill-keeps-acknowledged": [
    {
      "name": "wal-written-late",
      "bug": "writes are answered first, and reach the WAL in batches every 200 ms and at a clean stop"
    },
    {
      "name": "wal-skips-overwrites",
      "bug": "only the first write of a key since the last flush is logged; a clean stop flushes the rest"
    },
    {
      "name": "persists-at-clean-stop-only",
      "bug": "there is no WAL: a clean stop flushes the memtable"
    }
  ],
  "kill-concurrent-writers": [
    {
      "name": "group-commit-answers-early",
      "bug": "once writes have overlapped, they are answered first and logged as a group when it is quiet"
    }
  ],
  "kill-then-flush": [
    {
      "name": "id-reused-after-crash",
      "bug": "the next id is the number of SSTables written since the start"
    }
  ],
  "kill-around-flush": [
    {
      "name": "log-emptied-before-manifest",
      "bug": "the flush, behind the answer, empties the log first and lists its SSTable a while later"
    },
    {
      "name": "sstable-listed-before-it-is-written",
      "bug": "a flush lists its SSTable and then writes it, which takes a moment; a start leaves out what is listed and not there, for the log still has it"
    },
    {
      "name": "blocks-written-after-their-name",
      "bug": "a flush lists its SSTable and then writes its blocks, which takes a moment; a start leaves out what is listed and not there, for the log still has it"
    }
  ],
  "torn-tail": [
    {
      "name": "torn-tail-refuses-start",
      "bug": "a record cut short by a crash is an error that ends every later start"
    },
    {
      "name": "torn-tail-not-cut",
      "bug": "a torn record is skipped but left in place, and the next record is glued to it"
    },
    {
      "name": "wal-newline-written-separately",
      "bug": "record and newline are written one after the other, and a record without newline is kept as it is"
    }
  ],
  "long-values-logged": [
    {
      "name": "log-record-cut-at-4-kib",
      "bug": "a record of the log that is longer than a buffer of 4 KiB is written in part"
    }
  ],
  "files-wal": [
    {
      "name": "wal-never-reset",
      "bug": "a flush leaves the WAL as it is: it grows for ever"
    }
  ],
  "replay-week-03": [
    {
      "name": "replay-stops-after-500-records",
      "bug": "a start reads no more of the log than its first 500 records"
    }
  ],
  "replay-week-04-short": [
    {
      "name": "replay-deletes-last",
      "bug": "the replay of the WAL applies all PUTs first and all DELETEs after them"
    }
  ],
  "delete-basics": [
    {
      "name": "delete-does-nothing",
      "bug": "DELETE answers 200 and does nothing"
    },
    {
      "name": "deleted-answers-200",
      "bug": "a GET that finds a tombstone in the memtable answers 200 with an empty body"
    },
    {
      "name": "delete-of-absent-fails",
      "bug": "DELETE of a key that is not there answers 500"
    },
    {
      "name": "tombstone-not-overwritten",
      "bug": "a PUT does not bring back a key whose tombstone is in the memtable"
    }
  ],
  "delete-flushed": [
    {
      "name": "tombstone-dropped-at-flush",
      "bug": "tombstones are left out of the flush, so that older SSTables show through again"
    },
    {
      "name": "tombstone-in-sstable-ignored",
      "bug": "a lookup that finds a tombstone in an SSTable goes on to the older ones"
    }
  ],
  "kill-keeps-deletes": [
    {
      "name": "replay-ignores-deletes",
      "bug": "the replay of the WAL applies PUTs only"
    },
    {
      "name": "replay-ends-at-delete",
      "bug": "the replay takes the record of a delete for a torn tail, and cuts it off with all behind it"
    }
  ],
  "compaction-readback": [
    {
      "name": "compaction-oldest-wins",
      "bug": "where several SSTables have a key, a compaction keeps the oldest entry"
    },
    {
      "name": "tombstones-dropped-too-early",
      "bug": "a compaction leaves out the oldest SSTable, and drops tombstones of keys that it has"
    },
    {
      "name": "last-group-not-written",
      "bug": "what a compaction has left for its last, smaller SSTable is never written"
    }
  ],
  "kill-in-compaction": [
    {
      "name": "inputs-removed-first",
      "bug": "a compaction removes its inputs once it has opened them, and replaces MANIFEST a while later"
    }
  ],
  "files-compaction": [
    {
      "name": "only-puts-are-counted",
      "bug": "DELETEs do not count among the 10,000 updates that lead to a compaction"
    },
    {
      "name": "compacted-files-stay",
      "bug": "a compaction does not remove the SSTables that it has merged"
    }
  ],
  "replay-week-04": [
    {
      "name": "keeps-200-tombstones",
      "bug": "a memtable keeps no more than its 200 latest tombstones"
    }
  ],
  "replay-week-05-short": [
    {
      "name": "scan-of-30-keys",
      "bug": "a scan answers 30 keys at most"
    }
  ],
  "scan-basics": [
    {
      "name": "scan-end-inclusive",
      "bug": "a scan answers its end too, if that is a key"
    },
    {
      "name": "scan-empty-answers-404",
      "bug": "a scan of an empty range is answered with 404"
    },
    {
      "name": "scan-drops-recreated",
      "bug": "a scan leaves out each key that was ever deleted, also if it was written again"
    },
    {
      "name": "scan-start-exclusive",
      "bug": "a scan leaves out its start"
    }
  ],
  "scan-flushed": [
    {
      "name": "scan-forgets-tombstones",
      "bug": "a scan skips tombstones of the memtable before it merges, so that they hide nothing"
    },
    {
      "name": "scan-oldest-wins",
      "bug": "a scan takes the memtable for the oldest of its sources"
    }
  ],
  "levels-readback": [
    {
      "name": "l1-last-key-excluded",
      "bug": "the last key of a range is looked for in the next file of L1"
    },
    {
      "name": "compaction-ignores-l1",
      "bug": "a compaction merges the files of L0 only, and puts the result in the place of L1"
    },
    {
      "name": "l1-wins-over-l0",
      "bug": "a compaction takes L1 for newer than L0"
    }
  ],
  "kill-in-leveling": [
    {
      "name": "levels-removed-first",
      "bug": "a compaction removes the files of both levels once it has opened them, and replaces MANIFEST a while later"
    },
    {
      "name": "levels-removed-before-manifest",
      "bug": "a compaction removes the files that it has merged a moment before it replaces MANIFEST"
    },
    {
      "name": "manifest-compacted-in-place",
      "bug": "a compaction writes MANIFEST in place, in two parts, beside a copy of the old one that the next start prefers"
    },
    {
      "name": "merged-files-removed-before-manifest",
      "bug": "a compaction in the background removes the files that it has merged a moment before MANIFEST stops listing them"
    }
  ],
  "files-levels": [
    {
      "name": "compacts-at-six-files",
      "bug": "L0 is compacted when it has more than five files"
    },
    {
      "name": "compacted-levels-stay",
      "bug": "a compaction does not remove the files that it has merged"
    },
    {
      "name": "l1-range-cut-short",
      "bug": "the ranges in MANIFEST have the last key without its last letter"
    }
  ],
  "manifest-damage": [
    {
      "name": "damaged-lines-skipped",
      "bug": "a start skips each line of MANIFEST that it cannot make sense of"
    },
    {
      "name": "missing-file-not-noticed",
      "bug": "a start takes an SSTable that is listed and not there for one that is not listed"
    },
    {
      "name": "order-of-ranges-trusted",
      "bug": "a start does not look whether the ranges of L1 ascend"
    },
    {
      "name": "orphans-removed-unread",
      "bug": "a start removes the SSTables whose names it does not find in MANIFEST, and only then reads all of it"
    },
    {
      "name": "unreadable-log-number-drops-logs",
      "bug": "a start that cannot read the [WAL] line of MANIFEST takes all logs for done with"
    }
  ],
  "replay-week-05": [
    {
      "name": "scan-of-200-keys",
      "bug": "a scan answers 200 keys at most"
    }
  ],
  "replay-week-06-short": [
    {
      "name": "memtable-of-100-entries",
      "bug": "the memtable drops its oldest entry beyond 100"
    }
  ],
  "value-limits": [
    {
      "name": "long-value-cut-to-64",
      "bug": "a value of more than 64 bytes is acknowledged, and cut to 64"
    },
    {
      "name": "empty-value-becomes-tombstone",
      "bug": "an empty value is acknowledged, and is a tombstone once it is flushed"
    }
  ],
  "block-edges": [
    {
      "name": "value-field-of-63",
      "bug": "a zero byte is expected behind each value, so that one of 64 bytes loses its last"
    },
    {
      "name": "first-key-of-block-missed",
      "bug": "the search in the index goes for a first key that is smaller than the key"
    },
    {
      "name": "last-block-dropped",
      "bug": "the last block of an SSTable is left out of its index"
    }
  ],
  "files-blocks": [
    {
      "name": "checksum-of-entries-only",
      "bug": "the checksum of a data block leaves out the bytes before its entries"
    },
    {
      "name": "buffer-not-cleared",
      "bug": "one buffer serves for all blocks, and keeps the entries of a longer one before"
    },
    {
      "name": "index-has-last-keys",
      "bug": "the index has the last key of each block, and is searched for the first that is not smaller"
    }
  ],
  "block-damage": [
    {
      "name": "checksum-never-compared",
      "bug": "the checksums of data blocks are written, and never compared"
    },
    {
      "name": "damaged-block-ends-server",
      "bug": "a block whose checksum does not match ends the server"
    }
  ],
  "compaction-damage": [
    {
      "name": "compaction-skips-damaged-blocks",
      "bug": "a compaction skips blocks that do not match their checksums"
    },
    {
      "name": "compaction-ends-at-damaged-block",
      "bug": "a compaction takes an SSTable to end before its first damaged block"
    },
    {
      "name": "compaction-verifies-nothing",
      "bug": "only lookups compare checksums: a compaction gives a damaged block a right one"
    }
  ],
  "stray-files": [
    {
      "name": "unlisted-tables-are-read",
      "bug": "a start takes the SSTables that it finds in l0 for those that MANIFEST lists"
    }
  ],
  "replay-week-06": [
    {
      "name": "tombstone-read-as-empty",
      "bug": "a value field of zeros is read as an empty value"
    }
  ],
  "replay-week-07-short": [
    {
      "name": "trie-emptied-at-100",
      "bug": "the trie begins anew when it has 100 entries, without a flush"
    }
  ],
  "prefix-keys": [
    {
      "name": "trie-edge-not-compared",
      "bug": "a lookup in the trie compares the first letter of an edge only"
    },
    {
      "name": "trie-delete-takes-subtree",
      "bug": "a DELETE of a key takes the keys that begin with it along"
    },
    {
      "name": "trie-split-keeps-old-value",
      "bug": "a key that ends in the middle of an edge is not stored when the edge is split"
    }
  ],
  "files-bloom": [
    {
      "name": "filter-misses-tombstones",
      "bug": "the keys of tombstones are left out of the Bloom filter"
    },
    {
      "name": "filter-with-one-probe",
      "bug": "a key sets and asks for one bit instead of five"
    },
    {
      "name": "hash-cut-to-32-bits",
      "bug": "only the lower 32 bits of a hash count"
    },
    {
      "name": "compaction-writes-no-filter",
      "bug": "only a flush writes the file of a filter, a compaction does not"
    },
    {
      "name": "filter-removed-as-orphan",
      "bug": "a start removes filters, which MANIFEST does not list, and makes new ones in memory only"
    }
  ],
  "filter-damage": [
    {
      "name": "filter-checksum-ignored",
      "bug": "the checksum of a filter is stored, and never compared"
    },
    {
      "name": "missing-filter-denies-all",
      "bug": "where the file of a filter is missing, an empty filter takes its place"
    }
  ],
  "filter-asked": [
    {
      "name": "filter-never-asked",
      "bug": "the filter is built, stored and loaded, and never asked"
    }
  ],
  "replay-week-07": [
    {
      "name": "filter-of-first-keys",
      "bug": "a filter takes the first 1,000 keys of its SSTable, and no more"
    }
  ],
  "replay-week-08-short": [
    {
      "name": "requests-share-a-variable",
      "bug": "the entry of a write is kept in a field that the next request overwrites"
    }
  ],
  "requests-go-on": [
    {
      "name": "requests-wait-for-compaction",
      "bug": "reads and writes wait while a compaction runs, which takes a moment"
    }
  ],
  "no-lost-updates": [
    {
      "name": "late-writes-join-the-group",
      "bug": "writes that come while a group is written to the log join it, and are acknowledged with it"
    }
  ],
  "linearizable": [
    {
      "name": "full-memtable-not-read",
      "bug": "a full memtable is not read any more, and its SSTable not yet"
    },
    {
      "name": "value-cache-filled-late",
      "bug": "a cache of values is filled by reads a moment later, when a write may have come between"
    }
  ],
  "linearizable-deletes": [
    {
      "name": "full-memtable-hides-no-value",
      "bug": "a tombstone in a full memtable is taken for no entry, so that older values come back"
    }
  ],
  "scans-one-moment": [
    {
      "name": "scan-in-portions",
      "bug": "a scan reads a hundred keys at a time, each portion of the newest version"
    },
    {
      "name": "scan-does-not-pin",
      "bug": "a scan reads a bit at a time, and releases its version at the beginning"
    }
  ],
  "flush-meets-compaction": [
    {
      "name": "compaction-empties-l0",
      "bug": "a compaction publishes an empty L0, and with it forgets what was flushed meanwhile"
    },
    {
      "name": "flush-publishes-old-levels",
      "bug": "a flush that ends after a compaction publishes the levels of its beginning, and with them files that are gone"
    }
  ],
  "kill-many-in-flight": [
    {
      "name": "group-answered-before-its-sync",
      "bug": "a group of writes is applied and answered while the log still waits for it"
    }
  ],
  "kill-in-background": [
    {
      "name": "only-the-newest-log-replayed",
      "bug": "a start replays the newest log only"
    },
    {
      "name": "logs-replayed-newest-first",
      "bug": "the logs are replayed from the newest to the oldest, so that old values win"
    },
    {
      "name": "logs-joined-at-start",
      "bug": "a start puts what all logs have into one memtable, and removes all but the newest log"
    },
    {
      "name": "log-removed-before-manifest",
      "bug": "a flush removes the log before MANIFEST lists the SSTable"
    }
  ],
  "torn-log": [
    {
      "name": "torn-log-not-cut",
      "bug": "a torn record is skipped but left in the log, and the next record is glued to it"
    },
    {
      "name": "torn-log-refuses-start",
      "bug": "a record cut short in the newest log is an error that ends every later start"
    }
  ],
  "numbered-files": [
    {
      "name": "lower-logs-replayed",
      "bug": "a start replays every log that is there, also those below [WAL]"
    },
    {
      "name": "manifests-in-order-of-names",
      "bug": "MANIFEST-9 counts and MANIFEST-10 does not, as names are compared"
    },
    {
      "name": "logs-in-order-of-names",
      "bug": "logs are replayed in the order of their names, wal-10 before wal-9"
    }
  ],
  "files-versions": [
    {
      "name": "old-versions-stay",
      "bug": "what no version uses any more is never removed, and a start looks for no orphans"
    }
  ],
  "replay-week-08": [
    {
      "name": "newest-flush-listed-first",
      "bug": "a flush lists its SSTable as the oldest of L0"
    }
  ]
};
