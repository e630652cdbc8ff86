/** Bytes with a length that changes; what lies beyond it reads as zero once it is reached. */
export class GrowableBytes {
  #buffer = new Uint8Array(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Puts `bytes` at `offset`; a gap before them is filled with zeros. */
  write(offset: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (offset + bytes.length > this.#length) this.resize(offset + bytes.length);
    this.#buffer.set(bytes, offset);
  }

  /** Cuts, or extends with zeros. */
  resize(length: number): void {
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(length, this.#buffer.length * 2, 64));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    } else if (length < this.#length) {
      this.#buffer.fill(0, length, this.#length);
    }
    this.#length = length;
  }

  /** A copy of up to `length` bytes from `offset`; fewer only at the end. */
  read(offset: number, length: number): Uint8Array {
    return this.#buffer.slice(offset, Math.min(offset + length, this.#length));
  }

  copy(): GrowableBytes {
    const copy = new GrowableBytes();
    copy.#buffer = this.#buffer.slice(0, this.#length);
    copy.#length = this.#length;
    return copy;
  }
}
