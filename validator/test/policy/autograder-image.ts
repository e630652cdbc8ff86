/** The image that Gradescope makes of autograder.zip, but for the network that setup.sh needs. */
import {type SpawnSyncReturns, spawnSync} from 'node:child_process';
import {chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {ended, startNode} from '../cli/run.ts';
import {STUDENT_UID, writePolicy} from './submission.ts';

const EXECUTABLE = 0o755;

/**
 * Makes the zip, and unpacks it where Gradescope does.
 * @param root what is /autograder there
 * @throws if it cannot be made
 */
export async function unpackAutograder(folder: string, root: string): Promise<void> {
  const policy = writePolicy(folder, ['total: 10', `runAs: ${STUDENT_UID}`]);
  const args = ['export', 'gradescope', '--policy', policy, '--lang', 'python', 'java'];
  const env = {...process.env, INIT_CWD: folder, NO_COLOR: '1'};
  const {exitCode, stderr} = await ended(startNode(['bin/kv.mjs', ...args], {env}));
  if (exitCode !== 0) throw new Error(stderr);
  const source = join(root, 'source');
  mkdirSync(source, {recursive: true});
  run('python3', ['-c', UNZIP, join(folder, 'autograder.zip'), source]);
  cpSync(join(source, 'run_autograder'), join(root, 'run_autograder'));
}

/** Stands in for what setup.sh asks the network for. */
export class Mirror {
  readonly #folder: string;
  /** As setup.sh names it. */
  readonly #archive: string;

  /** @param setup the text of setup.sh */
  constructor(folder: string, setup: string) {
    this.#folder = folder;
    const version = /^node_version=(\S+)$/m.exec(setup)?.[1] ?? '';
    const name = `node-v${version}-linux-${process.arch}`;
    this.#archive = `${name}.tar.xz`;
    this.#writeProgram(`${name}/bin/node`, `exec '${process.execPath}' "$@"`);
    run('tar', ['-cJf', this.#archive, name], folder);
    const {stdout} = run('sha256sum', [this.#archive], folder);
    writeFileSync(join(folder, 'SHASUMS256.txt'), stdout);
    this.#writeProgram('apt-get', 'echo "$@" >> "$0.log"');
    this.#writeProgram('curl', CURL);
  }

  /** What apt-get was asked for, a line each. */
  get packages(): string {
    return readFileSync(join(this.#folder, 'apt-get.log'), 'utf8');
  }

  /** Puts another archive in the place of the one that the checksum is of. */
  tamper(): void {
    writeFileSync(join(this.#folder, this.#archive), 'not what was published');
  }

  runSetup(root: string): SpawnSyncReturns<string> {
    const env = {PATH: `${this.#folder}:${process.env['PATH']}`};
    return spawnSync(join(root, 'source/setup.sh'), {env, encoding: 'utf8'});
  }

  #writeProgram(path: string, script: string): void {
    const file = join(this.#folder, path);
    mkdirSync(join(file, '..'), {recursive: true});
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, EXECUTABLE);
  }
}

/** Its last argument is the address; with O the file goes into the folder, else to stdout. */
const CURL = `
for address; do :; done
file="$(dirname "$0")/$(basename "$address")"
case "$1" in
  *O) cp "$file" . ;;
  *) cat "$file" ;;
esac`;

function run(program: string, args: readonly string[], cwd = '/'): SpawnSyncReturns<string> {
  const result = spawnSync(program, args, {encoding: 'utf8', cwd});
  if (result.status !== 0) throw new Error(`${program}: ${result.stderr}`);
  return result;
}

/** With the permissions that the zip has. */
const UNZIP = `
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    for entry in archive.infolist():
        path = archive.extract(entry, sys.argv[2])
        bits = entry.external_attr >> 16
        if bits: os.chmod(path, bits & 0o777)
`;
