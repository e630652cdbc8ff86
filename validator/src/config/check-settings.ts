/** Holds what somebody wrote against the schema, and says where and how it differs. */

import * as v from 'valibot';
import {UsageError} from '../errors.ts';
import {nearestOf} from '../nearest-of.ts';
import {EXAMPLES, KNOWN_KEYS, type Settings, settingsSchema} from './settings.ts';

/** Keys from the outermost one: `['routes', 'get']`. */
export type SettingPath = readonly string[];

/** How people find a setting again. */
export interface Place {
  /** `kv.yaml:3` or `command line` */
  readonly label: string;
  /** Problems are told in this order. */
  readonly line: number;
}

/**
 * @param written scalars as text
 * @throws UsageError with all that is wrong, not just the first thing
 */
export function checkSettings(written: unknown, placeOf: (path: SettingPath) => Place): Settings {
  const problems = unknownKeys(written).map((path) => ({path, lines: [unknownKey(path)]}));
  const result = v.safeParse(settingsSchema, written);
  for (const issue of result.issues ?? []) {
    const path = (issue.path ?? []).map((item) => String(item.key));
    problems.push({path, lines: describe(issue, path)});
  }
  if (result.success && problems.length === 0) return result.output;
  const told = problems.map(({path, lines}) => ({place: placeOf(path), lines}));
  told.sort((a, b) => a.place.line - b.place.line);
  throw new UsageError(
    told.flatMap(({place, lines: [first, ...more]}) => [`${place.label}: ${first}`, ...more]),
  );
}

function unknownKeys(written: unknown): SettingPath[] {
  const unknown: SettingPath[] = [];
  for (const [mapName, known] of KNOWN_KEYS) {
    const isOutermost = mapName === '';
    const map = isOutermost ? written : (written as Record<string, unknown> | null)?.[mapName];
    if (typeof map !== 'object' || map === null || Array.isArray(map)) continue;
    for (const key of Object.keys(map)) {
      if (!known.includes(key)) unknown.push(isOutermost ? [key] : [mapName, key]);
    }
  }
  return unknown;
}

function unknownKey(path: SettingPath): string {
  const known = KNOWN_KEYS.get(path.slice(0, -1).join('.')) ?? [];
  return `unknown key ${path.join('.')}; ${nearestOf(path.at(-1) ?? '', known)}`;
}

function describe(issue: v.InferIssue<typeof settingsSchema>, path: SettingPath): string[] {
  const name = path.join('.');
  const example = EXAMPLES[path[0] ?? ''];
  return [
    `${name}${name === '' ? '' : ': '}expected ${issue.message}`,
    `  got:     ${show(issue.input)}`,
    ...(example === undefined ? [] : [`  example: ${example}`]),
  ];
}

function show(input: unknown): string {
  const shown = typeof input === 'string' && input.trim() !== '' ? input : JSON.stringify(input);
  return (shown ?? 'nothing').slice(0, 200);
}
