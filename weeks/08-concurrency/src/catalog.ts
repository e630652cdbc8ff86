/**
 * The catalog: what makes up the data, in versions. A version never changes; a
 * flush or a compaction publishes a new one. Who reads pins the latest version
 * and sees it to the end, whatever is published meanwhile.
 *
 *   version 4   MANIFEST-4   wal-2, wal-3   sst-1, sst-2            pinned by a scan
 *   version 5   MANIFEST-5   wal-3          sst-1, sst-2, sst-3     a flush
 *   version 6   MANIFEST-6   wal-3          sst-4                   a compaction, the latest
 *
 * Invariants:
 * 1. A version lives while it is the latest or pinned. (5 is gone already.)
 * 2. A file is removed when no live version uses it. (When the scan ends:
 *    MANIFEST-4, wal-2, sst-1 and sst-2. MANIFEST-5 and sst-3 went with 5.)
 * 3. Edits are made to the latest version, one at a time, so none undoes another.
 *
 * LevelDB calls this a version set.
 */
import type {Levels} from './levels.ts';
import type {Memtable} from './memtable.ts';
import type {Wal} from './wal.ts';

/** A memtable, and the log that has the same entries. */
export interface Segment {
  readonly memtable: Memtable;
  readonly wal: Wal;
}

export interface State {
  /** It takes the writes. */
  readonly active: Segment;
  /** Full ones, which wait for their flush, oldest first. They do not change any more. */
  readonly full: readonly Segment[];
  readonly levels: Levels;
  /** The path of the MANIFEST that lists the levels. */
  readonly manifest: string;
}

export interface Version extends State {
  /** Ascends from version to version. */
  readonly number: number;
  /** How often it is pinned; for the catalog alone. */
  pins: number;
}

export class Catalog {
  readonly #onUnused: (paths: readonly string[]) => void;
  #latest: Version;
  readonly #live = new Set<Version>();

  /** @param onUnused is given the files that no live version uses any more */
  constructor(state: State, onUnused: (paths: readonly string[]) => void) {
    this.#onUnused = onUnused;
    this.#latest = {...state, number: 1, pins: 0};
    this.#live.add(this.#latest);
  }

  /** To be looked at without an await; whoever waits has to acquire. */
  get latest(): Version {
    return this.#latest;
  }

  /** Pins the latest version. */
  acquire(): Version {
    this.#latest.pins += 1;
    return this.#latest;
  }

  /** REQUIRES: one call for each that acquired `version`. */
  release(version: Version): void {
    if (version.pins === 0) throw new Error(`version ${version.number} is not pinned`);
    version.pins -= 1;
    this.#retireIfUnused(version);
  }

  /** Makes a new version of the latest. REQUIRES: its files are durable. */
  publish(edit: (latest: State) => Partial<State>): void {
    const before = this.#latest;
    this.#latest = {...before, ...edit(before), number: before.number + 1, pins: 0};
    this.#live.add(this.#latest);
    this.#retireIfUnused(before);
  }

  #retireIfUnused(version: Version): void {
    if (version === this.#latest || version.pins > 0) return;
    this.#live.delete(version);
    const used = new Set([...this.#live].flatMap(filesOf));
    const unused = filesOf(version).filter((path) => !used.has(path));
    if (unused.length > 0) this.#onUnused(unused);
  }
}

/** The newest entry of `key`: null is a tombstone. */
export function getFromMemtables({active, full}: Version, key: string): string | null | undefined {
  let found = active.memtable.get(key);
  for (let index = full.length - 1; found === undefined && index >= 0; index--) {
    found = full[index]?.memtable.get(key);
  }
  return found;
}

function filesOf({active, full, levels, manifest}: State): string[] {
  const logs = [...full, active].map(({wal}) => wal.path);
  return [...logs, ...levels.flat().map(({path}) => path), manifest];
}
