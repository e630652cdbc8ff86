import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {MUTANTS} from '../../../validator/test/mutants/catalogue.ts';
import {formatMatrix, parseMatrix} from '../../../validator/test/mutants/matrix.ts';
import {ROOT} from '../tool.ts';

const FILE = join(ROOT, 'validator/test/golden/matrix.txt');

/** The matrix on disk. It is read anew for each row, so that parts may run at the same time. */
export class MatrixFile {
  /** Mutants and references that have a row. */
  names(): ReadonlySet<string> {
    return new Set(read().keys());
  }

  enter(name: string, failed: readonly string[]): void {
    const matrix = read().set(name, failed);
    writeFileSync(FILE, formatMatrix(matrix, MUTANTS));
  }
}

function read(): Map<string, readonly string[]> {
  return existsSync(FILE) ? parseMatrix(readFileSync(FILE, 'utf8')) : new Map();
}
