/** How checks talk to a server; the runner hands it over. */
import type {Server} from '../server/server.ts';

export interface OpenServer extends Server {
  /** A connection of its own, opened with the first request. */
  connect(): Connection;
  /** The path that a request goes to, as it is sent. */
  pathOf(request: Request): string;
  /** Ends the server, if it is ours, and removes its data folder. */
  dispose(): Promise<void>;
}

/** One keep-alive connection: requests on it are answered one after another. */
export interface Connection {
  /**
   * @throws ServerFailure if no complete answer came
   * @throws GraderError if the machine is at fault
   */
  send(request: Request): Promise<Reply>;
  /** Drops the connection; requests on it fail. */
  close(): void;
}

export interface Request {
  readonly method: 'GET' | 'PUT' | 'DELETE' | 'POST';
  /** The path is that of kv.yaml's routes for this key, unless `path` is given. */
  readonly key: string;
  /** Sent as it is, instead of the key's path. */
  readonly path?: string;
  /** For PUT, encoded as kv.yaml's `body` says. */
  readonly value?: string;
}

export interface Reply {
  readonly status: number;
  /** Decoded as kv.yaml's `body` says; one character a byte (latin1). */
  readonly value: string;
}
