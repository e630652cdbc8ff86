/** Submissions and policies to be marked. */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {referenceProject} from '../../src/server/reference-server.ts';

/**
 * Of a user that need not exist, and that no other test on this machine has: all that
 * runs as it may be ended.
 */
export function freeUid(): number {
  return 20_001 + 2 * (process.pid % 100_000);
}

export const STUDENT_UID = freeUid();

/** Starts server.mjs, a passing server of week 1. */
export const SERVER = `exec ${process.execPath} server.mjs --port {port} --data-dir {dataDir}`;

/**
 * Makes `submission` in a folder: the reference server of week 1 in a file of its own.
 * @param lines of its kv.yaml, a JSON string being a YAML string too
 * @returns its path
 */
export async function writeSubmission(folder: string, lines: readonly string[]): Promise<string> {
  const project = join(folder, 'submission');
  mkdirSync(project);
  const {command} = await referenceProject(1);
  const bundle = /'?([^' ]+\.mjs)'?/.exec(command)?.[1] ?? '';
  writeFileSync(join(project, 'server.mjs'), readFileSync(bundle));
  writeFileSync(join(project, 'kv.yaml'), ['week: 8', ...lines, ''].join('\n'));
  return project;
}

/** Makes `hidden/policy.yaml`, of two quick checks, and its secret. @returns its path */
export function writePolicy(folder: string, lines: readonly string[]): string {
  const hidden = join(folder, 'hidden');
  mkdirSync(hidden, {mode: 0o700});
  writeFileSync(join(hidden, 'secret'), 'x'.repeat(32));
  const checks = 'checks: [replay-week-01-short, contract-basics]';
  const file = join(hidden, 'policy.yaml');
  writeFileSync(file, ['week: 1', 'secretFile: secret', checks, ...lines, ''].join('\n'));
  return file;
}
