import {performance} from 'node:perf_hooks';

export interface ReadLimits {
  /** Of all files together. */
  readonly bytes: number;
  readonly fileBytes: number;
  readonly timeMs: number;
}

/** Bounds what is read of a folder, where somebody waits for it. */
export class ReadBudget {
  readonly #end: number;
  readonly #fileBytes: number;
  #bytesLeft: number;

  constructor({bytes, fileBytes, timeMs}: ReadLimits) {
    this.#end = performance.now() + timeMs;
    this.#fileBytes = fileBytes;
    this.#bytesLeft = bytes;
  }

  /** The size of the largest file that may still be read; 0 once the time is up. */
  get fileBytesMax(): number {
    if (performance.now() >= this.#end) return 0;
    return Math.min(this.#fileBytes, this.#bytesLeft);
  }

  spend(bytes: number): void {
    this.#bytesLeft -= bytes;
  }
}
