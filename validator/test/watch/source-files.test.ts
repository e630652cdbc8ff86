import {mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {SourceFiles} from '../../src/watch/source-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kv-test-'));
});
afterEach(() => rmSync(folder, {recursive: true}));

function write(path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), {recursive: true});
  writeFileSync(file, text);
}

it('a file that is added, changed, replaced or removed has changed', () => {
  write('a.ts', '1');
  const files = new SourceFiles(folder);
  expect(files.changes()).toEqual([]);
  write('src/b.ts', '1');
  expect(files.changes()).toEqual(['src/b.ts']);
  write('a.ts', '22');
  expect(files.changes()).toEqual(['a.ts']);
  write('new', '333');
  renameSync(join(folder, 'new'), join(folder, 'a.ts'));
  expect(files.changes()).toEqual(['a.ts']);
  rmSync(join(folder, 'src/b.ts'));
  expect(files.changes()).toEqual(['src/b.ts']);
});

it('one that is written again with the same content has not', () => {
  write('server', 'binary');
  const files = new SourceFiles(folder);
  write('server', 'binary');
  utimesSync(join(folder, 'server'), 1, 1);
  expect(files.changes()).toEqual([]);
});

it('what is not source is left out', () => {
  write('.gitignore', '# built\n/server\nclasses/\n*.pyc\n!kept\n');
  const files = new SourceFiles(folder);
  for (const path of ['server', 'classes/A.class', 'x/y.pyc', '.kv/progress.json'])
    write(path, '1');
  for (const path of ['node_modules/a/b.js', 'target/debug/x', 'data/wal.db', 'a.ts~'])
    write(path, '1');
  expect(files.changes()).toEqual([]);
  write('src/server', '1');
  expect(files.changes()).toEqual(['src/server']);
});

it('a folder with too many files is refused, with advice', () => {
  for (let index = 0; index <= 2_000; index++) write(`f${index}`, '');
  expect(() => new SourceFiles(folder)).toThrow(/more than 2000 files .* in \.gitignore/);
});
