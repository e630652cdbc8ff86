import {garbage, parseHead, ResponseProblem} from './response-head.ts';

/** A server may send interim answers (1xx), but not for ever. */
const INTERIM_ANSWERS_MAX = 20;
/** Sizes of chunks in hexadecimal: no body that we accept needs more digits. */
const CHUNK_SIZE_LINE = /^([0-9a-fA-F]{1,12})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/;
const CHUNK_LINE_BYTES_MAX = 1024;
const START = 'HTTP/1.';
const BARE_EMPTY_LINE = /\n\r?\n/;

type State = 'head' | 'length' | 'until-close' | 'chunk-size' | 'chunk-data' | 'trailers' | 'done';

/**
 * Reads one HTTP/1 answer after another from what a connection delivers, in
 * pieces of any size. Memory is bounded by the two limits.
 */
export class ResponseParser {
  readonly #headBytesMax: number;
  #state: State = 'done';
  #status = 0;
  #keepAlive = false;
  #isHead = false;
  #bodyBytesMax = 0;
  #bytesReceived = 0;
  #interimAnswers = 0;
  /** Received, and not yet understood. */
  #unread = '';
  #body = '';
  /** Bytes of the body ('length') or of the chunk ('chunk-data') still to come. */
  #missing = 0;
  #trailerBytes = 0;

  constructor(headBytesMax: number) {
    this.#headBytesMax = headBytesMax;
  }

  /** Prepares for the answer to the next request. @param isHead the request is HEAD: no body */
  begin(isHead: boolean, bodyBytesMax: number): void {
    this.#state = 'head';
    this.#isHead = isHead;
    this.#bodyBytesMax = bodyBytesMax;
    this.#bytesReceived = 0;
    this.#interimAnswers = 0;
    this.#unread = '';
    this.#body = '';
    this.#trailerBytes = 0;
  }

  /** Bytes of this answer so far. */
  get bytesReceived(): number {
    return this.#bytesReceived;
  }

  get status(): number {
    return this.#status;
  }

  get body(): string {
    return this.#body;
  }

  /** Whether another request may follow on this connection. */
  get keepAlive(): boolean {
    return this.#keepAlive;
  }

  /**
   * What came behind the end of the answer, and belongs to nothing. Line ends
   * are overlooked there, as by every client.
   */
  get surplus(): string {
    return this.#state === 'done' ? withoutLineEnds(this.#unread) : '';
  }

  /**
   * Takes the next bytes.
   * @returns whether the answer is complete
   * @throws ResponseProblem
   */
  push(text: string): boolean {
    this.#bytesReceived += text.length;
    if (this.#state === 'until-close') {
      this.#addBody(text);
      return false;
    }
    this.#unread = this.#unread === '' ? text : this.#unread + text;
    while (this.#step());
    return this.#state === 'done';
  }

  /** The server has ended the connection. @returns whether that completes the answer */
  end(): boolean {
    if (this.#state !== 'until-close') return false;
    this.#state = 'done';
    return true;
  }

  /** Where the answer stands, for messages. */
  describeProgress(): string {
    switch (this.#state) {
      case 'head':
        return 'in the middle of its headers';
      case 'length':
        return `${this.#missing} bytes before the end that its Content-Length announces`;
      case 'until-close':
        return 'in the middle of a body that only the end of the connection ends';
      case 'chunk-size':
      case 'chunk-data':
      case 'trailers':
        return 'before the last chunk of its body';
      case 'done':
      default:
        return 'after its end';
    }
  }

  /** Why nothing more comes, though the connection stays open, for messages. */
  describeStall(): string {
    return this.#state === 'until-close'
      ? 'the answer has neither Content-Length nor "Transfer-Encoding: chunked", and the connection stays open, so its body has no end'
      : `it stopped ${this.describeProgress()}`;
  }

  /** @returns whether anything more can be understood of what was received */
  #step(): boolean {
    switch (this.#state) {
      case 'head':
        return this.#readHead();
      case 'length':
      case 'chunk-data':
        return this.#readCounted();
      case 'chunk-size':
        return this.#readChunkSize();
      case 'trailers':
        return this.#readTrailer();
      case 'until-close':
        this.#addBody(this.#unread);
        this.#unread = '';
        return false;
      case 'done':
      default:
        return false;
    }
  }

  #readHead(): boolean {
    this.#unread = withoutLineEnds(this.#unread);
    const end = this.#unread.indexOf('\r\n\r\n');
    if (end === -1) {
      const begin = this.#unread.slice(0, START.length);
      if (!START.startsWith(begin)) throw garbage('what came does not begin with "HTTP/1."');
      // Whatever may still come, an empty line that ends so does not end the headers.
      if (BARE_EMPTY_LINE.test(this.#unread)) {
        throw garbage('the header lines end with \\n alone; each must end with \\r\\n');
      }
      if (this.#unread.length > this.#headBytesMax) throw this.#headTooLong();
      return false;
    }
    if (end > this.#headBytesMax) throw this.#headTooLong();
    const head = parseHead(this.#unread.slice(0, end));
    this.#unread = this.#unread.slice(end + 4);
    if (head.status < 200) {
      this.#countInterimAnswer(head.status);
      return true;
    }
    this.#status = head.status;
    this.#keepAlive = head.keepAlive;
    if (this.#isHead || head.body === 0) this.#state = 'done';
    else if (head.body === 'chunked') this.#state = 'chunk-size';
    else if (head.body === 'until-close') this.#state = 'until-close';
    else this.#expectBytes('length', head.body);
    return true;
  }

  #headTooLong(): ResponseProblem {
    return garbage(`the headers are longer than ${this.#headBytesMax} bytes, or have no end`);
  }

  #countInterimAnswer(status: number): void {
    if (status === 101) throw garbage('the answer is 101, and no other protocol was asked for');
    if (++this.#interimAnswers <= INTERIM_ANSWERS_MAX) return;
    throw garbage(`more than ${INTERIM_ANSWERS_MAX} interim answers (${status}) to one request`);
  }

  #readCounted(): boolean {
    if (this.#unread === '') return false;
    const isChunk = this.#state === 'chunk-data';
    const part =
      this.#unread.length <= this.#missing ? this.#unread : this.#unread.slice(0, this.#missing);
    this.#body = this.#body === '' ? part : this.#body + part;
    this.#missing -= part.length;
    this.#unread = this.#unread.slice(part.length);
    if (this.#missing === 0) this.#state = isChunk ? 'chunk-size' : 'done';
    return true;
  }

  #readChunkSize(): boolean {
    // Each chunk is followed by an empty line end, which the first one lacks.
    const isFirst = this.#body === '';
    const from = isFirst ? 0 : 2;
    const end = this.#unread.indexOf('\r\n', from);
    if (end === -1) {
      if (this.#unread.length <= CHUNK_LINE_BYTES_MAX) return false;
      throw garbage('the line with the size of a chunk has no end');
    }
    const size = CHUNK_SIZE_LINE.exec(this.#unread.slice(from, end))?.[1];
    if (size === undefined || (!isFirst && !this.#unread.startsWith('\r\n'))) {
      throw garbage('the size of a chunk is not where it should be, or not a number');
    }
    this.#unread = this.#unread.slice(end + 2);
    const sizeBytes = Number.parseInt(size, 16);
    if (sizeBytes === 0) this.#state = 'trailers';
    else this.#expectBytes('chunk-data', sizeBytes);
    return true;
  }

  #readTrailer(): boolean {
    const end = this.#unread.indexOf('\r\n');
    const bytes = this.#trailerBytes + (end === -1 ? this.#unread.length : end);
    if (bytes > this.#headBytesMax) {
      throw garbage('the trailers are too long, or have no end');
    }
    if (end === -1) return false;
    if (end === 0) {
      this.#state = 'done';
    } else {
      parseHead(`HTTP/1.1 200\r\n${this.#unread.slice(0, end)}`);
      this.#trailerBytes = bytes;
    }
    this.#unread = this.#unread.slice(end + 2);
    return true;
  }

  #expectBytes(state: 'length' | 'chunk-data', bytes: number): void {
    this.#checkBodyLength(bytes);
    this.#missing = bytes;
    this.#state = state;
  }

  #addBody(text: string): void {
    this.#checkBodyLength(text.length);
    this.#body += text;
  }

  #checkBodyLength(more: number): void {
    const bytes = this.#body.length + more;
    if (bytes <= this.#bodyBytesMax) return;
    throw new ResponseProblem(
      'body-too-long',
      `the body has ${bytes} bytes or more; at most ${this.#bodyBytesMax} make sense here`,
    );
  }
}

/** Without the line ends at its beginning. */
export function withoutLineEnds(text: string): string {
  let from = 0;
  while (text.charAt(from) === '\r' || text.charAt(from) === '\n') from++;
  return from === 0 ? text : text.slice(from);
}
