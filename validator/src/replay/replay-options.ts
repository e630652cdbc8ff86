import type {FixtureSurvey} from '@kv-workshop/fixtures/survey-fixture';
import type {HistoryRecorder} from '../history/history-recorder.ts';
import type {HttpClient} from '../http/http-client.ts';
import type {Server} from '../server/server.ts';
import type {ReplayProgress} from './replay-result.ts';

export interface ReplayOptions {
  readonly fixture: {
    readonly path: string;
    /** How messages call it. @default its path */
    readonly name?: string;
    /** If the caller has it already. */
    readonly survey?: FixtureSurvey;
  };
  /** Started and ready. Left up, unless the last line or a failure took it down. */
  readonly server: Server;
  /** Its client; the replay opens connections of its own, and closes them. */
  readonly client: HttpClient;
  /** Most requests in flight in a file with barriers. @default 64 */
  readonly concurrency?: number;
  /** @default none: the file is replayed to its end */
  readonly stopAfterFailures?: number;
  /** Further ones are only counted. @default 100 */
  readonly failuresKept?: number;
  /** Where to record when each request was sent and answered. */
  readonly history?: HistoryRecorder;
  /** Called ten times a second. */
  readonly onProgress?: (progress: ReplayProgress) => void;
  readonly signal?: AbortSignal;
}

export const CONCURRENCY_DEFAULT = 64;
export const FAILURES_KEPT_DEFAULT = 100;
