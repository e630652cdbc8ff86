import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, it} from 'vitest';
import {Damage} from '../../src/checks/damage.ts';
import {CheckFailure} from '../../src/checks/failure.ts';
import {Ledger} from '../../src/checks/ledger.ts';

let folder = '';
let ledger: Ledger;
let damage: Damage;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kv-damage-'));
  writeFileSync(join(folder, 'a'), 'abcdef');
  ledger = new Ledger({durable: true, memtableEntriesMax: 10});
  damage = new Damage(folder, ledger);
});

afterEach(() => rmSync(folder, {recursive: true}));

function content(name: string): string | undefined {
  const path = join(folder, name);
  return existsSync(path) ? readFileSync(path, 'latin1') : undefined;
}

it('changes a bit, zeroes, cuts, removes and adds, and says so', async () => {
  await damage.flip('a', 1, 0);
  expect(content('a')).toBe('accdef');
  await damage.zero('a', 2, 4);
  expect(content('a')).toBe('ac\0\0ef');
  await damage.cut('a', 3);
  expect(content('a')).toBe('ac\0');
  await damage.remove('a');
  expect(content('a')).toBeUndefined();
  await damage.add(() => 'b', Uint8Array.of(0x78), 'an x');
  expect(content('b')).toBe('x');
  await damage.rewrite('b', Uint8Array.of(0x79), 'its x is a y');
  expect(content('b')).toBe('y');
  expect(ledger.events().map(({what}) => what)).toEqual([
    'bit 0 of byte 1 of a flipped',
    'bytes 2 to 3 of a set to zero',
    'a cut to 3 of its 6 bytes',
    'a removed',
    'b added: an x',
    'b: its x is a y',
  ]);
});

it('is undone as a whole, whatever the server has made of the files', async () => {
  await damage.flip('a', 1, 0);
  await damage.flip('a', 2, 0);
  await damage.add(() => 'b', Uint8Array.of(0x78), 'an x');
  writeFileSync(join(folder, 'a'), 'repaired');
  rmSync(join(folder, 'b'));
  await damage.undo();
  expect(content('a')).toBe('abcdef');
  expect(content('b')).toBeUndefined();
  expect(ledger.events().at(-1)?.what).toBe('the damage undone');
});

it('follows no link', async () => {
  symlinkSync(join(folder, 'a'), join(folder, 'link'));
  await expect(damage.flip('link', 0, 0)).rejects.toThrow(/link cannot be opened: ELOOP/);
  expect(content('a')).toBe('abcdef');
});

it('adds files under names that nobody uses', async () => {
  mkdirSync(join(folder, 'b0'));
  symlinkSync('nowhere', join(folder, 'b1'));
  await damage.add((attempt) => `b${attempt}`, Uint8Array.of(0x78), 'an x');
  expect(content('b2')).toBe('x');
  await expect(damage.add(() => 'a', Uint8Array.of(0x78), 'an x')).rejects.toThrow(CheckFailure);
  expect(content('a')).toBe('abcdef');
});

it('is not undone through a link that has taken the place of a folder', async () => {
  mkdirSync(join(folder, 'l0'));
  writeFileSync(join(folder, 'l0/t'), 'table');
  await damage.remove('l0/t');
  rmSync(join(folder, 'l0'), {recursive: true});
  mkdirSync(join(folder, 'outside'));
  writeFileSync(join(folder, 'outside/t'), 'another');
  symlinkSync('outside', join(folder, 'l0'));
  await expect(damage.undo()).rejects.toThrow('l0 is not a folder any more');
  expect(content('outside/t')).toBe('another');
});
