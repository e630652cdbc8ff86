/**
 * MANIFEST, in all its forms: which SSTables make up the data.
 *
 *   weeks 2 to 4   weeks 5 to 7               week 8, MANIFEST-4
 *
 *   sst-1.json     [L0]                       [WAL] 3
 *   sst-2.json     sst-7.json
 *                                             [L0]
 *                  [L1]                       …
 *                  apple-lemon: sst-5.json
 *
 * Which of them it is can be seen in the file.
 */
import {type Problem, ProblemList, shown} from './problem.ts';

export interface ManifestFile {
  /** One list, or one for each level. */
  readonly form: 'list' | 'levels';
  /** The number in the [WAL] line, if there is one. */
  readonly walFirst: number | undefined;
  /** Headers of levels; 1 for a list. */
  readonly levelCount: number;
  /** In the order of the file. */
  readonly tables: readonly ListedTable[];
  readonly problems: readonly Problem[];
}

/** A line that names an SSTable. */
export interface ListedTable {
  readonly offset: number;
  readonly sizeBytes: number;
  /** 0 in a list. */
  readonly level: number;
  /** As it is written: with or without its folder. */
  readonly name: string;
  /** As it is written, from level 1 on. */
  readonly range: KeyRange | undefined;
}

export interface KeyRange {
  readonly first: string;
  /** The last key; in the series' form the first one that does not belong to it. */
  readonly last: string;
}

interface Line {
  readonly offset: number;
  readonly sizeBytes: number;
  readonly text: string;
}

const WAL = /^\[WAL\] ?(.*)$/;
const HEADER = /^\[L([0-9]{1,3})\]$/;
const RANGED = /^([a-z0-9_]+)-([a-z0-9_]+): (.+)$/;
const LINES_MAX = 100_000;

export function readManifestFile(bytes: Uint8Array): ManifestFile {
  const reader = new ManifestReader();
  const lines = linesOf(bytes);
  reader.form = lines.some(({text}) => WAL.test(text) || HEADER.test(text)) ? 'levels' : 'list';
  for (const [index, line] of lines.entries()) {
    if (index === LINES_MAX) reader.add(line, 'read-limit', `it has more than ${LINES_MAX} lines`);
    if (index >= LINES_MAX) break;
    reader.read(line, index);
  }
  return reader.result(bytes.length);
}

/** The last line may lack its newline. */
function linesOf(bytes: Uint8Array): Line[] {
  const lines: Line[] = [];
  let offset = 0;
  // One character a byte, so that offsets stay right.
  for (const part of Buffer.from(bytes).toString('latin1').split('\n')) {
    const sizeBytes = Math.min(part.length + 1, bytes.length - offset);
    if (sizeBytes > 0) lines.push({offset, sizeBytes, text: part});
    offset += part.length + 1;
  }
  return lines;
}

class ManifestReader {
  form: 'list' | 'levels' = 'list';
  readonly #list = new ProblemList();
  readonly #tables: ListedTable[] = [];
  readonly #names = new Set<string>();
  #walFirst: number | undefined;
  #levelCount = 0;

  add({offset}: Line, rule: Problem['rule'], message: string): void {
    this.#list.add(offset, rule, message);
  }

  result(sizeBytes: number): ManifestFile {
    if (this.form === 'levels' && this.#levelCount < 2) {
      const missing = this.#levelCount === 0 ? '[L0]' : '[L1]';
      this.#list.add(sizeBytes, 'manifest-sections', `it has no section ${missing}`);
    }
    return {
      form: this.form,
      walFirst: this.#walFirst,
      levelCount: this.form === 'list' ? 1 : this.#levelCount,
      tables: this.#tables,
      problems: this.#list.problems,
    };
  }

  read(line: Line, index: number): void {
    const wal = WAL.exec(line.text)?.[1];
    const level = HEADER.exec(line.text)?.[1];
    if (this.form === 'list') this.#readName(line, index);
    else if (wal !== undefined) this.#readWal(line, index, wal);
    else if (level !== undefined) this.#readHeader(line, index, Number(level));
    else if (line.text !== '') this.#readListed(line, index);
  }

  #readWal(line: Line, index: number, digits: string): void {
    const number = /^[0-9]{1,15}$/.test(digits) ? Number(digits) : undefined;
    if (index > 0) this.add(line, 'manifest-wal', `line ${index + 1} is ${shown(line.text)}`);
    else if (number === undefined) {
      this.add(line, 'manifest-wal', `line 1 is ${shown(line.text)}, not [WAL] and a number`);
    }
    this.#walFirst ??= number;
  }

  #readHeader(line: Line, index: number, level: number): void {
    if (level === this.#levelCount) {
      this.#levelCount += 1;
      return;
    }
    const message = `line ${index + 1} is [L${level}], where [L${this.#levelCount}] is expected`;
    this.add(line, 'manifest-sections', message);
  }

  #readListed(line: Line, index: number): void {
    const level = this.#levelCount - 1;
    if (level === -1) {
      const message = `line ${index + 1} is ${shown(line.text)}, before any section`;
      this.add(line, 'manifest-sections', message);
    } else if (level === 0) {
      this.#readName(line, index);
    } else {
      this.#readRanged(line, index, level);
    }
  }

  #readRanged(line: Line, index: number, level: number): void {
    const [, first, last, name] = RANGED.exec(line.text) ?? [];
    if (first === undefined || last === undefined || name === undefined) {
      const message = `line ${index + 1} is ${shown(line.text)}, not min-max: name`;
      this.add(line, 'manifest-ranges', message);
      return;
    }
    const before = this.#tables.findLast((table) => table.level === level)?.range?.last;
    if (first > last) {
      this.add(line, 'manifest-ranges', `line ${index + 1}: its range ends before it begins`);
    } else if (before !== undefined && first < before) {
      const message = `line ${index + 1}: its range begins before the one above it ends`;
      this.add(line, 'manifest-ranges', message);
    }
    this.#addTable(line, index, {level, name, range: {first, last}});
  }

  #readName(line: Line, index: number): void {
    const {text} = line;
    if (text === '' || text.trim() !== text) {
      this.add(line, 'manifest-line', `line ${index + 1} is ${shown(text)}, not a file name`);
      return;
    }
    this.#addTable(line, index, {
      level: Math.max(0, this.#levelCount - 1),
      name: text,
      range: undefined,
    });
  }

  #addTable(line: Line, index: number, table: Pick<ListedTable, 'level' | 'name' | 'range'>): void {
    const {offset, sizeBytes} = line;
    if (this.#names.has(table.name)) {
      this.add(line, 'manifest-line', `line ${index + 1} lists ${shown(table.name)} again`);
    }
    this.#names.add(table.name);
    this.#tables.push({offset, sizeBytes, ...table});
  }
}
