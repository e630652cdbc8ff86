import type {IncomingMessage, ServerResponse} from 'node:http';
import {answerScan} from './answer-scan.ts';
import {
  answerEmpty,
  answerError,
  answerReason,
  answerUnwantedBody,
  answerValue,
  answerWrongMethod,
} from './http-answers.ts';
import {parseScanQuery, parseTarget} from './http-routes.ts';
import {checkValue} from './limits.ts';
import {readBody} from './read-body.ts';
import type {MaybePromise, Store} from './store.ts';

const SCAN_METHODS = 'GET, HEAD';

/**
 * Answers requests from a store. A result that the store has at once is
 * answered at once: only a store that returns promises pays for them.
 */
export class HttpHandler {
  /** The methods for a key, as in an Allow header. */
  readonly keyMethods: string;
  readonly #store: Store;
  readonly #onError: (error: unknown) => void;

  constructor(store: Store, onError: (error: unknown) => void) {
    this.keyMethods = store.delete === undefined ? 'GET, HEAD, PUT' : 'GET, HEAD, PUT, DELETE';
    this.#store = store;
    this.#onError = onError;
  }

  /** @param expectsContinue the client sends its body only after a 100 (Continue) */
  handle(request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void {
    const route = parseTarget(request.url ?? '', this.#store.scan !== undefined);
    switch (route.kind) {
      case 'key':
        this.#onKey(request, response, route.key, expectsContinue);
        return;
      case 'scan':
        this.#onScan(request, response, route.query);
        return;
      case 'refused':
        answerReason(response, route.status, route.reason);
    }
  }

  #onKey(
    request: IncomingMessage,
    response: ServerResponse,
    key: string,
    expectsContinue: boolean,
  ): void {
    switch (request.method ?? '') {
      case 'GET':
      case 'HEAD':
        this.#get(response, key);
        return;
      case 'PUT':
        this.#put(request, response, key, expectsContinue);
        return;
      case 'DELETE':
        if (this.#store.delete !== undefined) this.#delete(response, key);
        else answerWrongMethod(response, this.keyMethods, 'this store has no DELETE');
        return;
      default:
        answerWrongMethod(response, this.keyMethods, `for a key: ${this.keyMethods}`);
    }
  }

  /** A HEAD too: Node leaves out the body. */
  #get(response: ServerResponse, key: string): void {
    this.#ask(
      response,
      () => this.#store.get(key),
      (value) => {
        if (value === undefined) answerReason(response, 404, 'no such key');
        else answerValue(response, value);
      },
    );
  }

  #put(
    request: IncomingMessage,
    response: ServerResponse,
    key: string,
    expectsContinue: boolean,
  ): void {
    const {bytesMax} = this.#store.valueLimits;
    const onTooLarge = (): void => {
      answerUnwantedBody(request, response, `a value is at most ${bytesMax} bytes`);
    };
    if (Number(request.headers['content-length'] ?? 0) > bytesMax) {
      onTooLarge();
      return;
    }
    if (expectsContinue) response.writeContinue();
    readBody(request, bytesMax, (value) => this.#putValue(response, key, value), onTooLarge);
  }

  #putValue(response: ServerResponse, key: string, value: string): void {
    this.#ask(
      response,
      () => {
        checkValue(value, this.#store.valueLimits);
        return this.#store.put(key, value);
      },
      () => answerValue(response, value),
    );
  }

  #delete(response: ServerResponse, key: string): void {
    this.#ask(
      response,
      () => this.#store.delete?.(key),
      () => answerEmpty(response),
    );
  }

  #onScan(request: IncomingMessage, response: ServerResponse, query: string): void {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const reason = `for a scan: ${SCAN_METHODS}; the key scan is at /keys/scan`;
      answerWrongMethod(response, SCAN_METHODS, reason);
      return;
    }
    const scanned = this.#scan(request, response, query);
    scanned.catch((error: unknown) => answerError(response, error, this.#onError));
  }

  async #scan(request: IncomingMessage, response: ServerResponse, query: string): Promise<void> {
    const {start, end} = parseScanQuery(query);
    if (request.method === 'HEAD') {
      response.writeHead(200, {'content-type': 'application/json'});
      response.end();
      return;
    }
    await answerScan(response, this.#store.scan?.(start, end) ?? []);
  }

  /** Asks the store, and answers at once if it does. */
  #ask<T>(
    response: ServerResponse,
    ask: () => MaybePromise<T>,
    onResult: (result: T) => void,
  ): void {
    const onError = (error: unknown): void => answerError(response, error, this.#onError);
    try {
      const result = ask();
      if (result instanceof Promise) result.then(onResult).catch(onError);
      else onResult(result);
    } catch (error) {
      onError(error);
    }
  }
}
