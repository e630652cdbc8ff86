import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import type {ServerFailureKind} from '../../src/errors.ts';
import {psTable} from '../../src/server/ps-table.ts';
import {failureOf, hostile, server, survivors, temporaryFolder, textOf, until} from './support.ts';

const isLinux = process.platform === 'linux';
/** For starts that fail by running into their deadline; a Node needs some time to get there. */
const SOON = {readyTimeoutMs: 2000};

interface Diagnosis {
  readonly behaviour: string;
  readonly kind: ServerFailureKind;
  readonly says: readonly RegExp[];
}

const DIAGNOSES: readonly Diagnosis[] = [
  {
    behaviour: 'exits-with-status',
    kind: 'exited',
    says: [/exited with status 7/, /no config file/],
  },
  {behaviour: 'exits-on-signal', kind: 'exited', says: [/ended by SIGSEGV/]},
  {behaviour: 'module-missing', kind: 'exited', says: [/hint: a module is missing/]},
  {behaviour: 'port-taken', kind: 'exited', says: [/EADDRINUSE/, /hint: its port is taken/]},
  {
    behaviour: 'never-listens',
    kind: 'not-listening',
    says: [/within 2 s/, /printed nothing/, /raise `ready:`/],
  },
  {
    behaviour: 'starts-slowly',
    kind: 'not-listening',
    says: [/nothing listens on 127\.0\.0\.1:\d+/],
  },
  {
    behaviour: 'wrong-port',
    kind: 'not-listening',
    says: isLinux ? [/listens on 127\.0\.0\.1:/] : [],
  },
  {behaviour: 'ipv6-only', kind: 'not-listening', says: [/IPv6 only: bind 127\.0\.0\.1/]},
  {behaviour: 'hangs-after-accept', kind: 'hang', says: [/accepts connections, but GET \/absent/]},
  {behaviour: 'endless-body', kind: 'hang', says: [/bytes of an answer came/]},
  {behaviour: 'recovers-forever', kind: 'hang', says: [/still answers 503/]},
  {behaviour: 'closes-at-once', kind: 'connection-closed', says: [/without a complete answer/]},
  {behaviour: 'garbage', kind: 'garbage', says: [/not HTTP/, /"hello\\u0000/, /68 65 6c 6c 6f/]},
];

describe('a start that fails is diagnosed, and nothing is left of it', () => {
  it.for(DIAGNOSES)('$behaviour: $kind', async ({behaviour, kind, says}) => {
    const readyTimeoutMs = behaviour === 'starts-slowly' ? 300 : SOON.readyTimeoutMs;
    const hung = server(hostile(behaviour), {readyTimeoutMs});
    const failure = await failureOf(hung.start());
    expect(failure.kind).toBe(kind);
    for (const pattern of says) expect(textOf(failure)).toMatch(pattern);
    expect(hung.isUp).toBe(false);
    expect(survivors(hung.dataDir)).toEqual([]);
  });

  it('a command that the shell does not find', async () => {
    const failure = await failureOf(server('./no-such-server --port {port}').start());
    expect(failure.kind).toBe('exited');
    expect(textOf(failure)).toMatch(/status 127[^]*hint: the shell does not find the command/);
  });

  it('a command that is not executable', async () => {
    const failure = await failureOf(server('/dev/null').start());
    expect(failure.kind).toBe('exited');
    expect(textOf(failure)).toMatch(/status 126[^]*hint: the command is not executable/);
  });

  it('without /proc, IPv6 is tried instead of looked up', async () => {
    const hung = server(hostile('ipv6-only'), {...SOON, processTable: psTable});
    expect(textOf(await failureOf(hung.start()))).toMatch(/IPv6 only/);
    expect(survivors(hung.dataDir)).toEqual([]);
  });
});

describe('a start succeeds', () => {
  it.for([
    'good',
    'starts-slowly',
    'recovers-first',
    'http-1.0',
    'interim-response',
    'found-it',
    'floods',
    'floods-forever',
    // Where only the environment leads to the daemon, /proc is needed to see it.
    ...(isLinux ? ['daemonizes'] : []),
  ])('%s', async (behaviour) => {
    const started = server(hostile(behaviour));
    expect(await started.start()).toBeGreaterThan(0);
    expect(started.isUp).toBe(true);
    expect(started.exitReason()).toBeUndefined();
    await started.kill();
    expect(survivors(started.dataDir)).toEqual([]);
  });

  it('however much it prints, of which only the end is kept', async () => {
    const before = process.memoryUsage().rss;
    const flooding = server(hostile('floods'));
    await flooding.start();
    await until('its last line', () => flooding.lastOutput(1)[0] === 'the flood is over');
    // It printed 300 MB. What Node's pipes hold for a moment is not counted exactly.
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
    expect(flooding.lastOutput(3)[0]).toMatch(/^x{99}$/);
  });

  it('with compound commands, in a folder with quotes and spaces', async () => {
    const folder = temporaryFolder();
    const dataDir = join(temporaryFolder(), `a 'b' "c" $HOME`);
    mkdirSync(join(folder, 'sub'));
    const command = `cd sub && test "{dataDir}" = {dataDir} && EXTRA=1 ${hostile('good')} || exit 9`;
    const started = server(command, {folder, dataDir});
    await started.start();
    expect(survivors(dataDir)).toHaveLength(1);
  });

  it('with the environment that it was promised', async () => {
    const started = server(hostile('good'), {env: {EXTRA: 'a b', KV_WEEK: '8'}, week: 3});
    await started.start();
    const response = await fetch(`http://127.0.0.1:${started.address.port}/x`);
    expect(await response.text()).toBe('KV_WEEK=3 EXTRA=a b');
  });

  it('two at once, on different ports, and again on another one', async () => {
    const [one, other] = [server(hostile('good')), server(hostile('good'))];
    await Promise.all([one.start(), other.start()]);
    expect(one.address.port).not.toBe(other.address.port);
    const before = one.address.port;
    await one.kill();
    await one.start();
    expect(one.address.port).not.toBe(before);
    expect(other.exitReason()).toBeUndefined();
  });
});

describe('a server that ends by itself', () => {
  it('says how, also after it was stopped', async () => {
    const ending = server(hostile('exits-when-asked'));
    await ending.start();
    await expect(fetch(`http://127.0.0.1:${ending.address.port}/exit`)).rejects.toThrow();
    expect(await ending.exitReasonWithin(10_000)).toBe('exited with status 5');
    expect(ending.exitReason()).toBe('exited with status 5');
    expect(await ending.stop()).toEqual({clean: true});
    expect(ending.exitReason()).toBe('exited with status 5');
  });
});
