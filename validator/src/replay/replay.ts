import {surveyFixture} from '@kv-workshop/fixtures/survey-fixture';
import {UsageError} from '../errors.ts';
import type {ReplayOptions} from './replay-options.ts';
import type {ReplayResult} from './replay-result.ts';
import {Replayer} from './replayer.ts';

/**
 * Sends a fixture file to a server and holds each answer against its line: one
 * request after another over one connection or, if the file has barriers, the
 * requests of each block in parallel.
 *
 * What the server does wrong is in the result. The file is read twice (once to
 * find bad lines before anything is sent), never as a whole.
 *
 * @throws FixtureError if the file cannot be read or has a bad line
 * @throws UsageError if it needs a server that can be stopped, and this one cannot
 * @throws GraderError if this machine is at fault
 */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const {path, name = path} = options.fixture;
  const survey = options.fixture.survey ?? (await surveyFixture(path, name));
  const stops = survey.kills + survey.restarts;
  if (stops > 0 && options.server.control === undefined) {
    throw new UsageError(
      `${name}: it kills or restarts the server (${survey.kills} KILL, ${survey.restarts} RESTART), and this one was started elsewhere; nothing was sent`,
    );
  }
  return await new Replayer(options, survey).run();
}
