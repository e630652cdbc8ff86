/** What was asked of a MemoryFileSystem, and how a test may interfere. */

export type OperationKind =
  | 'open'
  | 'append'
  | 'read'
  | 'truncate'
  | 'sync'
  | 'close'
  | 'readFile'
  | 'rename'
  | 'remove'
  | 'makeDir'
  | 'list'
  | 'syncDir';

export interface Request {
  readonly kind: OperationKind;
  /** The path by which it was asked for; a file keeps the one it was opened by. */
  readonly path: string;
  /** rename: the new path. */
  readonly to?: string;
  /** open: the mode. */
  readonly mode?: 'read' | 'append' | 'create';
  /** append: how many are to be written; read: how many are asked for at most. */
  readonly bytes?: number;
}

export interface Operation extends Request {
  /** 0 for the first operation of its file system; reads count. */
  readonly index: number;
}

/** How an operation fails. Nothing of it is done, short writes apart. */
export interface Fault {
  readonly code: 'EIO' | 'ENOSPC';
  /**
   * append: so many bytes are written before it fails.
   * @default 0
   */
  readonly shortWriteBytes?: number;
}

export interface OperationHooks {
  /** Asked before every operation; what it returns makes the operation fail. */
  readonly beforeOperation?: ((operation: Operation) => Fault | undefined) | undefined;

  /**
   * Told at once after every operation that changed what the process sees or
   * what a crash would leave, failed ones included if they changed something.
   * The moment to take a clone.
   */
  readonly afterMutation?: ((operation: Operation) => void) | undefined;

  /**
   * Awaited before every asynchronous operation. Without it operations take
   * effect when they are called, and a caller that forgets to await one is not
   * found out; a pause that yields to the event loop finds it.
   */
  readonly pause?: ((request: Request) => Promise<void>) | undefined;
}

/** "append wal.db, 58 bytes", for messages. */
export function describeOperation(operation: Request): string {
  const target = operation.to === undefined ? '' : ` to ${operation.to}`;
  const mode = operation.mode === undefined ? '' : ` for ${operation.mode}`;
  const size = operation.bytes === undefined ? '' : `, ${operation.bytes} bytes`;
  return `${operation.kind} ${operation.path || '(data folder)'}${target}${mode}${size}`;
}
