/**
 * For GitHub Actions: a summary of the step in Markdown, and an annotation for
 * each failure. https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
import {randomBytes} from 'node:crypto';
import {Chalk} from 'chalk';
import type {CheckResult, GradeReport, Grading} from '../grade/result.ts';
import {escapeText} from '../report/escape.ts';
import {failureCard, smallestReplayLines} from '../report/failure-card.ts';
import {headline} from '../report/headline.ts';
import {seconds} from '../report/numbers.ts';
import {STATE_NAMES} from '../report/table.ts';

const PLAIN = new Chalk({level: 0});

/** GitHub Flavored Markdown. Text of the server's is only ever in code blocks, or escaped. */
export function githubSummary({gradings}: GradeReport): string {
  return gradings.flatMap((grading) => [...section(grading), '']).join('\n');
}

function section(grading: Grading): string[] {
  const {checks, seed} = grading;
  const rows = checks.map((check) => {
    const time = check.durationMs > 0 ? seconds(check.durationMs) : '';
    return `| ${STATE_NAMES[check.state]} | \`${check.id}\` | ${plain(check.title)} | ${time} |`;
  });
  const failed = checks.filter(({failure}) => failure !== undefined);
  return [
    `## kv: ${plain(headline(grading))}`,
    '',
    '| State | Check | | Time |',
    '|---|---|---|---:|',
    ...rows,
    '',
    `Seed ${seed}`,
    ...failed.flatMap((check) => ['', ...codeBlock(cardLines(check))]),
  ];
}

/** One `::error` line for each check that did not pass, where it was run. */
export function githubAnnotations({gradings}: GradeReport): string[] {
  return gradings.flatMap(({week, checks}) =>
    checks.flatMap((check) => {
      const level = LEVELS[check.state];
      if (level === undefined) return [];
      const title = property(`week ${week}: ${check.id}`);
      return [`::${level} title=${title}::${data(escapeText(check.reason ?? check.title))}`];
    }),
  );
}

const LEVELS: Readonly<Partial<Record<CheckResult['state'], 'error' | 'warning'>>> = {
  fail: 'error',
  inconclusive: 'warning',
  'grader-error': 'warning',
};

/**
 * Two lines to print around text that the server may have decided: between them
 * the runner takes no line for a command. Nobody can guess the token that ends it.
 */
export function withoutCommands(): readonly [before: string, after: string] {
  const token = randomBytes(16).toString('hex');
  return [`::stop-commands::${token}`, `::${token}::`];
}

function cardLines(check: CheckResult): string[] {
  return [...failureCard(check, PLAIN), ...smallestReplayLines(check, PLAIN)];
}

/** With a fence that is longer than any in it. */
function codeBlock(lines: readonly string[]): string[] {
  const longest = Math.max(
    2,
    ...lines.flatMap((line) => line.match(/`+/g) ?? []).map(({length}) => length),
  );
  const fence = '`'.repeat(longest + 1);
  return [fence, ...lines, fence];
}

/** What Markdown would take for markup is escaped. */
function plain(text: string): string {
  return escapeText(text).replaceAll(/[\\`*_{}[\]<>()#+!|~@&]/g, (character) => `\\${character}`);
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
