/** What `kv doctor` looks at, one finding each. */
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {findProject} from '../config/find-project.ts';
import {KV_YAML} from '../config/kv-yaml.ts';
import {UsageError} from '../errors.ts';
import {LANGUAGES} from '../init/languages.ts';
import {findTools} from '../init/toolchain.ts';
import {measureSyncsPerSecond} from '../server/disk-speed.ts';
import {freePort} from '../server/ports.ts';
import {RunFolder} from '../server/run-folder.ts';

export interface Finding {
  /** `missing`: kv cannot do its work; `optional`: it can, but for something. */
  readonly state: 'good' | 'missing' | 'optional';
  readonly about: string;
  /** What was found. */
  readonly found: string;
  /** What to do about it. */
  readonly advice?: string;
}

/** Slower than this, a long file takes minutes from week 3 on. */
const SYNCS_PER_SECOND_GOOD = 200;
const SH_TIMEOUT_MS = 5_000;

/** @param folder where the project is looked for */
export async function findings(folder: string): Promise<Finding[]> {
  return [
    {state: 'good', about: 'Node', found: process.version},
    {state: 'good', about: 'system', found: `${process.platform} ${process.arch}`},
    shell(),
    processTable(),
    disk(),
    await loopback(),
    ...languages(),
    project(folder),
  ];
}

function shell(): Finding {
  const {status} = spawnSync('/bin/sh', ['-c', 'exit 7'], {timeout: SH_TIMEOUT_MS});
  if (status === 7) return {state: 'good', about: 'shell', found: '/bin/sh'};
  const advice = 'servers are started by /bin/sh -c: install a shell there';
  return {state: 'missing', about: 'shell', found: '/bin/sh does not run', advice};
}

/** How the processes that a server has started are found. */
function processTable(): Finding {
  const about = 'process table';
  if (existsSync('/proc/self/stat')) return {state: 'good', about, found: '/proc'};
  const {status} = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], {timeout: SH_TIMEOUT_MS});
  if (status === 0) return {state: 'good', about, found: 'ps'};
  const advice = 'a crash must end everything that a server has started: install ps (procps)';
  return {state: 'missing', about, found: 'neither /proc nor ps', advice};
}

function disk(): Finding {
  const about = 'disk';
  let runFolder: RunFolder | undefined;
  try {
    runFolder = new RunFolder();
    const perSecond = Math.round(measureSyncsPerSecond(runFolder.path));
    const found = `${perSecond} durable writes a second in the folder for temporary files`;
    if (perSecond >= SYNCS_PER_SECOND_GOOD) return {state: 'good', about, found};
    const advice =
      'from week 3 on checks will be shortened; set TMPDIR to a folder on a faster disk';
    return {state: 'optional', about, found, advice};
  } catch (error) {
    const advice = 'set TMPDIR to a folder that can be written to';
    return {state: 'missing', about, found: (error as Error).message, advice};
  } finally {
    runFolder?.remove();
  }
}

async function loopback(): Promise<Finding> {
  const about = 'loopback';
  try {
    await freePort();
    return {state: 'good', about, found: '127.0.0.1 can be listened on'};
  } catch (error) {
    const advice = 'servers listen on 127.0.0.1: see what a firewall or a container forbids';
    return {state: 'missing', about, found: (error as Error).message, advice};
  }
}

function languages(): Finding[] {
  return LANGUAGES.map((language) => {
    const tools = findTools(language);
    const missing = tools.find(({version}) => version === undefined);
    if (missing === undefined) {
      const found = tools.map(({version}) => version).join(', ');
      return {state: 'good', about: language.name, found};
    }
    const advice = `only if you write in it: ${missing.tool.from}`;
    const found = `${missing.tool.program} is not there`;
    return {state: 'optional', about: language.name, found, advice};
  });
}

function project(folder: string): Finding {
  const about = 'project';
  try {
    const found = findProject({in: folder});
    return {state: 'good', about, found: found.source};
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const advice = 'kv init writes a project; docs/contract.md#kvyaml says what is in kv.yaml';
    // Without a kv.yaml there are still --command and --url; with a bad one there is nothing.
    const state = existsSync(join(folder, KV_YAML)) ? 'missing' : 'optional';
    return {state, about, found: error.message, advice};
  }
}
