import type {ServerResponse} from 'node:http';

/** A scan of up to about this size is one write with a content-length. */
const CHUNK_CHARACTERS = 16 * 1024;

/**
 * 200 with a JSON array of the keys, streamed: at most one chunk is held, and
 * the next keys are asked for when the client has taken the chunk before.
 * Returns early when the client has gone.
 *
 * @throws what the iteration throws; the answer may have begun by then
 */
export async function answerScan(
  response: ServerResponse,
  keys: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  const array = new ArrayWriter(response);
  // One loop for each kind, because `for await` costs a promise a key.
  if (Symbol.asyncIterator in keys) {
    for await (const key of keys) {
      if (array.add(key) && !(await array.flush())) return;
    }
  } else {
    for (const key of keys) {
      if (array.add(key) && !(await array.flush())) return;
    }
  }
  array.end();
}

/** Writes a JSON array of keys; keys have no character that JSON would escape. */
class ArrayWriter {
  readonly #response: ServerResponse;
  #pending = '[';
  #separator = '';

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  /** @returns whether it is time to flush */
  add(key: string): boolean {
    this.#pending += `${this.#separator}"${key}"`;
    this.#separator = ',';
    return this.#pending.length >= CHUNK_CHARACTERS;
  }

  /** @returns false if the client has gone */
  async flush(): Promise<boolean> {
    const response = this.#response;
    if (!response.headersSent) response.writeHead(200, {'content-type': 'application/json'});
    const hasRoom = response.write(this.#pending, 'latin1');
    this.#pending = '';
    if (!hasRoom) await drainOrClose(response);
    return !response.req.socket.destroyed;
  }

  end(): void {
    const response = this.#response;
    const rest = `${this.#pending}]`;
    if (!response.headersSent) {
      response.writeHead(200, {'content-type': 'application/json', 'content-length': rest.length});
    }
    response.end(rest, 'latin1');
  }
}

function drainOrClose(response: ServerResponse): Promise<void> {
  // A pipelined response that waits for its turn hears nothing of a close; the socket does.
  const {socket} = response.req;
  if (socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    response.on('drain', done);
    socket.on('close', done);
  });
}
