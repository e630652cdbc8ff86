/**
 * The end of what a process prints. Reading goes on however much it is, so that
 * the process never blocks on a full pipe; only the last part is kept.
 */

import type {Readable} from 'node:stream';
import {stripVTControlCharacters} from 'node:util';

const TAIL_BYTES = 64 * 1024;
const LINE_LENGTH_MAX = 500;

export class OutputTail {
  /** Byte n of the output is at n modulo the ring's size. */
  readonly #ring = Buffer.alloc(TAIL_BYTES);
  #sizeBytes = 0;

  /** Several streams may be attached; their output is kept in order of arrival. */
  attach(stream: Readable): void {
    stream.on('data', (chunk: Buffer) => this.#append(chunk));
    // A reset pipe ends the output; how the process ended is told elsewhere.
    stream.on('error', () => {});
  }

  /** The last lines, at most `count`, fit to be shown: no control characters, none overlong. */
  lines(count: number): string[] {
    if (count <= 0) return [];
    const lines = stripVTControlCharacters(this.#text()).split(/\r?\n|\r/);
    // The first one probably lacks its beginning.
    if (this.#sizeBytes > TAIL_BYTES) lines.shift();
    return lines
      .map(printable)
      .filter((line) => line.trim() !== '')
      .slice(-count);
  }

  #append(chunk: Buffer): void {
    const kept = chunk.subarray(-TAIL_BYTES);
    this.#sizeBytes += chunk.length - kept.length;
    const start = this.#sizeBytes % TAIL_BYTES;
    const copied = kept.copy(this.#ring, start);
    kept.copy(this.#ring, 0, copied);
    this.#sizeBytes += kept.length;
  }

  #text(): string {
    if (this.#sizeBytes <= TAIL_BYTES) return this.#ring.toString('utf8', 0, this.#sizeBytes);
    const start = this.#sizeBytes % TAIL_BYTES;
    return Buffer.concat([this.#ring.subarray(start), this.#ring.subarray(0, start)]).toString();
  }
}

function printable(line: string): string {
  const clean = line.replaceAll('\t', '  ').replace(/\p{Cc}|\p{Cf}/gu, '?');
  return clean.length > LINE_LENGTH_MAX ? `${clean.slice(0, LINE_LENGTH_MAX)}…` : clean;
}
