/**
 * SSTables in the variable format, an optional task of week 6, as the reference
 * writes them. Numbers are little-endian; the blocks follow the index, and each
 * other, without gaps.
 *
 *   0  VAR1                              index, of each block
 *   4  length of the index, 4 bytes         0  its offset, 4 bytes
 *   8  CRC-64 of the index                  4  its length, 4 bytes
 *  16  index                                8  length of its first key
 *   …  blocks (variable-block.ts)           9  that key
 */
import {
  type ChecksumState,
  type CrcForm,
  detectForm,
  isUnclaimed,
  matchesForm,
} from './checksum.ts';
import {type FileRecord, RECORDS_MAX} from './file-record.ts';
import {type Problem, ProblemList, shown} from './problem.ts';
import {
  type BlockPlace,
  ENTRIES,
  isCompressed,
  METHOD,
  readVariableEntries,
  unpack,
} from './variable-block.ts';

export interface VariableTable {
  /** Of the index alone. */
  readonly indexBytes: number;
  readonly indexChecksum: ChecksumState;
  readonly blocks: readonly VariableBlock[];
  /** How checksums are computed and stored; undefined if none matches. */
  readonly crcForm: CrcForm | undefined;
  readonly problems: readonly Problem[];
}

export interface VariableBlock {
  readonly offset: number;
  readonly sizeBytes: number;
  /** As the index has it. */
  readonly firstKey: string;
  readonly isCompressed: boolean;
  /** Of its entries, once they are not compressed any more. */
  readonly contentBytes: number;
  readonly checksum: ChecksumState;
  readonly records: readonly FileRecord[];
}

const MAGIC = 'VAR1';
const INDEX_LENGTH = 4;
const INDEX_CRC = 8;
const CRC_BYTES = 8;
const INDEX = 16;
const SLOT_BYTES = 9;
/** Of all blocks together: a small file may hold a lot. */
const CONTENT_BYTES_MAX = 64 * 1024 * 1024;

export function isVariable(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, MAGIC.length)).toString('latin1') === MAGIC;
}

/** REQUIRES: `isVariable(bytes)`. */
export function readVariableTable(bytes: Uint8Array): VariableTable {
  return new VariableReader(bytes).read();
}

/** A line of the index. */
interface Slot {
  readonly offset: number;
  readonly sizeBytes: number;
  readonly firstKey: string;
}

class VariableReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #list = new ProblemList();
  readonly #blocks: VariableBlock[] = [];
  #crcForm: CrcForm | undefined;
  #recordCount = 0;
  #contentBytes = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  read(): VariableTable {
    const {problems} = this.#list;
    const indexBytes = this.#indexBytes();
    if (indexBytes === undefined) {
      return {indexBytes: 0, indexChecksum: 'none', blocks: [], crcForm: undefined, problems};
    }
    const index = this.#bytes.subarray(INDEX, INDEX + indexBytes);
    const indexChecksum = this.#checksum(INDEX_CRC, index, 'the index');
    let end = INDEX + indexBytes;
    for (const [position, slot] of this.#slots(index).entries()) {
      if (!this.#isAt(slot, end, position) || this.#isTooMuch(end)) break;
      this.#readBlock(slot, `data block ${position}`);
      end += slot.sizeBytes;
    }
    const isWhole = problems.length > 0 || end === this.#bytes.length;
    if (!isWhole) {
      const message = `it goes on for ${this.#bytes.length - end} bytes behind its last block`;
      this.#list.add(end, 'variable-blocks', message);
    }
    const crcForm = this.#crcForm;
    return {indexBytes, indexChecksum, blocks: this.#blocks, crcForm, problems};
  }

  #indexBytes(): number | undefined {
    const {length} = this.#bytes;
    if (length < INDEX) {
      this.#list.add(length, 'variable-index', `it has ${length} bytes, less than ${INDEX}`);
      return undefined;
    }
    const indexBytes = this.#view.getUint32(INDEX_LENGTH, true);
    if (INDEX + indexBytes <= length) return indexBytes;
    const message = `its index has ${indexBytes} bytes, and the file only ${length}`;
    this.#list.add(INDEX_LENGTH, 'variable-index', message);
    return undefined;
  }

  /** As far as they are whole. */
  #slots(index: Uint8Array): Slot[] {
    const slots: Slot[] = [];
    for (let start = 0; start < index.length; ) {
      const keyBytes = index[start + SLOT_BYTES - 1] ?? 0;
      const end = start + SLOT_BYTES + keyBytes;
      if (end > index.length) {
        const message = `its index is cut off in slot ${slots.length}`;
        this.#list.add(INDEX + start, 'variable-index', message);
        break;
      }
      slots.push({
        offset: this.#view.getUint32(INDEX + start, true),
        sizeBytes: this.#view.getUint32(INDEX + start + 4, true),
        firstKey: Buffer.from(index.subarray(start + SLOT_BYTES, end)).toString('latin1'),
      });
      start = end;
    }
    return slots;
  }

  /** Whether a block is where the one before it ends, and in the file. */
  #isAt({offset, sizeBytes}: Slot, end: number, position: number): boolean {
    const isWhole = sizeBytes > ENTRIES && end + sizeBytes <= this.#bytes.length;
    if (offset === end && isWhole) return true;
    const message = `data block ${position} has ${sizeBytes} bytes from byte ${offset} on; it should begin at byte ${end}, and the file ends at byte ${this.#bytes.length}`;
    this.#list.add(Math.min(end, this.#bytes.length), 'variable-blocks', message);
    return false;
  }

  #isTooMuch(offset: number): boolean {
    if (this.#recordCount < RECORDS_MAX && this.#contentBytes < CONTENT_BYTES_MAX) return false;
    this.#list.add(offset, 'read-limit', 'what is behind this is not read');
    return true;
  }

  #readBlock(slot: Slot, name: string): void {
    const {offset, sizeBytes, firstKey} = slot;
    const block = this.#bytes.subarray(offset, offset + sizeBytes);
    const checksum = this.#checksum(offset, block.subarray(CRC_BYTES), name);
    const content = unpack(block);
    if (content === undefined) {
      const message = `${name} cannot be decompressed, its method is ${block[METHOD]}`;
      this.#list.add(offset + METHOD, 'variable-compression', message);
    }
    const place = {name, offset, isCompressed: isCompressed(block)};
    const records = this.#records(content ?? new Uint8Array(), place);
    const [first] = records;
    if (first !== undefined && first.key !== firstKey) {
      const message = `${name} begins with ${shown(first.key)}, and the index has ${shown(firstKey)}`;
      this.#list.add(first.offset, 'variable-index', message);
    }
    this.#recordCount += records.length;
    this.#contentBytes += content?.length ?? 0;
    const shape = {isCompressed: place.isCompressed, contentBytes: content?.length ?? 0};
    this.#blocks.push({...slot, ...shape, checksum, records});
  }

  #records(content: Uint8Array, place: BlockPlace): FileRecord[] {
    if (content.length === 0) return [];
    const before = this.#blocks.at(-1)?.records.at(-1);
    return readVariableEntries(content, place, before, this.#list);
  }

  /** @param crcOffset of the 8 bytes; @param content what they are the checksum of */
  #checksum(crcOffset: number, content: Uint8Array, name: string): ChecksumState {
    const stored = this.#bytes.subarray(crcOffset, crcOffset + CRC_BYTES);
    if (isUnclaimed(stored)) {
      this.#list.add(crcOffset, 'checksum', `${name} has no checksum`);
      return 'none';
    }
    this.#crcForm ??= detectForm(content, stored);
    if (this.#crcForm !== undefined && matchesForm(content, stored, this.#crcForm)) return 'right';
    this.#list.add(crcOffset, 'checksum', `the checksum of ${name} is not that of its bytes`);
    return 'wrong';
  }
}
