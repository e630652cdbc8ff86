/** undici with nothing around it: what a replay over it is measured against. */
import {Client, type Dispatcher} from 'undici';
import {readFixture} from '../../../fixtures/src/read-fixture.ts';

export interface BareRequest {
  readonly method: 'GET' | 'PUT';
  readonly path: string;
  readonly body: string | undefined;
}

/** The PUTs and GETs of a fixture, read beforehand. */
export async function bareRequests(path: string): Promise<readonly BareRequest[]> {
  const requests: BareRequest[] = [];
  for await (const batch of readFixture(path)) {
    for (const instruction of batch) {
      const {op} = instruction;
      if (op === 'put') {
        requests.push({method: 'PUT', path: `/${instruction.key}`, body: instruction.value});
      } else if (op === 'get') {
        requests.push({method: 'GET', path: `/${instruction.key}`, body: undefined});
      }
    }
  }
  return requests;
}

/** Reads each answer to its end, and forgets it. */
class BareHandler implements Dispatcher.DispatchHandler {
  readonly #settle: (error: Error | undefined) => void;
  body = '';

  constructor(settle: (error: Error | undefined) => void) {
    this.#settle = settle;
  }

  onRequestStart(): void {}

  onResponseStart(): void {}

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.body += chunk.toString('latin1');
  }

  onResponseEnd(): void {
    this.#settle(undefined);
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#settle(error);
  }
}

const PUT_HEADERS = ['content-type', 'text/plain'];

/** One after another over one connection; by callbacks, which is undici's fastest way. */
export async function sendAllByUndici(
  origin: string,
  requests: readonly BareRequest[],
): Promise<number> {
  const client = new Client(origin, {pipelining: 1});
  await new Promise<void>((resolve, reject) => {
    let index = 0;
    const next = (error?: Error): void => {
      const request = requests[index++];
      if (error !== undefined) reject(error);
      else if (request === undefined) resolve();
      else client.dispatch(dispatchOptions(request), new BareHandler(next));
    };
    next();
  });
  await client.close();
  return requests.length;
}

function dispatchOptions({method, path, body}: BareRequest): Dispatcher.DispatchOptions {
  return body === undefined ? {method, path} : {method, path, body, headers: PUT_HEADERS};
}
