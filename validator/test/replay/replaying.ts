import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, afterEach} from 'vitest';
import {HttpClient} from '../../src/http/http-client.ts';
import {replay} from '../../src/replay/replay.ts';
import type {ReplayOptions} from '../../src/replay/replay-options.ts';
import type {ReplayResult} from '../../src/replay/replay-result.ts';
import {FakeServer, type Fault} from './fake-server.ts';

/** Set up for a test file: `replayLines` replays a fixture against a `FakeServer`. */
export function replaying(): Replaying {
  const setup = new Replaying();
  afterEach(() => setup.closeServers());
  afterAll(() => setup.removeFiles());
  return setup;
}

type Options = Partial<Omit<ReplayOptions, 'fixture' | 'client'>>;

export class Replaying {
  readonly #folder = mkdtempSync(join(tmpdir(), 'kv-replay-test-'));
  #servers: FakeServer[] = [];
  #files = 0;

  /** @param lines of the fixture; indentation and empty lines are left out */
  fixture(lines: string): string {
    const path = join(this.#folder, `${++this.#files}.txt`);
    const text = lines.split('\n').map((line) => line.trimStart());
    writeFileSync(path, `${text.filter((line) => line !== '').join('\n')}\n`);
    return path;
  }

  async server(fault?: Fault): Promise<FakeServer> {
    const server = await FakeServer.start(fault);
    this.#servers.push(server);
    return server;
  }

  async replay(lines: string, fault?: Fault, options: Options = {}): Promise<ReplayResult> {
    const server = options.server ?? (await this.server(fault));
    const limits = {requestTimeoutMs: 400, silenceTimeoutMs: 200};
    return await replay({
      ...options,
      fixture: {path: this.fixture(lines), name: 'test.txt'},
      server,
      client: new HttpClient({server, limits}),
    });
  }

  async closeServers(): Promise<void> {
    for (const server of this.#servers) await server.close();
    this.#servers = [];
  }

  removeFiles(): void {
    rmSync(this.#folder, {recursive: true, force: true});
  }
}
