import {spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {EXIT} from '../../src/verdict.ts';
import {bundleMutant} from './bundle-mutant.ts';
import type {Variant} from './mutant.ts';

const KV = fileURLToPath(new URL('../../bin/kv.mjs', import.meta.url));

export interface MutantRun {
  readonly exitCode: number | null;
  /** What a student would see. */
  readonly output: string;
}

/**
 * Builds a mutant and grades it as its student would, in its folder. Where the disk
 * was too slow for any verdict, it is graded once more.
 */
export async function gradeMutant(
  mutant: Variant,
  args: readonly string[],
  seed = 1,
): Promise<MutantRun> {
  const run = await gradeOnce(mutant, args, seed);
  if (run.exitCode !== EXIT.inconclusive) return run;
  console.warn(`${mutant.name} got no verdict:\n${run.output}`);
  return await gradeOnce(mutant, args, seed);
}

async function gradeOnce(
  mutant: Variant,
  args: readonly string[],
  seed: number,
): Promise<MutantRun> {
  const folder = await bundleMutant(mutant);
  const child = spawn(
    process.execPath,
    [KV, 'grade', '--seed', String(seed), '--shrink', '0', ...args],
    {
      cwd: folder,
      env: {...process.env, INIT_CWD: folder, NO_COLOR: '1'},
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return {exitCode, output};
}

/**
 * Also without what depends on the moment of a crash: which keys were lost, and
 * how far the writers were.
 */
export function timelessOutput(output: string, folder: string): string {
  return stableOutput(output, folder)
    .replace(/^ {2}the value of \w+ was/m, '  the value of KEY was')
    .replace(/^ {2}request [^]*?(?=^ {2}(last output|proves))/m, '');
}

/** Also without all that tells what happened: what is left is what the check says about itself. */
export function orderlessOutput(output: string, folder: string): string {
  return timelessOutput(output, folder)
    .replace(/^(──── .*\n)( {2}\S.*\n)+/m, '$1')
    .replace(/^ {2}(expected|its life|in files|details|last output) [^]*?(?=^ {2}proves)/m, '')
    .replace(/^ {2}invariant [^]*?(?=^ {2}look at)/m, '');
}

/** The output without what differs from run to run, or from machine to machine. */
export function stableOutput(output: string, folder: string): string {
  return output
    .replaceAll(`file://${folder}/`, '')
    .replaceAll(folder, '.')
    .replaceAll(/^ *\(about .* in all\)\n/gm, '')
    .replaceAll(/^ {15}- .*\n( {17}.*\n)*/gm, '')
    .replaceAll(/ *\d+(\.\d+)? (m?s)\b/g, ' T $2')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
    .replaceAll(/Node\.js v[\d.]+/g, 'Node.js VERSION');
}
