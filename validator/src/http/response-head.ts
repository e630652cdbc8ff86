/**
 * The lines of an HTTP/1 answer before its body (RFC 9112, sections 2 to 6),
 * read strictly: a server that gets them wrong works with one client and fails
 * with the next.
 */

export interface ResponseHead {
  readonly status: number;
  /** Whether another request may follow on this connection. */
  readonly keepAlive: boolean;
  readonly body: BodyFraming;
}

/** How the end of the body is found: a length in bytes, or one of two ways to tell as it comes. */
type BodyFraming = number | 'chunked' | 'until-close';

/** What came is not an answer that the client can accept. */
export class ResponseProblem extends Error {
  readonly kind: 'garbage' | 'body-too-long';

  constructor(kind: 'garbage' | 'body-too-long', message: string) {
    super(message);
    this.kind = kind;
  }
}

const VALUE = String.raw`[\t\x20-\x7e\x80-\xff]*`;
const STATUS_LINE = String.raw`HTTP/1\.[01] [1-9]\d\d(?: ${VALUE})?`;
const HEADER_LINE = String.raw`[!#$%&'*+.^_\`|~0-9A-Za-z-]+:${VALUE}`;
const HEAD = new RegExp(String.raw`^${STATUS_LINE}(?:\r\n${HEADER_LINE})*$`);
const ONE_STATUS_LINE = new RegExp(`^${STATUS_LINE}$`);
const ONE_HEADER_LINE = new RegExp(`^${HEADER_LINE}$`);

/**
 * @param text all lines, without the empty one at the end
 * @throws ResponseProblem garbage
 */
export function parseHead(text: string): ResponseHead {
  if (!HEAD.test(text)) throw describeBadHead(text);
  const status =
    (text.charCodeAt(9) - 48) * 100 + (text.charCodeAt(10) - 48) * 10 + (text.charCodeAt(11) - 48);
  const lines = text.toLowerCase();
  const framing = bodyFraming(lines, status);
  const connection = headerValues(lines, 'connection');
  const persists =
    text.charAt(7) === '1' ? !hasToken(connection, 'close') : hasToken(connection, 'keep-alive');
  return {status, keepAlive: persists && framing !== 'until-close', body: framing};
}

/** RFC 9112, section 6.3; what it leaves to the client's judgement is refused. */
function bodyFraming(lines: string, status: number): BodyFraming {
  const encoding = headerValues(lines, 'transfer-encoding');
  const length = headerValues(lines, 'content-length');
  if (encoding !== undefined && length !== undefined) {
    throw garbage('the answer has both Content-Length and Transfer-Encoding');
  }
  if (length !== undefined && !/^\d{1,15}$/.test(length)) {
    throw garbage(`Content-Length is not one number: ${length}`);
  }
  if (status < 200 || status === 204 || status === 304) return 0;
  if (encoding !== undefined) {
    if (encoding === 'chunked') return 'chunked';
    throw garbage(`Transfer-Encoding is ${encoding}; only chunked was possible`);
  }
  return length === undefined ? 'until-close' : Number(length);
}

/** The values of all lines of this header, joined by commas; undefined if there is none. */
function headerValues(lines: string, name: string): string | undefined {
  const start = `\r\n${name}:`;
  let values: string | undefined;
  let at = lines.indexOf(start);
  while (at !== -1) {
    const from = at + start.length;
    const end = lines.indexOf('\r\n', from);
    const value = lines.slice(from, end === -1 ? lines.length : end).trim();
    values = values === undefined ? value : `${values},${value}`;
    if (end === -1) break;
    at = lines.indexOf(start, end);
  }
  return values;
}

function hasToken(values: string | undefined, token: string): boolean {
  if (values === undefined) return false;
  return values === token || values.split(',').some((value) => value.trim() === token);
}

function describeBadHead(text: string): ResponseProblem {
  const [statusLine = '', ...headerLines] = text.split('\r\n');
  if (!ONE_STATUS_LINE.test(statusLine)) return garbage(badLine('status line', statusLine));
  const bad = headerLines.find((line) => !ONE_HEADER_LINE.test(line)) ?? '';
  return garbage(badLine('header line', bad));
}

function badLine(what: string, line: string): string {
  const reason = line.includes('\n')
    ? 'has a line feed without a carriage return (lines end with \\r\\n)'
    : 'is not HTTP';
  return `a ${what} ${reason}`;
}

export function garbage(message: string): ResponseProblem {
  return new ResponseProblem('garbage', message);
}
