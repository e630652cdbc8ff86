import {FixtureError} from '@kv-workshop/fixtures/fixture-error';
import {type FixtureSurvey, surveyFixture} from '@kv-workshop/fixtures/survey-fixture';
import {UsageError} from '../errors.ts';

/**
 * A file that the caller has named.
 * @throws UsageError: a file that cannot be read, or is not in the language, is bad input
 */
export async function surveyOwnFixture(path: string, name: string): Promise<FixtureSurvey> {
  let survey: FixtureSurvey;
  try {
    survey = await surveyFixture(path, name);
  } catch (error) {
    if (!(error instanceof FixtureError)) throw error;
    throw new UsageError(error.message, {cause: error});
  }
  // Nothing asked is nothing passed: the file may have been cut short.
  if (survey.requests === 0) throw new UsageError(`${name}: there is no request in it`);
  return survey;
}
