/** Paths that cannot even be looked at are bad input, whatever the reason is. */
import {symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {findProject} from '../../src/config/find-project.ts';
import {UsageError} from '../../src/errors.ts';
import {LANGUAGES, type Language} from '../../src/init/languages.ts';
import {writeProject} from '../../src/init/write-project.ts';
import {requireWritable} from '../../src/report/write-json.ts';
import {temporaryFolder} from '../server/support.ts';

it.for<[string, (path: string) => unknown]>([
  ['--json', (path) => requireWritable('--json', path)],
  ['--in', (path) => findProject({in: path})],
  ['kv init', (path) => writeProject(path, path, LANGUAGES[0] as Language)],
])('%s', ([, use]) => {
  // Root may look at everything, but not through this.
  const loop = join(temporaryFolder(), 'loop');
  symlinkSync('loop', loop);
  expect(() => use(join(loop, 'x'))).toThrow(UsageError);
  expect(() => use(join(loop, 'x'))).toThrow(/ELOOP/);
});
