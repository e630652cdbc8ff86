import type {Request} from '@kv-workshop/fixtures/instruction';
import type {Connection, ExchangeListener, HttpRequest, Outcome} from '../http/exchange.ts';
import type {OpenKey} from './open-keys.ts';

export interface LaneOwner {
  onSent(): void;
  onOutcome(lane: Lane, outcome: Outcome): void;
}

/** A connection, and the fixture's request that is in flight on it. */
export class Lane implements ExchangeListener {
  readonly number: number;
  readonly connection: Connection;
  readonly #owner: LaneOwner;

  // Of the last request that was started; meaningless before that.
  request!: Request;
  attempt = 1;
  /** For a GET: what was open about its key when it was sent. */
  open: OpenKey | undefined;
  /** When it was sent: milliseconds of `performance.now()`. */
  invokedAt = 0;
  isSent = false;
  #isStarting = false;

  constructor(number: number, connection: Connection, owner: LaneOwner) {
    this.number = number;
    this.connection = connection;
    this.#owner = owner;
  }

  start(request: Request, http: HttpRequest, open: OpenKey | undefined, attempt: number): void {
    this.request = request;
    this.attempt = attempt;
    this.open = open;
    this.isSent = false;
    this.invokedAt = performance.now();
    this.#isStarting = true;
    this.connection.exchange(http, this);
    this.#isStarting = false;
  }

  onSent(): void {
    this.isSent = true;
    // A connection had to be opened first.
    if (!this.#isStarting) this.invokedAt = performance.now();
    this.#owner.onSent();
  }

  onOutcome(outcome: Outcome): void {
    this.#owner.onOutcome(this, outcome);
  }
}
