import {SeededRandom} from '../seeded-random.ts';

/**
 * What a power cut does to the operations that were not synced. POSIX promises
 * nothing about them, not even an order: each is decided for itself.
 */

/** An operation that no sync has made durable yet. */
export type UnsyncedOperation =
  | {readonly kind: 'write'; readonly path: string; readonly offset: number; readonly bytes: number}
  | {readonly kind: 'truncate'; readonly path: string; readonly size: number}
  /** A name that was added to a directory, for a file or a directory. */
  | {readonly kind: 'link'; readonly path: string}
  | {readonly kind: 'unlink'; readonly path: string}
  | {readonly kind: 'rename'; readonly path: string; readonly to: string};

export type Fate = 'lost' | 'kept' | TornWrite;

/** Only for writes. */
export interface TornWrite {
  /** So many bytes of the write reached the disk, from its first one on. */
  readonly keptBytes: number;
  /** The file got its new length all the same: zeros stand for the rest. */
  readonly zeroTail: boolean;
}

export type ChooseFate = (operation: UnsyncedOperation) => Fate;

/** Only what was synced is left: the strictest reading of POSIX. */
export const loseUnsynced: ChooseFate = () => 'lost';

/** All reached the disk just in time. */
export const keepUnsynced: ChooseFate = () => 'kept';

/** Some lost, some kept, some writes torn; the same for the same seed and operations. */
export function randomFates(seed: number): ChooseFate {
  const random = new SeededRandom(seed);
  return (operation) => {
    const dice = random.below(operation.kind === 'write' ? 4 : 2);
    if (dice === 0) return 'lost';
    if (dice === 1 || operation.kind !== 'write') return 'kept';
    return {keptBytes: random.below(operation.bytes), zeroTail: dice === 3};
  };
}
