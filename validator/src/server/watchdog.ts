/**
 * Ends the servers when this process is gone without having done so itself: by
 * SIGKILL, or for want of memory. Nothing can run in it then, so a shell waits for
 * the end of a pipe that only this process holds, and kills the process groups
 * that were noted and not crossed out.
 *
 * Not covered: processes that have left the server's group, and the run folder.
 */

import {type ChildProcess, spawn} from 'node:child_process';

// Lines are `+ group` and `- group`; the list has spaces around each number.
const SCRIPT = `
groups=' '
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -s KILL -- "-$group"; done
`;

let shell: ChildProcess | undefined;

/** To be called before a process is started that is to be watched: to start the shell takes a while. */
export function startWatching(): void {
  shell ??= startShell();
}

/**
 * @param groupId a process group that is to end with this process at the latest
 * @returns crosses it out: to be called once, when the group is gone
 */
export function watch(groupId: number): () => void {
  shell ??= startShell();
  const {stdin} = shell;
  stdin?.write(`+ ${groupId}\n`);
  return () => {
    stdin?.write(`- ${groupId}\n`);
  };
}

function startShell(): ChildProcess {
  const child = spawn('/bin/sh', ['-c', SCRIPT], {
    cwd: '/',
    // Out of reach of what kills our own group or terminal.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // A second line of defence: without it the first one works as before.
  child.on('error', () => {});
  child.stdin?.on('error', () => {});
  child.unref();
  if (child.stdin !== null && 'unref' in child.stdin) (child.stdin as {unref(): void}).unref();
  return child;
}
