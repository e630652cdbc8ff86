import type {File} from '../file-system.ts';
import type {FileInode} from './file-inode.ts';
import {FileSystemError} from './file-system-error.ts';
import type {OperationKind, Request} from './operation.ts';
import type {OperationGate} from './operation-gate.ts';

/** An open file of a MemoryFileSystem. */
export class MemoryFile implements File {
  readonly #gate: OperationGate;
  readonly #path: string;
  readonly #inode: FileInode;
  readonly #writable: boolean;
  #closed = false;

  constructor(gate: OperationGate, path: string, inode: FileInode, writable: boolean) {
    this.#gate = gate;
    this.#path = path;
    this.#inode = inode;
    this.#writable = writable;
    gate.openFileCount += 1;
  }

  get size(): number {
    return this.#inode.size;
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.#check('append', this.#writable);
    const operation = await this.#gate.pass(this.#request('append', bytes.length), (fault) => {
      this.#inode.append(bytes.subarray(0, fault.shortWriteBytes ?? 0));
    });
    this.#inode.append(bytes);
    this.#gate.mutated(operation);
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    this.#check('read');
    await this.#gate.pass(this.#request('read', length));
    return this.#inode.read(offset, length);
  }

  readSync(offset: number, length: number): Uint8Array {
    this.#check('read');
    this.#gate.passSync(this.#request('read', length));
    return this.#inode.read(offset, length);
  }

  async truncate(size: number): Promise<void> {
    this.#check('truncate', this.#writable);
    const operation = await this.#gate.pass(this.#request('truncate'));
    this.#inode.truncate(size);
    this.#gate.mutated(operation);
  }

  async sync(): Promise<void> {
    this.#check('sync');
    const operation = await this.#gate.pass(this.#request('sync'), () => this.#inode.failSync());
    if (this.#inode.sync()) this.#gate.mutated(operation);
  }

  async close(): Promise<void> {
    this.#check('close');
    this.#closed = true;
    this.#gate.openFileCount -= 1;
    await this.#gate.pass(this.#request('close'));
  }

  #check(kind: OperationKind, permitted = true): void {
    if (this.#closed || !permitted) throw new FileSystemError('EBADF', kind, this.#path);
  }

  #request(kind: OperationKind, bytes?: number): Request {
    return bytes === undefined ? {kind, path: this.#path} : {kind, path: this.#path, bytes};
  }
}
