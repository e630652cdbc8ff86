/** Which project to grade: flags, else the kv.yaml at hand, else the reference weeks. */

import {statSync} from 'node:fs';
import {relative} from 'node:path';
import {resolveFromCaller} from '../caller-folder.ts';
import {UsageError} from '../errors.ts';
import {DEFAULT_ROUTES} from '../http/routes.ts';
import {checkSettings} from './check-settings.ts';
import {KV_YAML, readKvYaml} from './kv-yaml.ts';
import type {CommandProject, Project, ServerTraits} from './project.ts';
import type {Settings} from './settings.ts';

/**
 * As commander hands them over. The keys of kv.yaml are flags of the same name;
 * maps and lists are given one entry a flag, or separated by commas.
 */
export interface ProjectFlags {
  /** The project's folder. */
  readonly in?: string | undefined;
  readonly url?: string | undefined;
  readonly week?: string | undefined;
  readonly build?: string | undefined;
  readonly command?: string | undefined;
  readonly ready?: string | undefined;
  /** `get=/keys/{key}` */
  readonly route?: readonly string[] | undefined;
  readonly body?: string | undefined;
  /** `series`, `none` or `sstable=data/*.json,manifest=…` */
  readonly files?: string | undefined;
  /** `negative-cache,…` */
  readonly stretch?: string | undefined;
  readonly small?: string | undefined;
  /** `RUST_LOG=warn` */
  readonly env?: readonly string[] | undefined;
}

/** The flags that describe the server, as they were given. */
export function argumentsOf(flags: ProjectFlags): string[] {
  const {in: folder, url, command, build, ready, route, body, files, stretch, small, env} = flags;
  const given = {in: folder, url, command, build, ready, route, body, files, stretch, small, env};
  return Object.entries(given).flatMap(([name, value]) => {
    const values = value === undefined ? [] : [value].flat();
    return values.flatMap((each) => [`--${name}`, each]);
  });
}

const READY_TIMEOUT_MS = 10_000;

/** @throws UsageError */
export function findProject(flags: ProjectFlags): Project {
  if (flags.url !== undefined && flags.command !== undefined) {
    throw new UsageError('--url and --command exclude each other: is the server running or not?');
  }
  const folder = resolveFromCaller(flags.in ?? '.');
  requireFolder(folder, flags.in);
  const written = readKvYaml(folder);
  const given = settingsOfFlags(flags);
  const settings = {
    ...written,
    ...given,
    routes: {...written?.routes, ...given.routes},
    env: {...written?.env, ...given.env},
  };
  const source = written === undefined ? 'the command line' : `${KV_YAML} in ${shown(folder)}`;

  if (flags.url !== undefined) {
    return {kind: 'url', source, week: settings.week, url: flags.url, ...traitsOf(settings)};
  }
  if (settings.command !== undefined) return commandProject(source, folder, settings);
  if (written !== undefined) {
    throw new UsageError(`${KV_YAML} in ${shown(folder)} has no \`command:\`, and none is given`);
  }
  if (flags.in !== undefined) {
    throw new UsageError(`there is no ${KV_YAML} in ${shown(folder)}, and no --command is given`);
  }
  const stray = Object.keys(given).find((name) => name !== 'week');
  if (stray !== undefined) {
    throw new UsageError(
      `--${stray === 'routes' ? 'route' : stray} needs a project: a ${KV_YAML}, --command or --url`,
    );
  }
  return {kind: 'reference', source: `no ${KV_YAML} in ${shown(folder)}`};
}

/** REQUIRES: the settings have a command */
export function commandProject(source: string, folder: string, settings: Settings): CommandProject {
  const {command, week, build, small, ready, env} = settings;
  if (command === undefined) throw new Error('a command project has a command');
  return {
    kind: 'command',
    source,
    week,
    folder,
    command,
    smallCommand: small,
    buildCommand: build,
    readyTimeoutMs: ready ?? READY_TIMEOUT_MS,
    env: env ?? {},
    ...traitsOf(settings),
  };
}

function traitsOf(settings: Settings): ServerTraits {
  const {put, get, delete: remove, scan} = settings.routes ?? {};
  return {
    routes: {
      put: put ?? DEFAULT_ROUTES.put,
      get: get ?? DEFAULT_ROUTES.get,
      delete: remove ?? DEFAULT_ROUTES.delete,
      scan: scan ?? DEFAULT_ROUTES.scan,
    },
    body: settings.body ?? 'raw',
    files: settings.files ?? 'none',
    stretch: settings.stretch ?? [],
  };
}

/** Flags as kv.yaml would have them, held against the same schema. */
function settingsOfFlags(flags: ProjectFlags): Settings {
  const written = {
    week: flags.week,
    build: flags.build,
    command: flags.command,
    ready: flags.ready,
    routes: flags.route && mapOfEntries('--route', flags.route),
    body: flags.body,
    files: flags.files?.includes('=') ? mapOfEntries('--files', list(flags.files)) : flags.files,
    stretch: flags.stretch === undefined ? undefined : list(flags.stretch),
    small: flags.small,
    env: flags.env && mapOfEntries('--env', flags.env),
  };
  const present = Object.entries(written).filter(([, value]) => value !== undefined);
  return checkSettings(Object.fromEntries(present), () => ({label: 'command line', line: 0}));
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function mapOfEntries(flag: string, entries: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    entries.map((entry) => {
      const at = entry.indexOf('=');
      if (at < 1) throw new UsageError(`${flag} ${entry}: expected name=value`);
      return [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
}

function requireFolder(folder: string, flag: string | undefined): void {
  let reason = `there is no folder ${folder}`;
  try {
    if (statSync(folder, {throwIfNoEntry: false})?.isDirectory()) return;
  } catch (error) {
    reason = (error as Error).message;
  }
  throw new UsageError(`--in ${flag ?? '.'}: ${reason}`);
}

/** As short as it can be said from where the caller is. */
function shown(folder: string): string {
  const path = relative(resolveFromCaller('.'), folder);
  if (path === '') return 'this folder';
  return path.startsWith('..') ? folder : path;
}
