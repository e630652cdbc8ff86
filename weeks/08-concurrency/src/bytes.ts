/** Numbers (little-endian) and ASCII text, written one after another. */
export class ByteWriter {
  #buffer = new Uint8Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  uint8(value: number): void {
    this.#reserve(1)[this.#length] = value;
    this.#length += 1;
  }

  uint32(value: number): void {
    for (let shift = 0; shift < 32; shift += 8) this.uint8((value >>> shift) & 0xff);
  }

  ascii(text: string): void {
    this.#reserve(text.length);
    new TextEncoder().encodeInto(text, this.#buffer.subarray(this.#length));
    this.#length += text.length;
  }

  /** @param bytes may lie in this writer's own output */
  copy(bytes: Uint8Array): void {
    this.#reserve(bytes.length).set(bytes, this.#length);
    this.#length += bytes.length;
  }

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  #reserve(count: number): Uint8Array {
    if (this.#length + count > this.#buffer.length) {
      const larger = new Uint8Array(2 * (this.#length + count));
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    return this.#buffer;
  }
}

/** Reads what a ByteWriter wrote. REQUIRES: it is read to its end at most. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  uint8(): number {
    return this.#bytes[this.#offset++] ?? 0;
  }

  uint32(): number {
    return (this.uint8() | (this.uint8() << 8) | (this.uint8() << 16) | (this.uint8() << 24)) >>> 0;
  }

  ascii(length: number): string {
    return new TextDecoder().decode(this.take(length));
  }

  take(length: number): Uint8Array {
    const start = this.#offset;
    this.#offset += length;
    return this.#bytes.subarray(start, this.#offset);
  }
}
