import {once} from 'node:events';
import {existsSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Readable} from 'node:stream';
import {describe, expect, it, onTestFinished} from 'vitest';
import {ServerProcess} from './server-process.ts';

/** A data folder that does not exist yet, and is gone after the test. */
function newDataDir(): string {
  const parent = mkdtempSync(join(tmpdir(), 'kv-run-server-'));
  onTestFinished(() => rmSync(parent, {recursive: true}));
  return join(parent, 'data');
}

function mapServer(dataDir: string, ...args: string[]): ServerProcess {
  return new ServerProcess('map-server.ts', ['--port', '0', '--data-dir', dataDir, ...args]);
}

describe('a server', () => {
  it('says where it listens, prints its events, and closes its store on SIGTERM', async () => {
    const dataDir = newDataDir();
    const server = mapServer(dataDir, '--entries-max', '16');
    expect((await server.ask('PUT', '/k', 'v')).status).toBe(200);
    server.child.kill('SIGTERM');
    expect(await server.ended).toEqual({code: 0, signal: null});
    expect(server.stdout).toMatch(/^listening on http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(server.stderr).toBe('opened, 16 entries\nput k\nclosed\n');
    expectUnlocked(dataDir);
  });

  it('ends on SIGINT too', async () => {
    const server = mapServer(newDataDir());
    await server.port();
    server.child.kill('SIGINT');
    expect(await server.ended).toEqual({code: 0, signal: null});
  });

  it('opens and closes all the same if it is stopped while it opens', async () => {
    const server = mapServer(newDataDir(), '--open-waits-for-signal');
    await once(server.child.stderr as Readable, 'data');
    expect(server.stderr).toBe('opening\n');
    server.child.kill('SIGTERM');
    expect(await server.ended).toEqual({code: 0, signal: null});
    expect(server.stderr).toBe('opening\nopened, 100 entries\nclosed\n');
  });

  it('that needs no data folder takes one and leaves it alone', async () => {
    const dataDir = newDataDir();
    const server = new ServerProcess('memory-server.ts', ['--port', '0', '--data-dir', dataDir]);
    expect((await server.ask('PUT', '/k', 'v')).status).toBe(200);
    expect(existsSync(dataDir)).toBe(false);
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
  });

  it('outlives the reader of its output', async () => {
    const server = mapServer(newDataDir());
    const client = await server.connect();
    server.child.stdout?.destroy();
    server.child.stderr?.destroy();
    for (let round = 0; round < 20; round++) {
      client.send(`PUT /k HTTP/1.1\nContent-Length: 1\n\n${round % 10}`);
      expect((await client.readResponse()).status).toBe(200);
    }
    server.child.kill('SIGTERM');
    expect(await server.ended).toEqual({code: 0, signal: null});
  });
});

describe('a stop', () => {
  it('waits for the requests in flight, and closes their connections', async () => {
    const server = mapServer(newDataDir());
    const client = await server.connect();
    client.send('PUT /k HTTP/1.1\nContent-Length: 4\n\nha');
    await server.ask('GET', '/seen');
    server.child.kill('SIGTERM');
    await server.stopsAccepting();
    client.send('lf');
    const answer = await client.readResponse();
    expect(answer).toMatchObject({status: 200, body: 'half'});
    expect(answer.headers.get('connection')).toBe('close');
    expect((await server.ended).code).toBe(0);
    expect(server.stderr).toContain('put k\nclosed\n');
  });

  it('cuts a request that never ends, and still closes the store', async () => {
    const server = mapServer(newDataDir());
    const client = await server.connect();
    client.send('PUT /k HTTP/1.1\nContent-Length: 4\n\nha');
    await server.ask('GET', '/seen');
    server.child.kill('SIGTERM');
    expect(await client.readToEnd()).toBe('');
    expect((await server.ended).code).toBe(0);
    expect(server.stderr).toBe('opened, 100 entries\nclosed\n');
  });

  it('is at once on a later signal', async () => {
    const server = mapServer(newDataDir());
    const client = await server.connect();
    client.send('PUT /k HTTP/1.1\nContent-Length: 4\n\nha');
    await server.ask('GET', '/seen');
    const impatience = setInterval(() => server.child.kill('SIGTERM'), 50);
    expect(await server.ended).toEqual({code: 143, signal: null});
    clearInterval(impatience);
    expect(server.stderr).not.toContain('closed');
  });

  it('takes a signal that comes twice, as through a package manager, for one', async () => {
    const server = mapServer(newDataDir());
    const client = await server.connect();
    client.send('PUT /k HTTP/1.1\nContent-Length: 4\n\nha');
    await server.ask('GET', '/seen');
    server.child.kill('SIGTERM');
    server.child.kill('SIGINT');
    await server.stopsAccepting();
    client.send('lf');
    expect(await client.readResponse()).toMatchObject({status: 200, body: 'half'});
    expect(await server.ended).toEqual({code: 0, signal: null});
  });

  it('that cannot close the store says so, and fails', async () => {
    const dataDir = newDataDir();
    const server = mapServer(dataDir, '--close-fails');
    await server.port();
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(1);
    expect(server.stderr).toBe('opened, 100 entries\nmap-server: could not sync wal.db\n');
    expectUnlocked(dataDir);
  });
});

describe('a start that fails says why in one line', () => {
  it('when another server has the data folder', async () => {
    const dataDir = newDataDir();
    const first = mapServer(dataDir);
    await first.port();
    const second = mapServer(dataDir);
    expect((await second.ended).code).toBe(1);
    expect(second.stdout).toBe('');
    expect(second.stderr).toMatch(/^map-server: [^\n]+\n$/);
    expect(second.stderr).toContain(`${first.child.pid}`);
    expect((await first.ask('GET', '/k')).status).toBe(404);
  });

  it('when its port is taken', async () => {
    const first = new ServerProcess('memory-server.ts', ['--port', '0']);
    const port = await first.port();
    const dataDir = newDataDir();
    const second = mapServer(dataDir, '--port', `${port}`);
    expect((await second.ended).code).toBe(1);
    expect(second.stderr).toBe(
      'opened, 100 entries\nclosed\n' +
        `map-server: port ${port} is in use by another program; choose another with --port\n`,
    );
    expectUnlocked(dataDir);
  });

  it('when its address is not of this machine', async () => {
    const server = mapServer(newDataDir(), '--host', '192.0.2.1');
    expect((await server.ended).code).toBe(1);
    expect(server.stderr).toMatch(/^map-server: cannot listen on 192\.0\.2\.1, port 0: [^\n]+\n$/m);
  });

  it('when its store cannot be opened', async () => {
    const dataDir = newDataDir();
    const server = mapServer(dataDir, '--open-fails');
    expect((await server.ended).code).toBe(1);
    expect(server.stderr).toBe('map-server: wal.db, byte 7: no such record\n');
    expectUnlocked(dataDir);
  });

  it('when the data folder is a file', async () => {
    const server = mapServer(join(import.meta.filename, 'data'));
    expect((await server.ended).code).toBe(1);
    expect(server.stderr).toMatch(/^map-server: [^\n]*ENOTDIR[^\n]*\n$/);
  });

  it('except for a bug, which shows its stack', async () => {
    const dataDir = newDataDir();
    const server = mapServer(dataDir, '--open-has-bug');
    expect((await server.ended).code).toBe(1);
    expect(server.stderr).toContain('map-server: TypeError: undefined is not a function\n    at ');
    expectUnlocked(dataDir);
  });
});

describe('a command line', () => {
  it.each([
    [['--port', 'x'], 'map-server: --port takes an integer from 0 to 65535, got "x"\n'],
    [['--entries', '1'], 'map-server: unknown option --entries; did you mean --entries-max?\n'],
    [['--port', '0'], 'map-server: needs a folder for its data: --data-dir, or DATA_DIR\n'],
  ])('%j is refused with exit code 64', async (args, message) => {
    const server = new ServerProcess('map-server.ts', args);
    expect((await server.ended).code).toBe(64);
    expect(server.stderr).toBe(message);
    expect(server.stdout).toBe('');
  });

  it('--help is answered on stdout', async () => {
    const server = new ServerProcess('map-server.ts', ['--help']);
    expect((await server.ended).code).toBe(0);
    expect(server.stdout).toContain('--entries-max <integer>');
    expect(server.stderr).toBe('');
  });

  it('on a Node that is too old is answered with a sentence', async () => {
    const pretend = "Object.defineProperty(process, 'versions', {value: {node: '20.18.3'}})";
    const server = new ServerProcess(
      'map-server.ts',
      [],
      ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`],
    );
    expect((await server.ended).code).toBe(1);
    expect(server.stderr).toBe('This needs Node 20.19 or newer; here is Node 20.18.3.\n');
  });
});

/** The server has removed its lock, and the test's store keeps no files. */
function expectUnlocked(dataDir: string): void {
  expect(readdirSync(dataDir)).toEqual([]);
}
