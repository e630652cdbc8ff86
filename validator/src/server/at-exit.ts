/**
 * What must not outlive this process, cleaned up on every way out of it that
 * runs JavaScript: a normal end, an error, or a signal that exit.ts handles.
 * Cleanups are synchronous, because nothing else runs in an 'exit' event.
 */

type Cleanup = () => void;

const cleanups = new Set<Cleanup>();
let installed = false;

/**
 * Registers a cleanup. Those registered last run first, so a server is gone
 * before the folder that was made for it is removed.
 * @returns unregisters it
 */
export function atExit(cleanup: Cleanup): () => void {
  if (!installed) {
    installed = true;
    process.on('exit', runAll);
  }
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
  };
}

function runAll(): void {
  for (const cleanup of [...cleanups].toReversed()) {
    try {
      cleanup();
    } catch (error) {
      // The others must still run, and the exit code is decided already.
      process.stderr.write(`kv: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
}
