import {closeSync, openSync, readSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import {GraderError} from '../errors.ts';
import {RunFolder} from '../server/run-folder.ts';
import type {HistoryOutcome, HistoryRecord} from './history-record.ts';

/**
 * Keeps a history in memory, and on disk when it is long. In the order in
 * which the requests ended.
 *
 * A record is 32 bytes, in the byte order of the machine, since no other ever
 * reads it, and what was observed, padded to a multiple of 8:
 *
 *     0   u32  line
 *     4   u16  connection
 *     6   u8   attempt
 *     7   u8   outcome
 *     8   u32  status
 *     12  u32  bytes observed
 *     16  f64  invokeUs
 *     24  f64  returnUs
 *     32  observed, latin1
 */
const HEADER_BYTES = 32;
const CHUNK_BYTES = 256 * 1024;
/** A quarter of a million requests, about. */
const MEMORY_BYTES_DEFAULT = 8 * 1024 * 1024;

const OUTCOMES: readonly HistoryOutcome[] = [
  'as-expected',
  'observed',
  'absent',
  'other',
  'lost',
  'not-sent',
];
const OUTCOME_CODES: Readonly<Record<HistoryOutcome, number>> = {
  'as-expected': 0,
  observed: 1,
  absent: 2,
  other: 3,
  lost: 4,
  'not-sent': 5,
};

class Chunk {
  readonly bytes: Buffer;
  readonly #words: Uint32Array;
  readonly #doubles: Float64Array;
  length = 0;

  constructor(sizeBytes: number) {
    const buffer = new ArrayBuffer(sizeBytes);
    this.bytes = Buffer.from(buffer);
    this.#words = new Uint32Array(buffer);
    this.#doubles = new Float64Array(buffer);
  }

  /** REQUIRES: there is room. */
  add(record: HistoryRecord, sizeBytes: number): void {
    const {observed} = record;
    const at = this.length;
    const word = at >>> 2;
    this.#words[word] = record.line;
    this.bytes.writeUInt16LE(record.connection, at + 4);
    this.bytes[at + 6] = record.attempt;
    this.bytes[at + 7] = OUTCOME_CODES[record.outcome];
    this.#words[word + 2] = record.status;
    this.#words[word + 3] = observed === undefined ? 0 : observed.length;
    this.#doubles[(at + 16) >>> 3] = record.invokeUs;
    this.#doubles[(at + 24) >>> 3] = record.returnUs;
    if (observed !== undefined) this.bytes.write(observed, at + HEADER_BYTES, 'latin1');
    this.length = at + sizeBytes;
  }

  *records(): Generator<HistoryRecord, void, undefined> {
    let at = 0;
    while (at < this.length) {
      const word = at >>> 2;
      const observedBytes = this.#words[word + 3] ?? 0;
      const outcome = OUTCOMES[this.bytes[at + 7] ?? 0] ?? 'lost';
      const from = at + HEADER_BYTES;
      yield {
        line: this.#words[word] ?? 0,
        connection: this.bytes.readUInt16LE(at + 4),
        attempt: this.bytes[at + 6] ?? 1,
        invokeUs: this.#doubles[(at + 16) >>> 3] ?? 0,
        returnUs: this.#doubles[(at + 24) >>> 3] ?? 0,
        outcome,
        status: this.#words[word + 2] ?? 0,
        observed:
          outcome === 'observed'
            ? this.bytes.toString('latin1', from, from + observedBytes)
            : undefined,
      };
      at += recordBytes(observedBytes);
    }
  }
}

interface Spill {
  readonly folder: RunFolder;
  readonly file: number;
  /** Lengths of the chunks in the file, one behind the other. */
  readonly chunkBytes: number[];
}

export interface HistoryOptions {
  /** What exceeds it goes to a temporary file. @default 8 MiB */
  readonly memoryBytesMax?: number;
}

export class HistoryRecorder {
  readonly #memoryBytesMax: number;
  readonly #startedAt = performance.now();
  #chunks: Chunk[] = [];
  #memoryBytes = 0;
  #spill: Spill | undefined;
  #length = 0;

  constructor(options: HistoryOptions = {}) {
    this.#memoryBytesMax = options.memoryBytesMax ?? MEMORY_BYTES_DEFAULT;
  }

  /** Records so far. */
  get length(): number {
    return this.#length;
  }

  /** The folder of the temporary file, once part of the history is on disk. */
  get spillFolder(): string | undefined {
    return this.#spill?.folder.path;
  }

  /** The microseconds of a `performance.now()`. */
  timeUs(nowMs: number): number {
    return (nowMs - this.#startedAt) * 1_000;
  }

  /** @throws GraderError if the temporary file cannot be written */
  add(record: HistoryRecord): void {
    const sizeBytes = recordBytes(record.observed?.length ?? 0);
    this.#chunkFor(sizeBytes).add(record, sizeBytes);
    this.#length++;
  }

  /** In the order in which the requests ended. REQUIRES: nothing is added meanwhile. */
  *records(): Generator<HistoryRecord, void, undefined> {
    if (this.#spill !== undefined) {
      const {file, chunkBytes} = this.#spill;
      let position = 0;
      for (const length of chunkBytes) {
        const chunk = new Chunk(length);
        readSync(file, chunk.bytes, 0, length, position);
        chunk.length = length;
        position += length;
        yield* chunk.records();
      }
    }
    for (const chunk of this.#chunks) yield* chunk.records();
  }

  /** Removes the temporary file, if there is one; the history is gone. */
  dispose(): void {
    this.#chunks = [];
    if (this.#spill === undefined) return;
    closeSync(this.#spill.file);
    this.#spill.folder.remove();
    this.#spill = undefined;
  }

  #chunkFor(sizeBytes: number): Chunk {
    const last = this.#chunks.at(-1);
    if (last !== undefined && last.length + sizeBytes <= last.bytes.length) return last;
    if (this.#memoryBytes >= this.#memoryBytesMax) this.#spillChunks();
    const chunk = new Chunk(Math.max(CHUNK_BYTES, sizeBytes));
    this.#chunks.push(chunk);
    this.#memoryBytes += chunk.bytes.length;
    return chunk;
  }

  #spillChunks(): void {
    try {
      this.#spill ??= openSpill();
      for (const chunk of this.#chunks) {
        writeAll(this.#spill.file, chunk.bytes.subarray(0, chunk.length));
        this.#spill.chunkBytes.push(chunk.length);
      }
    } catch (error) {
      const {message} = error as Error;
      throw new GraderError(`the history cannot be written: ${message}`, {
        cause: error,
      });
    }
    this.#chunks = [];
    this.#memoryBytes = 0;
  }
}

function recordBytes(observedBytes: number): number {
  return HEADER_BYTES + ((observedBytes + 7) & ~7);
}

function openSpill(): Spill {
  const folder = new RunFolder();
  return {folder, file: openSync(join(folder.path, 'history'), 'w+'), chunkBytes: []};
}

function writeAll(file: number, bytes: Buffer): void {
  let written = 0;
  while (written < bytes.length) written += writeSync(file, bytes, written);
}
