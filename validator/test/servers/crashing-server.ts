/** A server in this process that can be stopped and crashed, with a disk that outlives it. */
import {createServer, type Server as HttpServer, type IncomingMessage} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {Server, ServerControl} from '../../src/server/server.ts';

export interface Habits {
  /** Writes that are answered before they reach the disk. @default 0 */
  readonly buffered?: number;
  /** What is left of the disk after a start. */
  readonly recover?: (disk: Map<string, string>) => Map<string, string>;
  /** Of the first start and each later one. */
  readonly starts?: (count: number) => void;
  /** How a GET of an absent key is answered. @default 404 */
  readonly absent?: {readonly status: number; readonly body: string};
  /** How a DELETE is answered. @default 200 */
  readonly deleted?: (wasThere: boolean) => number;
  /** What a SCAN answers instead of the keys in the range. */
  readonly scanned?: (keys: string[], end: string) => {status?: number; body: string};
  /** Whether it ends by SIGTERM. @default true */
  readonly endsBySigterm?: boolean;
  /** Each connection is closed, without notice, after so many answers. */
  readonly answersPerConnection?: number;
}

export class CrashingServer implements Server, ServerControl {
  readonly dataDir = '/nowhere';
  readonly #habits: Habits;
  #http: HttpServer | undefined;
  #disk = new Map<string, string>();
  #memory = new Map<string, string>();
  #buffer: [key: string, value: string | undefined][] = [];
  #starts = 0;
  kills = 0;
  puts = 0;

  constructor(habits: Habits = {}) {
    this.#habits = habits;
  }

  get address() {
    const {port} = (this.#http?.address() ?? {port: 1}) as AddressInfo;
    return {host: '127.0.0.1', port};
  }

  get control(): ServerControl {
    return this;
  }

  get isUp(): boolean {
    return this.#http !== undefined;
  }

  async start(): Promise<number> {
    this.#starts += 1;
    this.#habits.starts?.(this.#starts);
    this.#disk = this.#habits.recover?.(this.#disk) ?? this.#disk;
    this.#memory = new Map(this.#disk);
    const http = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const [status, body] = this.#answer(request, Buffer.concat(chunks).toString('latin1'));
        response.writeHead(status, {'content-length': body.length});
        response.end(body, 'latin1');
        this.#maybeHangUp(request);
      });
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    this.#http = http;
    return 1;
  }

  async stop(): Promise<{readonly clean: boolean}> {
    this.#flush();
    await this.#end();
    return {clean: this.#habits.endsBySigterm ?? true};
  }

  async kill(): Promise<void> {
    if (this.isUp) this.kills += 1;
    this.#buffer = [];
    await this.#end();
  }

  exitReason(): string | undefined {
    return undefined;
  }

  async exitReasonWithin(): Promise<string | undefined> {
    return undefined;
  }

  lastOutput(): readonly string[] {
    return [];
  }

  #answer({method, url = ''}: IncomingMessage, body: string): [status: number, body: string] {
    const key = url.slice(1);
    const value = this.#memory.get(key);
    if (method === 'GET' && url.startsWith('/scan?')) return this.#scan(url);
    if (method === 'GET' && value === undefined) {
      const {status, body: text} = this.#habits.absent ?? {status: 404, body: ''};
      return [status, text];
    }
    if (method === 'GET') return [200, value ?? ''];
    if (method === 'DELETE') {
      this.#write(key, undefined);
      return [this.#habits.deleted?.(value !== undefined) ?? 200, ''];
    }
    this.puts += 1;
    this.#write(key, body);
    return [200, body];
  }

  #scan(url: string): [status: number, body: string] {
    const {searchParams} = new URL(url, 'http://x');
    const [start, end] = [searchParams.get('start') ?? '', searchParams.get('end') ?? ''];
    const keys = Array.from(this.#memory.keys()).filter((key) => start <= key && key < end);
    const {status = 200, body} = this.#habits.scanned?.(keys.sort(), end) ?? {
      body: JSON.stringify(keys.sort()),
    };
    return [status, body];
  }

  #write(key: string, value: string | undefined): void {
    put(this.#memory, key, value);
    this.#buffer.push([key, value]);
    if (this.#buffer.length > (this.#habits.buffered ?? 0)) this.#flush();
  }

  #flush(): void {
    for (const [key, value] of this.#buffer.splice(0)) put(this.#disk, key, value);
  }

  #answers = new WeakMap<object, number>();

  #maybeHangUp({socket}: IncomingMessage): void {
    const answers = (this.#answers.get(socket) ?? 0) + 1;
    this.#answers.set(socket, answers);
    if (answers >= (this.#habits.answersPerConnection ?? Number.POSITIVE_INFINITY)) {
      setImmediate(() => socket.end());
    }
  }

  async #end(): Promise<void> {
    const http = this.#http;
    if (http === undefined) return;
    this.#http = undefined;
    const closed = new Promise((resolve) => http.close(resolve));
    http.closeAllConnections();
    await closed;
  }
}

/** Without a value the key is deleted. */
function put(values: Map<string, string>, key: string, value: string | undefined): void {
  if (value === undefined) values.delete(key);
  else values.set(key, value);
}
