import type {File, FileSystem} from './file-system.ts';
import type {ChooseFate} from './memory-file-system/crash-choice.ts';
import {Directory, type Inode} from './memory-file-system/directory.ts';
import {FileInode} from './memory-file-system/file-inode.ts';
import {FileSystemError} from './memory-file-system/file-system-error.ts';
import {MemoryFile} from './memory-file-system/memory-file.ts';
import type {Operation, OperationHooks, OperationKind} from './memory-file-system/operation.ts';
import {OperationGate} from './memory-file-system/operation-gate.ts';
import {parentPath, pathSegments} from './relative-path.ts';

export interface MemoryFileSystemOptions extends OperationHooks {
  /**
   * How many of the newest operations `operations` has; all are counted.
   * @default 1000
   */
  readonly recordMax?: number;
}

/**
 * A data folder in memory, for tests and for engines inside a web page. It
 * keeps apart what processes see and what is on the disk, and so can show what
 * a crash would leave.
 *
 * Invariants:
 * 1. A change is seen at once, and is durable once a sync of its file (bytes,
 *    length) or of its directory (names) has succeeded, not before.
 * 2. A clone shares nothing with its original.
 *
 * Simplifications: no hard links, no renames across directories, no removal of
 * directories, and no failure that does half of its work, short writes apart.
 */
export class MemoryFileSystem implements FileSystem {
  readonly #gate: OperationGate;
  readonly #recordMax: number;
  #root = new Directory();

  constructor(options: MemoryFileSystemOptions = {}) {
    this.#recordMax = options.recordMax ?? 1000;
    this.#gate = new OperationGate({...options}, this.#recordMax);
  }

  /** How many operations were asked for, those refused included. */
  get operationCount(): number {
    return this.#gate.count;
  }

  operationCountOf(kind: OperationKind): number {
    return this.#gate.countOf(kind);
  }

  /** Files that were opened and not closed. */
  get openFileCount(): number {
    return this.#gate.openFileCount;
  }

  /** The newest operations, oldest first, `recordMax` of them. */
  get operations(): readonly Operation[] {
    return this.#gate.records;
  }

  /** Replaces those hooks that are named. */
  setHooks(hooks: OperationHooks): void {
    this.#gate.hooks = {...this.#gate.hooks, ...hooks};
  }

  /**
   * What the next process finds when this one is killed: everything that was
   * written, synced or not, and what was not synced can still be lost by a
   * later power cut. Hooks are not taken over.
   */
  killClone(): MemoryFileSystem {
    return this.#clone(this.#root.copy());
  }

  /**
   * What the machine finds after a power cut: everything that was synced, and
   * of the rest what `choose` keeps. Writes of which a sync failed are lost
   * without asking. Hooks are not taken over.
   */
  crashClone(choose: ChooseFate): MemoryFileSystem {
    return this.#clone(this.#root.afterPowerCut('', choose));
  }

  /** From now on every operation fails: the process that used this is dead. */
  crash(): void {
    this.#gate.crashed = true;
  }

  /** Every file and its bytes as processes see them, sorted by path. Not counted as operations. */
  *files(): Generator<[path: string, bytes: Uint8Array]> {
    yield* filesIn(this.#root, '');
  }

  async open(path: string, mode: 'read' | 'append' | 'create'): Promise<File> {
    const operation = await this.#gate.pass({kind: 'open', path, mode});
    const parent = this.#directory(parentPath(path), 'open');
    let inode = pathSegments(path).length === 0 ? this.#root : parent.get(nameOf(path));
    if (inode instanceof Directory) throw new FileSystemError('EISDIR', 'open', path);
    if (inode === undefined) {
      if (mode === 'read') throw new FileSystemError('ENOENT', 'open', path);
      inode = new FileInode();
      parent.link(nameOf(path), inode);
      this.#gate.mutated(operation);
    } else if (mode === 'create' && inode.size > 0) {
      inode.truncate(0);
      this.#gate.mutated(operation);
    }
    return new MemoryFile(this.#gate, path, inode, mode !== 'read');
  }

  async readFile(path: string): Promise<Uint8Array> {
    await this.#gate.pass({kind: 'readFile', path});
    return this.#wholeFile(path);
  }

  readFileSync(path: string): Uint8Array {
    this.#gate.passSync({kind: 'readFile', path});
    return this.#wholeFile(path);
  }

  async rename(from: string, to: string): Promise<void> {
    if (parentPath(from) !== parentPath(to)) {
      throw new Error(`rename from "${from}" to "${to}": not modelled across directories`);
    }
    const operation = await this.#gate.pass({kind: 'rename', path: from, to});
    pathSegments(to);
    const file = this.#file(from, 'rename');
    const parent = this.#directory(parentPath(to), 'rename');
    if (parent.get(nameOf(to)) instanceof Directory) {
      throw new FileSystemError('EISDIR', 'rename', to);
    }
    if (from === to) return;
    parent.rename(nameOf(from), nameOf(to), file);
    this.#gate.mutated(operation);
  }

  async remove(path: string): Promise<void> {
    const operation = await this.#gate.pass({kind: 'remove', path});
    this.#file(path, 'remove');
    this.#directory(parentPath(path), 'remove').unlink(nameOf(path));
    this.#gate.mutated(operation);
  }

  async makeDir(path: string): Promise<void> {
    const operation = await this.#gate.pass({kind: 'makeDir', path});
    const existing = this.#find(path);
    if (existing instanceof Directory) return;
    if (existing !== undefined) throw new FileSystemError('EEXIST', 'makeDir', path);
    this.#directory(parentPath(path), 'makeDir').link(nameOf(path), new Directory());
    this.#gate.mutated(operation);
  }

  async list(path: string): Promise<string[]> {
    await this.#gate.pass({kind: 'list', path});
    return this.#directory(path, 'list').names();
  }

  async syncDir(path: string): Promise<void> {
    const operation = await this.#gate.pass({kind: 'syncDir', path});
    if (this.#directory(path, 'syncDir').sync()) this.#gate.mutated(operation);
  }

  #clone(root: Directory): MemoryFileSystem {
    const clone = new MemoryFileSystem({recordMax: this.#recordMax});
    clone.#root = root;
    return clone;
  }

  #wholeFile(path: string): Uint8Array {
    const file = this.#file(path, 'open');
    return file.read(0, file.size);
  }

  #file(path: string, syscall: string): FileInode {
    const inode = this.#find(path);
    if (inode instanceof FileInode) return inode;
    throw new FileSystemError(inode === undefined ? 'ENOENT' : 'EISDIR', syscall, path);
  }

  #directory(path: string, syscall: string): Directory {
    const inode = this.#find(path);
    if (inode instanceof Directory) return inode;
    throw new FileSystemError(inode === undefined ? 'ENOENT' : 'ENOTDIR', syscall, path);
  }

  #find(path: string): Inode | undefined {
    let inode: Inode | undefined = this.#root;
    for (const name of pathSegments(path)) {
      inode = inode instanceof Directory ? inode.get(name) : undefined;
    }
    return inode;
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function* filesIn(
  directory: Directory,
  path: string,
): Generator<[path: string, bytes: Uint8Array]> {
  for (const name of directory.names()) {
    const inode = directory.get(name);
    const childPath = path === '' ? name : `${path}/${name}`;
    if (inode instanceof Directory) yield* filesIn(inode, childPath);
    else if (inode !== undefined) yield [childPath, inode.read(0, inode.size)];
  }
}
