import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {fileURLToPath} from 'node:url';
import {onTestFinished} from 'vitest';
import {RawConnection, type RawResponse} from './raw-connection.ts';
import {requestText} from './test-server.ts';

const START = fileURLToPath(new URL('../bin/start.mjs', import.meta.url));

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server in a process of its own, started as the weeks' start scripts do; it ends with the test. */
export class ServerProcess {
  readonly child: ChildProcess;
  /** Settles when the process has ended and its output is complete. */
  readonly ended: Promise<ProcessEnd>;
  stdout = '';
  stderr = '';
  readonly #clients: RawConnection[] = [];

  /** @param entry a file in test/servers */
  constructor(entry: string, args: readonly string[], nodeArgs: readonly string[] = []) {
    const file = fileURLToPath(new URL(`servers/${entry}`, import.meta.url));
    const {PORT: _port, DATA_DIR: _dataDir, ...env} = process.env;
    this.child = spawn(process.execPath, [...nodeArgs, START, file, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = once(this.child, 'close').then(([code, signal]) => ({code, signal}));
    onTestFinished(async () => {
      for (const client of this.#clients) client.destroy();
      this.child.kill('SIGKILL');
      await this.ended;
    });
  }

  /** The port, once it listens. */
  async port(): Promise<number> {
    for (;;) {
      const port = /^listening on http:\/\/127\.0\.0\.1:(\d+)\n$/.exec(this.stdout)?.[1];
      if (port !== undefined) return Number(port);
      const output = this.child.stdout;
      if (output === null || output.readableEnded) throw new Error(`ended: ${this.stderr}`);
      await Promise.race([once(output, 'data'), once(output, 'end')]);
    }
  }

  async connect(): Promise<RawConnection> {
    const client = await RawConnection.open(await this.port());
    this.#clients.push(client);
    return client;
  }

  async ask(method: string, target: string, body?: string): Promise<RawResponse> {
    const client = await this.connect();
    client.send(requestText(method, target, body));
    return client.readResponse();
  }

  /** Settles when new connections are refused. */
  async stopsAccepting(): Promise<void> {
    const port = await this.port();
    for (;;) {
      try {
        (await RawConnection.open(port)).destroy();
      } catch {
        return;
      }
    }
  }
}
