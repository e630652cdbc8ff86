import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {readPolicy} from '../../src/policy/policy.ts';
import {commitment, studentSeed} from '../../src/policy/student-seed.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kv-test-'));
});
afterEach(() => rmSync(folder, {recursive: true}));

function policy(...lines: readonly string[]) {
  const file = join(folder, 'policy.yaml');
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  return readPolicy(file);
}

describe('a policy', () => {
  it('may say no more than the week', () => {
    expect(policy('week: 3')).toMatchObject({
      week: 3,
      all: true,
      checks: undefined,
      seededFixtures: false,
      showSeed: false,
      hiddenFiles: [join(folder, 'policy.yaml')],
    });
  });

  it('has its secret next to it, and then fixtures of its own', () => {
    writeFileSync(join(folder, 'secret'), 'x'.repeat(32));
    const {secret, seededFixtures, hiddenFiles} = policy('week: 3', 'secretFile: secret');
    expect(secret?.length).toBe(32);
    expect(seededFixtures).toBe(true);
    expect(hiddenFiles).toContain(join(folder, 'secret'));
  });

  it.for<[string, RegExp]>([
    ['week: 9', /policy.yaml: week: /],
    ['wek: 3', /unknown key wek; did you mean week\?/],
    ['week: 3\nchecks: [kill-twise]', /there is no check kill-twise; did you mean kill-twice\?/],
    ['week: 2\nunclaimed: [sstables]', /unclaimed: .* sstables; did you mean sstable\?/],
    ['week: 2\nchecks: [contract-basics]\npoints: {contract-basics: 0}', /have 0 points/],
    ['week: 1\npoints: {kill-twice: 3}', /kill-twice is not valid in week 1/],
    ['week: 1\nseed: 1\nsecretFile: secret', /seed and secretFile exclude each other/],
    ['week: 1\nsecretFile: nowhere', /the secret cannot be read/],
    ['week: 1\nsecretFile: policy.yaml\nchecks: [', /policy.yaml: /],
    [
      'week: 1\ndeadlines: [{until: "2026-02-01T00:00:00Z", percent: 100}, {until: "2026-01-01T00:00:00Z", percent: 50}]',
      /deadlines.1: it is not after the one before/,
    ],
    ['week: 1\ndeadlines: [{until: soon, percent: 100}]', /deadlines.0.until: /],
  ])('is refused if it is %j', ([text, message]) => {
    expect(() => policy(text)).toThrow(message);
  });

  it('takes no secret that can be guessed', () => {
    writeFileSync(join(folder, 'secret'), 'short');
    expect(() => policy('week: 3', 'secretFile: secret')).toThrow(/at least 16 bytes/);
  });
});

describe('the seed of a student', () => {
  const secret = Buffer.from('0123456789abcdef0123456789abcdef');

  it('is HMAC-SHA-256 of the name, as anybody can compute it', () => {
    // printf 'kv seed\nada' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
    expect(studentSeed(secret, 'ada')).toBe(323315672);
    expect(studentSeed(secret, 'grace')).not.toBe(studentSeed(secret, 'ada'));
    expect(studentSeed(Buffer.from('another secret of 32 bytes here!'), 'ada')).not.toBe(
      studentSeed(secret, 'ada'),
    );
  });

  it('can be checked by the published hash of the secret', () => {
    // printf 0123456789abcdef0123456789abcdef | sha256sum
    expect(commitment(secret)).toBe(
      '3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9',
    );
  });
});
