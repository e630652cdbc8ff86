/** Where a result goes besides the screen. */
import {appendFileSync} from 'node:fs';
import {UsageError} from '../errors.ts';
import {githubAnnotations, githubSummary, withoutCommands} from '../export/github.ts';
import {htmlReport} from '../export/html.ts';
import {junitXml} from '../export/junit.ts';
import {requireWritable, writeJson, writeOutput} from '../report/write-json.ts';
import type {GradeReport} from './result.ts';

export interface OutputFlags {
  readonly json?: string;
  readonly html?: string;
  readonly junit?: string;
  readonly github?: boolean;
}

/** Of a run in GitHub Actions: between these two lines nothing that is printed is a command. */
let closingLine: string | undefined;

/**
 * Before anything is printed that a server may have decided.
 * @throws UsageError if one of them cannot be written
 */
export function openOutputs({json, html, junit, github}: OutputFlags): void {
  for (const [flag, target] of Object.entries({json, html, junit})) {
    if (target !== undefined) requireWritable(`--${flag}`, target);
  }
  if (github !== true) return;
  const [before, after] = withoutCommands();
  process.stdout.write(`${before}\n`);
  closingLine = after;
}

/** @throws UsageError if one of them cannot be written */
export function writeOutputs({json, html, junit, github}: OutputFlags, report: GradeReport): void {
  if (github === true) writeGithub(report);
  if (html !== undefined) writeOutput('--html', html, htmlReport(report));
  if (junit !== undefined) writeOutput('--junit', junit, junitXml(report));
  if (json !== undefined) writeJson(json, report);
}

function writeGithub(report: GradeReport): void {
  const lines = [...(closingLine === undefined ? [] : [closingLine]), ...githubAnnotations(report)];
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  closingLine = undefined;
  const file = process.env['GITHUB_STEP_SUMMARY'];
  if (file === undefined || file === '') return;
  try {
    appendFileSync(file, githubSummary(report));
  } catch (error) {
    throw new UsageError(`--github: ${file}: ${(error as Error).message}`, {cause: error});
  }
}
