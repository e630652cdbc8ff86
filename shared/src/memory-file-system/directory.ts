import type {ChooseFate, UnsyncedOperation} from './crash-choice.ts';
import {FileInode} from './file-inode.ts';

export type Inode = FileInode | Directory;

type Entries = Map<string, Inode>;

type Change =
  | {readonly kind: 'link'; readonly name: string; readonly inode: Inode}
  | {readonly kind: 'unlink'; readonly name: string}
  | {
      readonly kind: 'rename';
      readonly name: string;
      readonly to: string;
      readonly inode: Inode;
    };

/** Copies by original, so that an inode under two names stays one inode. */
type Copies = Map<Inode, Inode>;

/**
 * A directory's names, twice: as processes see them, and as they are on the
 * disk. Unlike a file's bytes (FileInode), names whose sync failed are written
 * by a later one: a file system's journal either succeeds later or refuses
 * everything from then on.
 */
export class Directory {
  #seen: Entries = new Map();
  #durable: Entries = new Map();
  #unsynced: Change[] = [];

  get(name: string): Inode | undefined {
    return this.#seen.get(name);
  }

  /** Sorted. */
  names(): string[] {
    return [...this.#seen.keys()].sort();
  }

  link(name: string, inode: Inode): void {
    this.#change({kind: 'link', name, inode});
  }

  unlink(name: string): void {
    this.#change({kind: 'unlink', name});
  }

  rename(name: string, to: string, inode: Inode): void {
    this.#change({kind: 'rename', name, to, inode});
  }

  /** @returns whether there was anything to sync */
  sync(): boolean {
    const hadUnsynced = this.#unsynced.length > 0;
    for (const change of this.#unsynced) apply(this.#durable, change);
    this.#unsynced = [];
    return hadUnsynced;
  }

  /** The tree as a new process finds it on the same running machine. */
  copy(copies: Copies = new Map()): Directory {
    const copyOf = (inode: Inode): Inode => {
      let copy = copies.get(inode);
      if (copy === undefined) {
        copy = inode instanceof Directory ? inode.copy(copies) : inode.copy();
        copies.set(inode, copy);
      }
      return copy;
    };
    const copy = new Directory();
    copy.#seen = mapInodes(this.#seen, copyOf);
    copy.#durable = mapInodes(this.#durable, copyOf);
    copy.#unsynced = this.#unsynced.map((change) =>
      change.kind === 'unlink' ? change : {...change, inode: copyOf(change.inode)},
    );
    return copy;
  }

  /** The tree as the machine finds it after a power cut. */
  afterPowerCut(path: string, choose: ChooseFate, copies: Copies = new Map()): Directory {
    const kept: Entries = new Map(this.#durable);
    for (const change of this.#unsynced) {
      if (choose(describe(change, path)) === 'kept') apply(kept, change);
    }
    const found = new Directory();
    for (const [name, inode] of [...kept].sort(byName)) {
      const childPath = join(path, name);
      const copy =
        copies.get(inode) ??
        (inode instanceof Directory
          ? inode.afterPowerCut(childPath, choose, copies)
          : inode.afterPowerCut(childPath, choose));
      copies.set(inode, copy);
      found.#durable.set(name, copy);
    }
    found.#seen = new Map(found.#durable);
    return found;
  }

  #change(change: Change): void {
    apply(this.#seen, change);
    this.#unsynced.push(change);
  }
}

function apply(entries: Entries, change: Change): void {
  switch (change.kind) {
    case 'link':
      entries.set(change.name, change.inode);
      break;
    case 'unlink':
      entries.delete(change.name);
      break;
    case 'rename':
      // If the old name was lost, or has become another file's, only the new one is set.
      if (entries.get(change.name) === change.inode) entries.delete(change.name);
      entries.set(change.to, change.inode);
      break;
  }
}

function describe(change: Change, path: string): UnsyncedOperation {
  const named = join(path, change.name);
  if (change.kind === 'rename') return {kind: 'rename', path: named, to: join(path, change.to)};
  return {kind: change.kind, path: named};
}

function mapInodes(entries: Entries, copyOf: (inode: Inode) => Inode): Entries {
  return new Map([...entries].map(([name, inode]) => [name, copyOf(inode)]));
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}

function byName(a: [string, Inode], b: [string, Inode]): number {
  return a[0] < b[0] ? -1 : 1;
}
