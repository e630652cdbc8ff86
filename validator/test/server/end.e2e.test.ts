import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {describe, expect, it} from 'vitest';
import {GraderError} from '../../src/errors.ts';
import {procTable} from '../../src/server/proc-table.ts';
import type {ProcessTable} from '../../src/server/process-table.ts';
import {psTable} from '../../src/server/ps-table.ts';
import {failureOf, hostile, notedPids, server, survivors, until, untilNoted} from './support.ts';

const hasProc = process.platform === 'linux';
const TABLES: readonly {readonly name: string; readonly processTable: ProcessTable}[] = [
  {name: 'ps', processTable: psTable},
  ...(hasProc ? [{name: '/proc', processTable: procTable}] : []),
];

describe.for(TABLES)('kill, with processes seen by $name', ({name, processTable}) => {
  it.for([
    {behaviour: 'good', processes: 1},
    {behaviour: 'ignores-sigterm', processes: 1},
    {behaviour: 'forks-children', processes: 7},
    {behaviour: 'has-detached-child', processes: 2},
  ])('$behaviour: all of it is gone', async ({behaviour, processes}) => {
    const family = server(hostile(behaviour), {processTable});
    await family.start();
    await untilNoted(family.dataDir, processes);
    await family.kill();
    expect(notedPids(family.dataDir)).toHaveLength(processes);
    expect(survivors(family.dataDir)).toEqual([]);
    expect(family.exitReason()).toBeUndefined();
  });

  it('a server that forks without end', async () => {
    const bomb = server(hostile('forks-without-end'), {processTable});
    await bomb.start();
    await untilNoted(bomb.dataDir, 10);
    await bomb.kill();
    expect(survivors(bomb.dataDir)).toEqual([]);
  });

  // Only the environment leads to a daemon, and ps does not show it.
  it.runIf(name === '/proc').for([
    {behaviour: 'leaves-a-daemon', processes: 3},
    {behaviour: 'daemonizes', processes: 2},
  ])('$behaviour: the daemon is gone too', async ({behaviour, processes}) => {
    const family = server(hostile(behaviour), {processTable});
    await family.start();
    await untilNoted(family.dataDir, processes);
    await family.kill();
    expect(survivors(family.dataDir)).toEqual([]);
  });
});

describe('kill', () => {
  it('spares whoever is no child of the server', async () => {
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], {
      detached: true,
      stdio: 'ignore',
    });
    try {
      const family = server(hostile('forks-children'));
      await family.start();
      await family.kill();
      expect(stranger.exitCode).toBeNull();
      expect(stranger.signalCode).toBeNull();
      expect(process.kill(stranger.pid ?? 0, 0)).toBe(true);
    } finally {
      stranger.kill('SIGKILL');
      await once(stranger, 'exit');
    }
  });

  it('may come while the server is starting', async () => {
    const starting = server(hostile('never-listens'));
    const outcome = starting.start().catch((error: unknown) => error);
    await untilNoted(starting.dataDir, 1);
    await starting.kill();
    expect(await outcome).toBeInstanceOf(GraderError);
    expect(starting.isUp).toBe(false);
    expect(survivors(starting.dataDir)).toEqual([]);
  });

  it('may come twice, or before any start', async () => {
    const twice = server(hostile('good'));
    await twice.kill();
    await twice.start();
    await Promise.all([twice.kill(), twice.kill()]);
    await twice.kill();
    expect(survivors(twice.dataDir)).toEqual([]);
  });

  it('says so when something that it cannot find still answers', async () => {
    const escaping = server(hostile('escapes'));
    await escaping.start();
    const failure = await failureOf(escaping.kill());
    expect(failure.kind).toBe('survivor');
    for (const escaped of survivors(escaping.dataDir)) {
      // Where there is no /proc the listener cannot be found.
      expect(hasProc).toBe(false);
      process.kill(escaped, 'SIGKILL');
    }
    await until('its end', () => survivors(escaping.dataDir).length === 0);
  });

  it.runIf(hasProc)('ends it too where it was never taken for ready', async () => {
    const escaping = server(hostile('escapes-at-once'));
    expect((await failureOf(escaping.start())).kind).toBe('survivor');
    await untilNoted(escaping.dataDir, 2);
    await until('its end', () => survivors(escaping.dataDir).length === 0);
  });
});

describe('stop', () => {
  it.for(['stops-on-sigterm', 'good', 'forks-children'])('%s: clean', async (behaviour) => {
    const stopping = server(hostile(behaviour));
    await stopping.start();
    expect(await stopping.stop()).toEqual({clean: true});
    expect(survivors(stopping.dataDir)).toEqual([]);
    expect(stopping.exitReason()).toBeUndefined();
  });

  it('waits for the server, not for the shell around it', async () => {
    const stopping = server(`true; ${hostile('stops-on-sigterm')}; true`);
    await stopping.start();
    expect(await stopping.stop()).toEqual({clean: true});
    expect(survivors(stopping.dataDir)).toEqual([]);
  });

  it('kills what ignores SIGTERM, after the grace time', async () => {
    const stubborn = server(hostile('ignores-sigterm'), {stopGraceMs: 200});
    await stubborn.start();
    expect(await stubborn.stop()).toEqual({clean: false});
    expect(survivors(stubborn.dataDir)).toEqual([]);
  });

  it('is cut short by a kill', async () => {
    const stubborn = server(hostile('ignores-sigterm'), {stopGraceMs: 60_000});
    await stubborn.start();
    const stopped = stubborn.stop();
    await stubborn.kill();
    expect(await stopped).toEqual({clean: false});
    expect(survivors(stubborn.dataDir)).toEqual([]);
  });
});
