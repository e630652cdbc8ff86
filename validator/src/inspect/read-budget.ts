export interface ReadLimits {
  /** Of all files together. */
  readonly bytes: number;
  readonly fileBytes: number;
  /** Processor time of this process: how busy the machine is must not change what is found. */
  readonly cpuMs: number;
}

/** Bounds what is read of a folder, where somebody waits for it. */
export class ReadBudget {
  readonly #limits: ReadLimits;
  readonly #start = process.cpuUsage();
  #bytesLeft: number;

  constructor(limits: ReadLimits) {
    this.#limits = limits;
    this.#bytesLeft = limits.bytes;
  }

  /** The size of the largest file that may still be read; 0 once the time is up. */
  get fileBytesMax(): number {
    const {user, system} = process.cpuUsage(this.#start);
    if ((user + system) / 1_000 >= this.#limits.cpuMs) return 0;
    return Math.min(this.#limits.fileBytes, this.#bytesLeft);
  }

  spend(bytes: number): void {
    this.#bytesLeft -= bytes;
  }
}
