/** Which servers to grade, at which week, and with which checks. */

import type {FixtureSurvey} from '@kv-workshop/fixtures/survey-fixture';
import {checksOf, gradedWeekLast} from '../checks/catalogue.ts';
import type {Check} from '../checks/check.ts';
import {fixtureCheck} from '../checks/replay-check.ts';
import {argumentsOf, type ProjectFlags} from '../config/find-project.ts';
import type {CommandProject, Project, UrlProject} from '../config/project.ts';
import {UsageError} from '../errors.ts';
import {referenceServers} from '../installation.ts';
import {referenceProject} from '../server/reference-server.ts';
import type {GradeJob} from './grade-session.ts';
import type {Target} from './result.ts';
import {isFirstWhenAttached} from './server-source.ts';

export interface JobOptions {
  readonly project: Project;
  readonly flags: ProjectFlags;
  /** As on the command line, if it was. */
  readonly week: number | undefined;
  /** Ids of the checks to run; all of the week if undefined. */
  readonly only: ReadonlySet<string> | undefined;
  /** A fixture file to replay in place of the week's checks. */
  readonly fixture?: OwnFixture | undefined;
}

export interface OwnFixture {
  readonly path: string;
  /** As it was named on the command line. */
  readonly name: string;
  readonly survey: FixtureSurvey;
}

/** @throws UsageError if no week is named, or none of the checks is valid in it */
export async function* gradeJobs(options: JobOptions): AsyncGenerator<GradeJob> {
  const {project} = options;
  if (project.kind !== 'reference') {
    const week = options.week ?? project.week;
    if (week === undefined) {
      throw new UsageError('which week? `kv grade 3`, or `week: 3` in kv.yaml');
    }
    const checks = checksFor(options, week);
    const target = targetOf(project, options.flags);
    yield {project, week, target, checks: project.kind === 'url' ? attachedOrder(checks) : checks};
    return;
  }
  const present = referenceServers().map((entry) => entry.week);
  const weeks = present.filter((week) => week <= gradedWeekLast());
  for (const week of options.week === undefined ? weeks : [options.week]) {
    const reference = await referenceProject(week);
    const target: Target = {kind: 'reference', name: reference.source, arguments: []};
    yield {project: reference, week, target, checks: checksFor(options, week)};
  }
}

function checksFor({only, fixture}: JobOptions, week: number): readonly Check[] {
  if (fixture !== undefined) {
    return [fixtureCheck(fixture.path, fixture.name, fixture.survey, week)];
  }
  const checks = checksOf(week);
  if (only === undefined) {
    const last = gradedWeekLast();
    if (week <= last) return checks;
    throw new UsageError(`week ${week} cannot be graded yet: the checks go from week 1 to ${last}`);
  }
  const chosen = checks.filter((check) => only.has(check.id));
  if (chosen.length > 0) return chosen;
  throw new UsageError(`no check of ${Array.from(only).join(', ')} is valid in week ${week}`);
}

/**
 * A server that we cannot empty can replay one file only: a long one of the
 * latest week possible, before the other checks have written anything.
 */
function attachedOrder(checks: readonly Check[]): readonly Check[] {
  const rank = (check: Check): number => check.weekFirst + (check.isLong === true ? 0.5 : 0);
  const [first] = checks.filter(isFirstWhenAttached).sort((a, b) => rank(b) - rank(a));
  if (first === undefined) return checks;
  return [first, ...checks.filter((check) => check !== first)];
}

function targetOf(project: CommandProject | UrlProject, flags: ProjectFlags): Target {
  if (project.kind === 'url') {
    return {kind: 'url', name: project.url, arguments: argumentsOf(flags)};
  }
  const kind = flags.command === undefined ? 'project' : 'command';
  const name = kind === 'project' ? project.source : project.command;
  return {kind, name, arguments: argumentsOf(flags)};
}
