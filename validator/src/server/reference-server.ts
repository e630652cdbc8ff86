/** The workshop's own servers, as projects to grade. */
import type {CommandProject} from '../config/project.ts';
import {UsageError} from '../errors.ts';
import {DEFAULT_ROUTES} from '../http/routes.ts';
import {referenceServers} from '../installation.ts';
import {shellQuote} from './shell-command.ts';

const READY_TIMEOUT_MS = 10_000;
const SMALL_MEMTABLE_ENTRIES = 16;
/**
 * Node reads and parses these certificates at each start, in 40 ms of processor
 * time, where the variable is set. A server on the loopback has no use for them.
 */
const NO_CERTIFICATES = {NODE_EXTRA_CA_CERTS: ''};

/**
 * @throws UsageError if there is no such week
 * @throws GraderError if it cannot be bundled
 */
export async function referenceProject(week: number): Promise<CommandProject> {
  const references = referenceServers();
  const reference = references.find((entry) => entry.week === week);
  if (reference === undefined) {
    const present = references.map((entry) => entry.week).join(', ');
    throw new UsageError(`there is no reference server of week ${week}, only of ${present}`);
  }
  const file = await reference.file();
  const node = shellQuote(process.execPath);
  // In the place of the shell: one process less to start, to look for and to kill.
  const command = `exec ${node} ${shellQuote(file)} --port {port} --data-dir {dataDir}`;
  return {
    kind: 'command',
    source: `the reference server ${reference.name}`,
    week,
    folder: reference.folder,
    command,
    // The first week has no memtable to be full.
    smallCommand:
      week === 1 ? undefined : `${command} --memtable-entries-max ${SMALL_MEMTABLE_ENTRIES}`,
    buildCommand: undefined,
    readyTimeoutMs: READY_TIMEOUT_MS,
    env: NO_CERTIFICATES,
    routes: DEFAULT_ROUTES,
    body: 'raw',
    files: 'series',
    stretch: [],
  };
}
