import type {Address} from '../server/server.ts';
import type {HttpRequest} from './exchange.ts';

/** Would end the request line early, or start another header. */
const UNSAFE = /[^\x21-\xff]/;
const UNSAFE_HEADER = /[^\x20-\x7e]/;

/** `Host: 127.0.0.1:8080` and its line end. */
export function hostHeader({host, port}: Address): string {
  return `Host: ${host.includes(':') ? `[${host}]` : host}:${port}\r\n`;
}

/**
 * A request as it goes over the wire. The headers are written as most clients
 * write them, for the sake of servers that compare them letter by letter.
 */
export function encodeRequest(request: HttpRequest, host: string): string {
  const {method, path, body, contentType} = request;
  if (UNSAFE.test(path) || UNSAFE.test(method)) {
    throw new Error(`not a request line: ${JSON.stringify(`${method} ${path}`)}`);
  }
  const start = `${method} ${path} HTTP/1.1\r\n${host}Connection: keep-alive\r\n`;
  if (body === undefined) return `${start}\r\n`;
  if (contentType !== undefined && UNSAFE_HEADER.test(contentType)) {
    throw new Error(`not a header's value: ${JSON.stringify(contentType)}`);
  }
  const type = contentType === undefined ? '' : `Content-Type: ${contentType}\r\n`;
  return `${start}${type}Content-Length: ${body.length}\r\n\r\n${body}`;
}
