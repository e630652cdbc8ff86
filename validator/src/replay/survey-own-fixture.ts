import {FixtureError} from '@kv-workshop/fixtures/fixture-error';
import {describeWrongRead, describeWrongScan} from '@kv-workshop/fixtures/lint-expectations';
import {readFixture} from '@kv-workshop/fixtures/read-fixture';
import {type FixtureSurvey, surveyFixture} from '@kv-workshop/fixtures/survey-fixture';
import {FixtureWalker} from '@kv-workshop/fixtures/walk-fixture';
import {UsageError} from '../errors.ts';

/**
 * A file that the caller has named.
 * @throws UsageError: a file that cannot be read, is not in the language, or
 *   contradicts itself is bad input, and says nothing about a server
 */
export async function surveyOwnFixture(path: string, name: string): Promise<FixtureSurvey> {
  let survey: FixtureSurvey;
  let contradiction: string | undefined;
  try {
    survey = await surveyFixture(path, name);
    contradiction = await contradictionOf(path, name, survey);
  } catch (error) {
    if (!(error instanceof FixtureError)) throw error;
    throw new UsageError(error.message, {cause: error});
  }
  // Nothing asked is nothing passed: the file may have been cut short.
  if (survey.requests === 0) throw new UsageError(`${name}: there is no request in it`);
  if (contradiction === undefined) return survey;
  throw new UsageError(
    `${name}:${contradiction}; the mistake is in the file (kv fixture lint shows all of them)`,
  );
}

/** @returns the first one, as `kv fixture lint` tells it: its line, and the line that it contradicts */
async function contradictionOf(
  path: string,
  name: string,
  survey: FixtureSurvey,
): Promise<string | undefined> {
  const contradictions: string[] = [];
  const walker = new FixtureWalker(survey, (read, model) => {
    const wrong =
      read.op === 'get' ? describeWrongRead(read, model) : describeWrongScan(read, model);
    if (wrong !== undefined) contradictions.push(`${read.line}: ${wrong}`);
  });
  for await (const batch of readFixture(path, name)) {
    for (const instruction of batch) walker.step(instruction);
    if (contradictions.length > 0) return contradictions[0];
  }
  walker.end();
  return contradictions[0];
}
