import {spawnSync} from 'node:child_process';
import {
  chmodSync,
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
import {describe, expect, it} from 'vitest';
import {measureSyncsPerSecond} from '../../src/server/disk-speed.ts';
import {RunFolder} from '../../src/server/run-folder.ts';

describe('RunFolder', () => {
  it('removes whatever a server has left there, and nothing outside', () => {
    const outside = mkdtempSync(join(tmpdir(), 'kv-test-'));
    writeFileSync(join(outside, 'precious'), 'kept');
    const run = new RunFolder();
    const data = run.newFolder('check');

    symlinkSync(outside, join(data, 'link'));
    symlinkSync(join(data, 'loop'), join(data, 'loop'));
    expect(spawnSync('mkfifo', [join(data, 'fifo')]).status).toBe(0);
    mkdirSync(join(data, 'locked'));
    writeFileSync(join(data, 'locked', 'file'), '');
    chmodSync(join(data, 'locked'), 0);
    writeFileSync(Buffer.concat([Buffer.from(`${data}/`), Buffer.from([0xff, 0xfe])]), '');
    // Deeper than one path can say.
    const name = 'd'.repeat(200);
    const script = `for (let i = 0; i < 30; i++) { fs.mkdirSync('${name}'); process.chdir('${name}'); }`;
    expect(spawnSync(process.execPath, ['-e', script], {cwd: data}).status).toBe(0);

    run.remove();
    expect(existsSync(run.path)).toBe(false);
    expect(readFileSync(join(outside, 'precious'), 'utf8')).toBe('kept');
    rmSync(outside, {recursive: true});
  });

  it('keeps everything if asked to', () => {
    const run = new RunFolder({keep: true});
    const data = run.newFolder('check');
    run.discard(data);
    run.remove();
    expect(existsSync(data)).toBe(true);
    rmSync(run.path, {recursive: true});
  });

  it('gives each check a folder of its own', () => {
    const run = new RunFolder();
    expect(run.newFolder('a')).not.toBe(run.newFolder('a'));
    run.remove();
  });
});

describe('measureSyncsPerSecond', () => {
  it('measures, and leaves nothing behind', () => {
    const run = new RunFolder();
    expect(measureSyncsPerSecond(run.path, 20)).toBeGreaterThan(0);
    expect(spawnSync('ls', ['-A', run.path], {encoding: 'utf8'}).stdout).toBe('');
    run.remove();
  });

  it('says where it cannot', () => {
    expect(() => measureSyncsPerSecond('/nonexistent')).toThrow(/cannot write to \/nonexistent/);
  });
});
