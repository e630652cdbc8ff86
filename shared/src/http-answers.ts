/**
 * The answers of the HTTP shell, as they go over the wire: a value, or one line
 * of plain text that says why there is none.
 */

import type {IncomingMessage, ServerResponse} from 'node:http';
import {KvError, type KvErrorCode} from './errors.ts';

/**
 * For how long the rest of an unwanted body is read and thrown away. A
 * connection closed while bytes are on their way is reset, and the client
 * loses the answer that says what was wrong.
 */
const UNWANTED_BODY_MS = 5_000;

/** 200 with the value; values are printable ASCII, so characters are bytes. */
export function answerValue(response: ServerResponse, value: string): void {
  response.writeHead(200, {'content-type': 'text/plain', 'content-length': value.length});
  response.end(value, 'latin1');
}

/** 200 without a body. */
export function answerEmpty(response: ServerResponse): void {
  response.writeHead(200, {'content-length': 0});
  response.end();
}

export function answerReason(
  response: ServerResponse,
  status: number,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.end(writeReason(response, status, reason, headers));
}

/** 405 with the methods that the route does have. */
export function answerWrongMethod(response: ServerResponse, allowed: string, reason: string): void {
  answerReason(response, 405, reason, {allow: allowed});
}

/**
 * Answers a request whose body is too large to be read. The client has the
 * whole answer at once; the connection is closed when the rest of the body has
 * come, or after a while.
 */
export function answerUnwantedBody(
  request: IncomingMessage,
  response: ServerResponse,
  reason: string,
): void {
  response.shouldKeepAlive = false;
  response.write(writeReason(response, 413, reason, {}));
  const end = (): void => {
    clearTimeout(deadline);
    response.end();
  };
  const deadline = setTimeout(end, UNWANTED_BODY_MS);
  request.once('end', end);
  request.once('close', end);
  request.resume();
}

/**
 * Answers for an error of the store: 400, 413, 500 or 503 by its code, with its
 * message. What the client cannot be told goes to `onError`: an error that is
 * no KvError, and so a bug, and any error once the answer has begun.
 */
export function answerError(
  response: ServerResponse,
  error: unknown,
  onError: (error: unknown) => void,
): void {
  if (response.headersSent) {
    // A client must not take the part that it has for the whole.
    response.destroy();
    onError(error);
    return;
  }
  const status = error instanceof KvError ? STATUS[error.code] : undefined;
  if (status === undefined) {
    onError(error);
    answerReason(response, 500, 'internal error; the server has printed it');
    return;
  }
  answerReason(response, status, (error as KvError).message);
}

/** LOCKED and USAGE are not here: from an open store they make no sense. */
const STATUS: Partial<Record<KvErrorCode, number>> = {
  INVALID_KEY: 400,
  INVALID_VALUE: 400,
  VALUE_TOO_LARGE: 413,
  CORRUPTION: 500,
  IO: 500,
  CLOSED: 503,
};

/** Writes the head; returns the body that goes with it. */
function writeReason(
  response: ServerResponse,
  status: number,
  reason: string,
  headers: Readonly<Record<string, string>>,
): Buffer {
  const body = Buffer.from(`${reason.replaceAll(/\s*\n\s*/g, ' ')}\n`);
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': body.length,
    ...headers,
  });
  return body;
}
