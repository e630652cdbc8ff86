const MESSAGES = {
  EBADF: 'bad file descriptor',
  EEXIST: 'file already exists',
  EINVAL: 'invalid argument',
  EIO: 'i/o error',
  EISDIR: 'illegal operation on a directory',
  ENOENT: 'no such file or directory',
  ENOSPC: 'no space left on device',
  ENOTDIR: 'not a directory',
} as const;

export type FileSystemErrorCode = keyof typeof MESSAGES;

/** An operating system's error, as Node words it. */
export class FileSystemError extends Error {
  readonly code: FileSystemErrorCode;
  readonly syscall: string;
  readonly path: string;

  constructor(code: FileSystemErrorCode, syscall: string, path: string) {
    super(`${code}: ${MESSAGES[code]}, ${syscall} '${path}'`);
    this.name = 'FileSystemError';
    this.code = code;
    this.syscall = syscall;
    this.path = path;
  }
}
