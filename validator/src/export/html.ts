/** A report in one HTML file: no script, nothing loaded, readable on a phone and on paper. */
import type {CheckResult, GradeReport, Grading} from '../grade/result.ts';
import {headline, verdict} from '../report/headline.ts';
import {count, seconds} from '../report/numbers.ts';
import {STATE_NAMES} from '../report/table.ts';
import {anchor, failureSection} from './html-failure.ts';
import {STYLE} from './html-style.ts';
import {escapeMarkup} from './xml.ts';

export function htmlReport(report: GradeReport): string {
  const {gradings, startedAt, machine, tool} = report;
  const title = gradings.map((grading) => `Week ${grading.week}: ${verdict(grading)}`).join(', ');
  return `${[
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    // Whatever slipped into the page could still neither run nor call home.
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escapeMarkup(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<main>',
    ...gradings.flatMap(gradingSection),
    '</main>',
    '<footer>',
    `<p>kv ${escapeMarkup(tool.version)}, ${escapeMarkup(startedAt)}, on ${escapeMarkup(machine.platform)} with ${machine.cpus} CPUs, Node ${escapeMarkup(machine.node)}; the disk makes ${count(machine.syncsPerSecond)} writes durable a second.</p>`,
    '</footer>',
    '</body>',
    '</html>',
  ].join('\n')}\n`;
}

function gradingSection(grading: Grading): string[] {
  const {checks, target, seed, week} = grading;
  const failed = checks.filter(({failure}) => failure !== undefined);
  return [
    `<section class="grading" aria-labelledby="week-${week}">`,
    `<header class="${grading.exitCode === 0 ? 'good' : 'bad'}">`,
    `<h1 id="week-${week}">${escapeMarkup(verdict(grading))}</h1>`,
    `<p>${escapeMarkup(headline(grading))}</p>`,
    `<p class="aside">${escapeMarkup(target.name)}, seed ${seed}</p>`,
    '</header>',
    ...failed.flatMap(failureSection),
    '<h2>All checks</h2>',
    '<div class="wide"><table>',
    '<thead><tr><th>State</th><th>Check</th><th class="number">Time</th></tr></thead>',
    '<tbody>',
    ...checks.map(row),
    '</tbody></table></div>',
    '</section>',
  ];
}

function row(check: CheckResult): string {
  const {id, title, state, durationMs, proves, reason, notes, week} = check;
  const remarks = [...(reason === undefined ? [] : [reason]), ...notes];
  const time = durationMs > 0 ? seconds(durationMs) : '';
  const name = check.failure === undefined ? code(id) : `<a href="#${anchor(id)}">${code(id)}</a>`;
  const list = remarks.map((remark) => `<li>${escapeMarkup(remark)}</li>`).join('');
  return [
    `<tr class="${state}"><td><span class="state">${STATE_NAMES[state]}</span></td>`,
    `<td>${name} ${escapeMarkup(title)}`,
    `<details><summary>week ${week}${list === '' ? '' : ', notes'}</summary><p>${escapeMarkup(proves)}</p>${list === '' ? '' : `<ul>${list}</ul>`}</details></td>`,
    `<td class="number">${time}</td></tr>`,
  ].join('');
}

function code(text: string): string {
  return `<code>${escapeMarkup(text)}</code>`;
}
