/** The server of a check, as the runner hands it over. */
import type {HttpClient} from '../http/http-client.ts';
import type {Server} from '../server/server.ts';

export interface OpenServer extends Server {
  /** Speaks to it as kv.yaml says, wherever it listens after each start. */
  readonly client: HttpClient;
  /**
   * Ends it, if it is ours, and removes its data folder.
   * @param look at the folder, in between: nothing writes to it any more. Must not throw.
   */
  dispose(look?: (dataDir: string) => Promise<void>): Promise<void>;
}
