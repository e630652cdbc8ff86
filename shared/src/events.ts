/**
 * What an engine reports while it works. Silent unless a callback is given;
 * tests wait for events instead of sleeping.
 */
export interface EngineEvent {
  /** Stable, in kebab case: `flush`, `wal-truncated`. */
  readonly type: string;
  /** The path inside the data folder that the event is about. */
  readonly file?: string;
  /** Bytes from the start of `file`. */
  readonly offset?: number;
  /** Entries or bytes, as the type says. */
  readonly count?: number;
  readonly reason?: string;
}

export type OnEvent = (event: EngineEvent) => void;
