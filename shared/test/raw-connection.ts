import {once} from 'node:events';
import {connect, type Socket} from 'node:net';

export interface RawResponse {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** A client that sends exactly the bytes it is told to, and reads answers one by one. */
export class RawConnection {
  readonly #socket: Socket;
  #received = '';
  /** Wakes whoever waits for more bytes, or for the end. */
  #wake = (): void => {};
  #isClosed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.#received += text;
      this.#wake();
    });
    // A reset is an end like any other here: the tests look at what came before it.
    socket.on('error', () => {});
    for (const end of ['end', 'close']) {
      socket.on(end, () => {
        this.#isClosed = true;
        this.#wake();
      });
    }
  }

  static async open(port: number): Promise<RawConnection> {
    // A server that has said all that it will say can still be sent to.
    const socket = connect({port, host: '127.0.0.1', allowHalfOpen: true});
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  /** `\n` in `text` goes out as CRLF. */
  send(text: string): void {
    this.#socket.write(text.replaceAll('\n', '\r\n'), 'latin1');
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Settles when the kernel has taken all that was sent. */
  flushed(): Promise<void> {
    // Writes are called back in order, with an error if the connection is gone.
    return new Promise((resolve) => {
      this.#socket.write('', () => resolve());
    });
  }

  /** Settles when something has come that was not read yet. */
  async firstBytes(): Promise<void> {
    if (this.#received === '') await once(this.#socket, 'data');
  }

  /** Says that nothing more will be sent, and goes on reading. */
  halfClose(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Closes with a reset (RST). */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  /** @param hasBody false for the answer to a HEAD, and for a 100 (Continue) */
  async readResponse(hasBody = true): Promise<RawResponse> {
    const head = await this.#take((text) => endOf(text, '\r\n\r\n'));
    const [statusLine = '', ...lines] = head.trimEnd().split('\r\n');
    const headers = new Map(
      lines.map((line): [string, string] => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]);
    return {status, headers, body: hasBody ? await this.#readBody(headers) : ''};
  }

  /** All that comes until the other side closes. */
  async readToEnd(): Promise<string> {
    while (!this.#isClosed) await this.#more();
    return this.#received;
  }

  async #readBody(headers: ReadonlyMap<string, string>): Promise<string> {
    const length = headers.get('content-length');
    if (length !== undefined) {
      return this.#take((text) => (text.length >= Number(length) ? Number(length) : undefined));
    }
    if (headers.get('transfer-encoding') !== 'chunked') return this.readToEnd();
    for (let body = ''; ; ) {
      const size = Number.parseInt(await this.#take((text) => endOf(text, '\r\n')), 16);
      const end = size + '\r\n'.length;
      const chunk = await this.#take((text) => (text.length >= end ? end : undefined));
      if (size === 0) return body;
      body += chunk.slice(0, size);
    }
  }

  /** Removes and returns what was received up to where `find` says. */
  async #take(find: (text: string) => number | undefined): Promise<string> {
    for (;;) {
      const end = find(this.#received);
      if (end !== undefined) {
        const taken = this.#received.slice(0, end);
        this.#received = this.#received.slice(end);
        return taken;
      }
      if (this.#isClosed) throw new Error(`closed after ${JSON.stringify(this.#received)}`);
      await this.#more();
    }
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

function endOf(text: string, mark: string): number | undefined {
  const index = text.indexOf(mark);
  return index === -1 ? undefined : index + mark.length;
}
