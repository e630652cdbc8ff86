/** Values, requests and answers in messages. Nothing is escaped here: the reports do that. */
import type {Answered, HttpRequest} from '../http/exchange.ts';
import type {Value} from './ledger.ts';

/** Longer values are cut: the card points into them anyway. */
const SHOWN_MAX = 60;
/** The body of an error says what went wrong, often behind a path. */
const ERROR_SHOWN_MAX = 300;

/** `"abc"`; a long one cut, with its length: `"abc..." (70 bytes)`. */
export function quote(text: string, shownMax = SHOWN_MAX): string {
  if (text.length <= shownMax) return `"${text}"`;
  return `"${text.slice(0, shownMax)}..." (${text.length} bytes)`;
}

/** `200 with "abc" or 404` */
export function showPermitted(permitted: readonly Value[]): string {
  return permitted
    .map((value) => (value === null ? '404' : `200 with ${quote(value)}`))
    .join(' or ');
}

/** `500 with "Internal Server Error"` */
export function showAnswer({status, body}: Answered): string {
  if (body === '') return status === 200 ? '200 with an empty body' : String(status);
  return `${status} with ${quote(body, status >= 500 ? ERROR_SHOWN_MAX : SHOWN_MAX)}`;
}

/** The request line as sent, and the body below it. */
export function showRequest({method, path, body}: HttpRequest): string {
  const line = `${method} ${path} HTTP/1.1`;
  return body === undefined ? line : `${line}\n${body}`;
}
