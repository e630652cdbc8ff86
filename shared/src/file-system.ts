/**
 * The part of a file system that the engines use: verbs at the level of system
 * calls, because the order of write, sync, rename and sync of the directory is
 * what the lessons are about.
 *
 * Paths are relative to the data folder, with `/` between names ("wal.db",
 * "l0/sst-1.json"); "" is the data folder itself.
 *
 * Durability is POSIX at its strictest: bytes are safe once `sync` of their
 * file has settled; a name (created, renamed, removed) is safe once `syncDir`
 * of its directory has settled.
 *
 * Failures are rejections (or throws, for the synchronous verb) with the
 * operating system's error: `code` is ENOENT, ENOSPC, EIO and so on.
 */
export interface FileSystem {
  /**
   * - `read`: the file must exist.
   * - `append`: created if absent; every write goes to the end (O_APPEND).
   * - `create`: created, or emptied if it exists.
   */
  open(path: string, mode: 'read' | 'append' | 'create'): Promise<File>;

  /** The whole file at once. */
  readFile(path: string): Promise<Uint8Array>;

  /** The whole file, in one step: nothing else runs meanwhile. */
  readFileSync(path: string): Uint8Array;

  /** Replaces `to` if it exists, atomically. Both are in the same directory. */
  rename(from: string, to: string): Promise<void>;

  /** Removes a file. */
  remove(path: string): Promise<void>;

  /** Creates a directory; its parent exists. No error if it is there already. */
  makeDir(path: string): Promise<void>;

  /** The names in a directory, sorted. */
  list(path: string): Promise<string[]>;

  /** Makes durable which names the directory holds. */
  syncDir(path: string): Promise<void>;
}

/** An open file. */
export interface File {
  /** Length in bytes, as seen by this process. */
  readonly size: number;

  /**
   * Writes all bytes at the end of the file. After a rejection any part of
   * them may have been written.
   */
  append(bytes: Uint8Array): Promise<void>;

  /** Up to `length` bytes from `offset`; fewer only at the end of the file. */
  read(offset: number, length: number): Promise<Uint8Array>;

  /** As `read`, without the cost of a promise. */
  readSync(offset: number, length: number): Uint8Array;

  /** Cuts the file to `size` bytes. */
  truncate(size: number): Promise<void>;

  /** Makes the file's bytes and length durable (fdatasync), not its name. */
  sync(): Promise<void>;

  close(): Promise<void>;
}
