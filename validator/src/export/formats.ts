/** What a result can be exported to, by the names on the command line. */
import type {GradeReport} from '../grade/result.ts';
import {githubAnnotations, githubSummary} from './github.ts';
import {htmlReport} from './html.ts';
import {junitXml} from './junit.ts';

export interface ExportFormat {
  readonly name: string;
  readonly about: string;
  readonly render: (report: GradeReport) => string;
}

export const EXPORT_FORMATS: readonly ExportFormat[] = [
  {name: 'html', about: 'a page in one file, to be looked at', render: htmlReport},
  {name: 'junit', about: 'JUnit XML, for CI servers', render: junitXml},
  {name: 'github-summary', about: 'Markdown for a step summary', render: githubSummary},
  {
    name: 'github-annotations',
    about: 'workflow commands, one a line',
    render: (report) =>
      githubAnnotations(report)
        .map((line) => `${line}\n`)
        .join(''),
  },
];
