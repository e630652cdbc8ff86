/** What is to be graded, and how it is reached. */

import type {Routes} from '../http/routes.ts';
import type {Account} from '../server/account.ts';
import type {FileClaims} from './settings.ts';

export type Project = CommandProject | UrlProject | ReferenceWeeks;

/** What holds for every server, however it is reached. */
export interface ServerTraits {
  readonly routes: Routes;
  /** `raw`, `json-string` or `json:<field>`: see http/body-codec.ts. */
  readonly body: string;
  readonly files: FileClaims;
  /** Optional tasks that are claimed. */
  readonly stretch: readonly string[];
}

/** A server that we start. */
export interface CommandProject extends ServerTraits {
  readonly kind: 'command';
  /** In words: where this was found. */
  readonly source: string;
  /** The week that it names itself. */
  readonly week: number | undefined;
  /** Absolute; its commands run here. */
  readonly folder: string;
  readonly command: string;
  /** As `command`, for a server with small thresholds. */
  readonly smallCommand: string | undefined;
  readonly buildCommand: string | undefined;
  readonly readyTimeoutMs: number;
  readonly env: Readonly<Record<string, string>>;
  /** As whom its commands run. @default the grader */
  readonly account?: Account;
}

/** A server that runs already. */
export interface UrlProject extends ServerTraits {
  readonly kind: 'url';
  readonly source: string;
  readonly week: number | undefined;
  readonly url: string;
}

/** Nobody has named a project: the workshop's own servers, one a week. */
interface ReferenceWeeks {
  readonly kind: 'reference';
  readonly source: string;
}
