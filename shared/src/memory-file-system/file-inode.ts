import type {ChooseFate} from './crash-choice.ts';
import {GrowableBytes} from './growable-bytes.ts';

type Change =
  | {readonly kind: 'write'; readonly offset: number; readonly bytes: Uint8Array}
  | {readonly kind: 'truncate'; readonly size: number};

interface UnsyncedChange {
  readonly change: Change;
  /** A sync of it failed; it will never reach the disk. */
  syncFailed: boolean;
}

/**
 * A file's bytes, twice: as processes see them, and as they are on the disk.
 * Changes take effect in the first at once, in the second when they are synced.
 *
 * A failed sync is modelled as Linux does it: the kernel takes the pages for
 * written all the same, so that reads still show them, but no later sync will
 * write them, and successful ones say nothing of it (https://lwn.net/Articles/752063/).
 */
export class FileInode {
  #seen = new GrowableBytes();
  #durable = new GrowableBytes();
  #unsynced: UnsyncedChange[] = [];

  get size(): number {
    return this.#seen.length;
  }

  read(offset: number, length: number): Uint8Array {
    return this.#seen.read(offset, length);
  }

  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#change({kind: 'write', offset: this.#seen.length, bytes: bytes.slice()});
  }

  truncate(size: number): void {
    this.#change({kind: 'truncate', size});
  }

  /** @returns whether there was anything to sync */
  sync(): boolean {
    const hadUnsynced = this.#unsynced.length > 0;
    for (const {change, syncFailed} of this.#unsynced) {
      if (!syncFailed) apply(this.#durable, change);
    }
    this.#unsynced = [];
    return hadUnsynced;
  }

  failSync(): void {
    for (const unsynced of this.#unsynced) unsynced.syncFailed = true;
  }

  /** The file as a new process finds it on the same running machine. */
  copy(): FileInode {
    const copy = new FileInode();
    copy.#seen = this.#seen.copy();
    copy.#durable = this.#durable.copy();
    copy.#unsynced = this.#unsynced.map((unsynced) => ({...unsynced}));
    return copy;
  }

  /** The file as the machine finds it after a power cut. */
  afterPowerCut(path: string, choose: ChooseFate): FileInode {
    const found = new FileInode();
    found.#durable = this.#durable.copy();
    for (const {change, syncFailed} of this.#unsynced) {
      if (!syncFailed) applyByFate(found.#durable, change, path, choose);
    }
    found.#seen = found.#durable.copy();
    return found;
  }

  #change(change: Change): void {
    apply(this.#seen, change);
    this.#unsynced.push({change, syncFailed: false});
  }
}

function apply(bytes: GrowableBytes, change: Change): void {
  if (change.kind === 'truncate') bytes.resize(change.size);
  else bytes.write(change.offset, change.bytes);
}

function applyByFate(bytes: GrowableBytes, change: Change, path: string, choose: ChooseFate): void {
  if (change.kind === 'truncate') {
    if (choose({kind: 'truncate', path, size: change.size}) === 'kept') apply(bytes, change);
    return;
  }
  const fate = choose({
    kind: 'write',
    path,
    offset: change.offset,
    bytes: change.bytes.length,
  });
  if (fate === 'lost') return;
  if (fate === 'kept') {
    apply(bytes, change);
    return;
  }
  const end = change.offset + change.bytes.length;
  bytes.write(change.offset, change.bytes.subarray(0, fate.keptBytes));
  if (fate.zeroTail && bytes.length < end) bytes.resize(end);
}
