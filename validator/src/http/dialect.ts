import {type BodyCodec, bodyCodec} from './body-codec.ts';
import type {HttpLimits, HttpRequest} from './exchange.ts';
import {DEFAULT_LIMITS} from './exchange.ts';
import {
  DEFAULT_ROUTES,
  type KeyPath,
  keyPath,
  type RangePath,
  type Routes,
  rangePath,
} from './routes.ts';

/** How one server is spoken to: its paths, and the form of its bodies. */
export class Dialect {
  readonly codec: BodyCodec;
  readonly #put: KeyPath;
  readonly #get: KeyPath;
  readonly #delete: KeyPath;
  readonly #scan: RangePath;
  readonly #scanBodyBytesMax: number;

  /**
   * @param routes those that are missing are the contract's
   * @param body kv.yaml's `body`. @default raw
   * @throws UsageError
   */
  constructor(
    routes: Partial<Routes> = {},
    body: string = 'raw',
    limits: HttpLimits = DEFAULT_LIMITS,
  ) {
    this.codec = bodyCodec(body);
    this.#put = keyPath(routes.put ?? DEFAULT_ROUTES.put, 'routes.put');
    this.#get = keyPath(routes.get ?? DEFAULT_ROUTES.get, 'routes.get');
    this.#delete = keyPath(routes.delete ?? DEFAULT_ROUTES.delete, 'routes.delete');
    this.#scan = rangePath(routes.scan ?? DEFAULT_ROUTES.scan, 'routes.scan');
    this.#scanBodyBytesMax = limits.scanBodyBytesMax;
  }

  /** @param value printable ASCII */
  put(key: string, value: string): HttpRequest {
    const body = this.codec.encode(value);
    return {method: 'PUT', path: this.#put(key), body, contentType: this.codec.contentType};
  }

  get(key: string): HttpRequest {
    return {method: 'GET', path: this.#get(key)};
  }

  delete(key: string): HttpRequest {
    return {method: 'DELETE', path: this.#delete(key)};
  }

  scan(start: string, end: string): HttpRequest {
    const bodyBytesMax = this.#scanBodyBytesMax;
    return {method: 'GET', path: this.#scan(start, end), bodyBytesMax};
  }
}
