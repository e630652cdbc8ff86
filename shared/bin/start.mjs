/**
 * Runs a TypeScript file in this process: `node start.mjs src/main.ts --port 8080`.
 *
 * Nothing here may be newer than Node 12: on a Node that is too old for the
 * rest, this file has to run far enough to say so.
 */

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`This needs Node 20.19 or newer; here is Node ${process.versions.node}.`);
  process.exit(1);
}

async function start() {
  const path = await import('node:path');
  const {pathToFileURL} = await import('node:url');
  const entry = path.resolve(process.argv[2]);
  // The program sees its own name and arguments, as if Node had run it directly.
  process.argv.splice(1, 2, entry);
  // Node 22.18 and newer read TypeScript themselves, and start faster so.
  if (!process.features.typescript) {
    const tsx = await import('tsx/esm/api');
    tsx.register();
  }
  await import(pathToFileURL(entry).href);
}

void start();
