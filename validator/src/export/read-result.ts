import {readInput} from '@kv-workshop/fixtures/input-file';
import * as v from 'valibot';
import {resolveFromCaller} from '../caller-folder.ts';
import {UsageError} from '../errors.ts';
import {type GradeReport, resultSchema} from '../grade/result.ts';

const SIZE_BYTES_MAX = 256 * 1024 * 1024;

/**
 * Reads what `kv grade --json FILE` has written.
 * @throws UsageError if it cannot be read, or is something else
 */
export function readResult(file: string): GradeReport {
  const json = parseJson(file, readText(file));
  const parsed = v.safeParse(resultSchema, json, {abortEarly: true});
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const where = v.getDotPath(issue) ?? 'the whole';
  throw new UsageError(`${file} is not a result of kv grade --json: at ${where}: ${issue.message}`);
}

function readText(file: string): string {
  try {
    return readInput(resolveFromCaller(file), SIZE_BYTES_MAX).toString();
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`, {cause: error});
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${(error as Error).message}`, {cause: error});
  }
}
