import * as fs from 'node:fs';
import {mkdir, open, readdir, readFile, rename, stat, unlink} from 'node:fs/promises';
import {dirname, isAbsolute, join, normalize} from 'node:path';
import type {File, FileSystem} from './file-system.ts';
import {NodeFile} from './node-file.ts';
import {pathSegments} from './relative-path.ts';

/** Every write goes to the end (O_APPEND), whatever was read or truncated before. */
const OPEN_FLAGS = {
  read: fs.constants.O_RDONLY,
  append: fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_APPEND,
  create: fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_TRUNC | fs.constants.O_APPEND,
};

/** What systems answer that do not let a directory be opened or synced. */
const DIRECTORY_SYNC_UNSUPPORTED = new Set(['EISDIR', 'EINVAL', 'EPERM', 'ENOTSUP']);

/** The data folder on a real disk. */
export class NodeFileSystem implements FileSystem {
  /** Absolute path of the data folder. */
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /**
   * Creates the folder `root` and its missing parents, durably.
   * @param root an absolute path
   */
  static async open(root: string): Promise<NodeFileSystem> {
    if (!isAbsolute(root))
      throw new Error(`the data folder must be an absolute path, got "${root}"`);
    const folder = normalize(join(root, '.'));
    const firstCreated = await mkdir(folder, {recursive: true});
    if (firstCreated !== undefined) {
      // Each new name lives in the folder above it.
      for (let created = folder; ; created = dirname(created)) {
        await syncDirectory(dirname(created));
        if (created === firstCreated || created === dirname(created)) break;
      }
    }
    return new NodeFileSystem(folder);
  }

  async open(path: string, mode: 'read' | 'append' | 'create'): Promise<File> {
    return NodeFile.open(this.#resolve(path), OPEN_FLAGS[mode]);
  }

  async readFile(path: string): Promise<Uint8Array> {
    return plainBytes(await readFile(this.#resolve(path)));
  }

  readFileSync(path: string): Uint8Array {
    return plainBytes(fs.readFileSync(this.#resolve(path)));
  }

  async rename(from: string, to: string): Promise<void> {
    await rename(this.#resolve(from), this.#resolve(to));
  }

  async remove(path: string): Promise<void> {
    await unlink(this.#resolve(path));
  }

  async makeDir(path: string): Promise<void> {
    const folder = this.#resolve(path);
    try {
      await mkdir(folder);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST' || !(await stat(folder)).isDirectory()) throw error;
    }
  }

  async list(path: string): Promise<string[]> {
    return (await readdir(this.#resolve(path))).sort();
  }

  async syncDir(path: string): Promise<void> {
    await syncDirectory(this.#resolve(path));
  }

  #resolve(path: string): string {
    return join(this.root, ...pathSegments(path));
  }
}

async function syncDirectory(folder: string): Promise<void> {
  try {
    const handle = await open(folder, fs.constants.O_RDONLY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // Such a system keeps names by its own means; nothing more can be asked of it.
    if (!DIRECTORY_SYNC_UNSUPPORTED.has(errorCode(error) ?? '')) throw error;
  }
}

/** Not a Buffer, whose `slice` shares memory where that of a Uint8Array copies. */
function plainBytes(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
