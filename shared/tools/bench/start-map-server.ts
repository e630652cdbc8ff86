import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {fileURLToPath} from 'node:url';

const PROGRAM = fileURLToPath(new URL('map-server.ts', import.meta.url));
const START = fileURLToPath(new URL('../../bin/start.mjs', import.meta.url));

/** A process with `map-server.ts` in it. */
export class MapServer {
  readonly #child: ChildProcess;
  readonly address: {readonly host: string; readonly port: number};

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.address = {host: '127.0.0.1', port};
  }

  static async start(): Promise<MapServer> {
    const child = spawn(process.execPath, [START, PROGRAM], {stdio: ['ignore', 'pipe', 'inherit']});
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return new MapServer(child, Number(line.toString()));
  }

  get origin(): string {
    return `http://${this.address.host}:${this.address.port}`;
  }

  async empty(): Promise<void> {
    await fetch(this.origin, {method: 'DELETE'});
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}
