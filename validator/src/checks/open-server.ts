/** The server of a check, as the runner hands it over. */
import type {HttpClient} from '../http/http-client.ts';
import type {Server} from '../server/server.ts';

export interface OpenServer extends Server {
  /** Speaks to it as kv.yaml says, wherever it listens after each start. */
  readonly client: HttpClient;
  /** Ends it, if it is ours, and removes its data folder. */
  dispose(): Promise<void>;
}
