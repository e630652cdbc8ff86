import {resolve} from 'node:path';

/**
 * A path as the caller meant it. Package managers run scripts in the package's
 * folder and leave the one they were called from in INIT_CWD.
 */
export function resolveFromCaller(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
}
