import * as fs from 'node:fs';
import type {File} from './file-system.ts';

type Done<T> = (error: Error | null, result?: T) => void;

/**
 * Handing a call to another thread takes longer than the call, if nothing waits for
 * the disk: so do opening a file, and copying less than this to the system's cache.
 */
const SMALL_BYTES = 64 * 1024;

/**
 * A file by its descriptor and node's callback functions. A durable write is
 * `append` and `sync`, and through FileHandle the same two calls take 10 % more
 * processor time.
 *
 * A descriptor's number is given away again once it is closed, so `close` waits
 * for calls that are under way, and no call begins after it.
 */
export class NodeFile implements File {
  #fd: number | undefined;
  #size: number;
  #callsUnderWay = 0;
  #onIdle: (() => void) | undefined;

  private constructor(fd: number, size: number) {
    this.#fd = fd;
    this.#size = size;
  }

  /** @param flags of open(2); with O_APPEND if it is to be written */
  static async open(path: string, flags: number): Promise<NodeFile> {
    const fd = fs.openSync(path, flags, 0o666);
    try {
      const stats = fs.fstatSync(fd);
      if (stats.isDirectory()) throw notAFile(path);
      return new NodeFile(fd, stats.size);
    } catch (error) {
      fs.closeSync(fd);
      throw error;
    }
  }

  get size(): number {
    return this.#size;
  }

  async append(bytes: Uint8Array): Promise<void> {
    let written = 0;
    // A write may be short, for one before the disk is full; the next one says why.
    while (written < bytes.length) {
      const length = bytes.length - written;
      const count =
        length < SMALL_BYTES
          ? fs.writeSync(this.#openFd(), bytes, written, length, null)
          : await this.#run<number>((fd, done) => fs.write(fd, bytes, written, length, null, done));
      written += count;
      this.#size += count;
    }
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const count = await this.#run<number>((fd, done) =>
        fs.read(fd, bytes, filled, length - filled, offset + filled, done),
      );
      if (count === 0) break;
      filled += count;
    }
    return filled === length ? bytes : bytes.subarray(0, filled);
  }

  readSync(offset: number, length: number): Uint8Array {
    const fd = this.#openFd();
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const count = fs.readSync(fd, bytes, filled, length - filled, offset + filled);
      if (count === 0) break;
      filled += count;
    }
    return filled === length ? bytes : bytes.subarray(0, filled);
  }

  async truncate(size: number): Promise<void> {
    await this.#run<void>((fd, done) => fs.ftruncate(fd, size, done));
    this.#size = size;
  }

  sync(): Promise<void> {
    return this.#run<void>((fd, done) => fs.fdatasync(fd, done));
  }

  async close(): Promise<void> {
    const fd = this.#openFd();
    this.#fd = undefined;
    if (this.#callsUnderWay > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    await settle<void>((done) => fs.close(fd, done));
  }

  #openFd(): number {
    if (this.#fd === undefined) {
      throw Object.assign(new Error('EBADF: the file is closed'), {code: 'EBADF'});
    }
    return this.#fd;
  }

  #run<T>(call: (fd: number, done: Done<T>) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const fd = this.#openFd();
      this.#callsUnderWay += 1;
      call(fd, (error, result) => {
        this.#callsUnderWay -= 1;
        if (this.#callsUnderWay === 0) this.#onIdle?.();
        if (error) reject(error);
        else resolve(result as T);
      });
    });
  }
}

function settle<T>(call: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, result) => {
      if (error) reject(error);
      else resolve(result as T);
    });
  });
}

function notAFile(path: string): Error {
  return Object.assign(new Error(`EISDIR: illegal operation on a directory, open '${path}'`), {
    code: 'EISDIR',
  });
}
