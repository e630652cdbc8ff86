#!/usr/bin/env node
// The entry of `kv`. It has to be read by any Node that can read an .mjs file
// at all, in order to say in one sentence what is wrong with it: hence no
// static import, no optional chaining, no top-level await. The rest is
// TypeScript, in ../src.

var EXIT_GRADER_ERROR = 3;
var EXIT_USAGE = 64;

var problem = unsupported(process.platform, process.versions.node);
if (problem === undefined) {
  start().catch(couldNotStart);
} else {
  process.stderr.write('kv: ' + problem + '\n');
  process.exitCode = EXIT_USAGE;
}

/** One sentence on why `kv` cannot run here; undefined if it can. */
function unsupported(platform, version) {
  if (platform === 'win32') {
    return 'native Windows is not supported, because servers are started and crashed the POSIX way; run it inside WSL2 (https://aka.ms/wsl).';
  }
  if (isAtLeast(version, 20, 19) && (major(version) === 20 || isAtLeast(version, 22, 12))) {
    return undefined;
  }
  // Node 21 and 22.0 to 22.11 lack what the bundler of the reference servers needs.
  return 'Node ' + version + ' is not supported: use a 20 from 20.19, a 22 from 22.12, or 24.';
}

function major(version) {
  return Number(version.split('.')[0]);
}

function isAtLeast(version, wantedMajor, wantedMinor) {
  var minor = Number(version.split('.')[1]);
  return major(version) > wantedMajor || (major(version) === wantedMajor && minor >= wantedMinor);
}

async function start() {
  await cacheCompiledCode();
  var built = new URL('../lib/main.mjs', import.meta.url);
  if (await exists(built)) {
    // In the package: no TypeScript, and nothing to install.
    await (await import(built.href)).main(process.argv.slice(2));
    return;
  }
  if (!stripsTypesQuietly(process.versions.node)) {
    // Resolved from this file, so that it is found from any caller's folder.
    var tsx = await import('tsx/esm/api');
    tsx.register();
  }
  var program = await import('../src/main.ts');
  await program.main(process.argv.slice(2));
}

async function exists(url) {
  var fs = await import('fs');
  return fs.existsSync(url);
}

/** Node keeps compiled modules from run to run, from 22.1 on: half of the time to start. */
async function cacheCompiledCode() {
  var nodeModule = await import('module');
  if (nodeModule.enableCompileCache === undefined) return;
  var folder = new URL('../../node_modules/.cache/kv-workshop/compiled', import.meta.url);
  // Where it cannot write it says so in its result, and all goes on without.
  nodeModule.enableCompileCache(decodeURIComponent(folder.pathname));
}

/** Whether this Node runs TypeScript by itself, without an ExperimentalWarning. */
function stripsTypesQuietly(version) {
  if (!process.features.typescript) return false;
  return (major(version) === 22 && isAtLeast(version, 22, 18)) || isAtLeast(version, 24, 3);
}

function couldNotStart(error) {
  var missing = error && error.code === 'ERR_MODULE_NOT_FOUND';
  process.stderr.write(
    'kv: could not start: ' +
      (missing
        ? 'its packages are not installed; run `npx --yes pnpm@10.34.9 install` in the workshop folder'
        : String((error && error.message) || error)) +
      '\n',
  );
  if (process.env.KV_DEBUG === '1') process.stderr.write(String(error && error.stack) + '\n');
  process.exitCode = EXIT_GRADER_ERROR;
}
