import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect} from 'vitest';

/**
 * Holds a text against `test/golden/<name>`. With UPDATE_GOLDEN=1 the file is
 * written instead: look at the diff before you commit it.
 */
export function expectGolden(name: string, text: string): void {
  const file = fileURLToPath(new URL(`golden/${name}`, import.meta.url));
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(dirname(file), {recursive: true});
    writeFileSync(file, text);
  }
  if (!existsSync(file)) throw new Error(`${file} does not exist; UPDATE_GOLDEN=1 writes it`);
  expect(text).toBe(readFileSync(file, 'utf8'));
}
