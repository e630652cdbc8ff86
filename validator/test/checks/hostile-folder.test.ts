/** What a server may do to its data folder: whatever it is, the grader is not to blame. */
import {execFileSync} from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Check} from '../../src/checks/check.ts';
import {
  appendToDataFile,
  createDataFile,
  cutDataFile,
  listDataFiles,
  matchDataFiles,
  readDataFile,
  removeDataFile,
  writeDataFile,
} from '../../src/checks/data-files.ts';
import {CheckFailure} from '../../src/checks/failure.ts';
import {folderFault} from '../../src/checks/folder-fault.ts';
import {setAside} from '../../src/checks/set-aside.ts';
import {dataFolderOnly} from '../../src/checks/week-02/data-folder-only.ts';
import {filesSSTables} from '../../src/checks/week-02/files-sstables.ts';
import {manifestMissing} from '../../src/checks/week-02/manifest-missing.ts';
import {ServerFailure} from '../../src/errors.ts';
import {IDLE_CONTROL, openServer, planOf, run} from '../grade/plan.ts';
import {type MapServer, startMapServer} from '../servers/map-server.ts';

const NOT_UTF8 = Buffer.from([0xff]);

let runFolder = '';
let dataDir = '';

beforeEach(() => {
  runFolder = mkdtempSync(join(tmpdir(), 'kv-hostile-'));
  dataDir = join(runFolder, 'data');
  mkdirSync(dataDir);
});

afterEach(() => rmSync(Buffer.from(runFolder), {recursive: true}));

function at(path: string): string {
  return join(dataDir, path);
}

function bytesAt(name: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${dataDir}/`), name]);
}

const OPERATIONS: readonly [name: string, work: (path: string) => Promise<unknown>][] = [
  ['read', (path) => readDataFile(dataDir, path)],
  ['appended to', (path) => appendToDataFile(dataDir, path, 'x')],
  ['cut', (path) => cutDataFile(dataDir, path, 0)],
  ['written', (path) => writeDataFile(dataDir, path, Uint8Array.of(1))],
  ['created', (path) => createDataFile(dataDir, path, Uint8Array.of(1))],
  ['removed', (path) => removeDataFile(dataDir, path)],
  ['moved', async (path) => await (await setAside(dataDir, path))()],
];

/** What is at the path, and which of the operations get along with it. */
const OBSTACLES: readonly [what: string, path: string, make: () => void, fine?: string[]][] = [
  ['a folder', 'f', () => mkdirSync(at('f')), ['moved']],
  ['a full folder', 'f', () => mkdirSync(at('f/g'), {recursive: true}), ['moved']],
  ['a FIFO', 'f', () => execFileSync('mkfifo', [at('f')]), ['removed', 'moved']],
  ['a link', 'f', () => symlinkSync('/etc/passwd', at('f')), ['removed', 'moved']],
  ['a link to nothing', 'f', () => symlinkSync('nothing', at('f')), ['removed', 'moved']],
  ['a link to itself', 'f', () => symlinkSync('f', at('f')), ['removed', 'moved']],
  ['nothing', 'f', () => {}, ['created', 'removed']],
  ['nothing, in no folder', 'l0/f', () => {}, ['removed']],
  ['below a file', 'l0/f', () => writeFileSync(at('l0'), '')],
  ['below a link', 'l0/f', () => linkedFolder(), ['moved']],
  ['a name too long', 'f'.repeat(300), () => {}],
  ['a path too long', 'f/'.repeat(3_000), () => {}],
  ['a data folder that is gone', 'f', () => rmSync(dataDir, {recursive: true}), ['removed']],
  ['a data folder that is a file', 'f', () => fileForFolder()],
];

function linkedFolder(): void {
  mkdirSync(join(runFolder, 'outside'));
  writeFileSync(join(runFolder, 'outside/f'), 'outside');
  symlinkSync('../outside', at('l0'));
}

function fileForFolder(): void {
  rmSync(dataDir, {recursive: true});
  writeFileSync(dataDir, '');
}

describe('the failure is the server’s', () => {
  const cases = OBSTACLES.flatMap(([what, path, make, fine = []]) =>
    OPERATIONS.filter(([name]) => !fine.includes(name)).map(
      ([name, work]) => [what, name, path, make, work] as const,
    ),
  );
  it.for(cases)('%s, %s', async ([, , path, make, work]) => {
    make();
    const error = await work(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CheckFailure);
    // As people see the folder, not the machine.
    expect((error as Error).message).not.toContain(runFolder);
  });

  it('which writes nothing through a link', async () => {
    linkedFolder();
    for (const [, work] of OPERATIONS.slice(0, -1)) await work('l0/f').catch(() => {});
    expect(readdirSync(join(runFolder, 'outside'))).toEqual(['f']);
    expect(readFileSync(join(runFolder, 'outside/f'), 'utf8')).toBe('outside');
  });

  it('and the grader’s, where the machine is to blame', () => {
    const fault = (code: string, path: string) =>
      folderFault(Object.assign(new Error(code), {code, path, syscall: 'open'}), dataDir);
    for (const code of ['ENOSPC', 'EMFILE', 'ENFILE', 'EIO', 'EROFS']) {
      expect(fault(code, at('f'))).toBeUndefined();
    }
    expect(fault('EACCES', join(runFolder, 'data2'))).toBeUndefined();
    expect(fault('EACCES', runFolder)).toBeUndefined();
    expect(fault('EACCES', at('..f'))?.message).toContain('..f cannot be opened: EACCES');
  });
});

describe('a data folder is listed', () => {
  it('with names that are no text, which are not opened', async () => {
    mkdirSync(bytesAt(Buffer.concat([Buffer.from('folder'), NOT_UTF8])));
    writeFileSync(bytesAt(Buffer.concat([Buffer.from('sst-1.json'), NOT_UTF8])), '[]');
    writeFileSync(at('sst-2.json'), '[]');
    expect(await listDataFiles(dataDir)).toEqual([
      {path: 'folder\u{fffd}', isRegular: false},
      {path: 'sst-1.json\u{fffd}', isRegular: false},
      {path: 'sst-2.json', isRegular: true},
    ]);
    expect(await matchDataFiles(dataDir, 'sst-*.json')).toEqual(['sst-2.json']);
    await expect(matchDataFiles(dataDir, 'sst-*')).rejects.toThrow('a name that is not UTF-8');
  });

  it('unless it has too many folders', async () => {
    for (const name of ['a', 'b', 'c']) mkdirSync(at(name));
    expect(await listDataFiles(dataDir, 3)).toEqual([]);
    await expect(listDataFiles(dataDir, 2)).rejects.toThrow('more than 2 files');
  });

  it('to its depth', async () => {
    mkdirSync(at('f/'.repeat(500)), {recursive: true});
    expect(await listDataFiles(dataDir)).toEqual([]);
  });

  it('unless it keeps others out', async () => {
    // Root is never kept out.
    mkdirSync(at('f'));
    chmodSync(at('f'), 0);
    if (process.getuid?.() !== 0) {
      await expect(listDataFiles(dataDir)).rejects.toThrow('f cannot be listed: EACCES');
    }
    chmodSync(at('f'), 0o700);
  });
});

describe('kv grade fails a server', () => {
  const servers: MapServer[] = [];

  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });

  /** @param deeds what each stop, and each start but the first, does first */
  async function graded(check: Check, deeds: {onStop?: () => void; onStart?: () => void}) {
    const server = await startMapServer({});
    servers.push(server);
    let starts = 0;
    const control = {
      ...IDLE_CONTROL,
      dataDir,
      stop: async () => {
        deeds.onStop?.();
        return {clean: true};
      },
      start: async () => {
        starts += 1;
        if (starts > 1) deeds.onStart?.();
        return 1;
      },
    };
    const source = {unavailable: () => undefined, open: () => openServer({...server, control})};
    const files = new Map([
      ['sstable', 'sst-*.json'],
      ['manifest', 'MANIFEST'],
    ]);
    const environment = {...planOf([check]).environment, files};
    const [result] = await run([check], {week: 2, source, environment});
    return `${result?.state}: ${result?.reason}`;
  }

  const writeManifest = () => writeFileSync(at('MANIFEST'), 'sst-1.json\n');
  const exited = () => {
    throw new ServerFailure('exited', 'the server exited with status 1');
  };

  it('that puts a folder in the place of MANIFEST', async () => {
    const onStart = () => {
      mkdirSync(at('MANIFEST'));
      exited();
    };
    expect(await graded(manifestMissing, {onStop: writeManifest, onStart})).toBe(
      'fail: MANIFEST cannot be moved: EISDIR (a folder is where a file should be)',
    );
  });

  it('that has a name that is no text where its SSTables should be', async () => {
    const onStop = () => mkdirSync(bytesAt(NOT_UTF8));
    expect(await graded(filesSSTables, {onStop})).toMatch(/^fail: the data folder: there is no/);
  });

  it('that removes its data folder', async () => {
    const onStop = () => rmSync(dataDir, {recursive: true, force: true});
    expect(await graded(dataFolderOnly, {onStop})).toBe(
      'fail: the data folder cannot be moved: ENOENT (it is not there)',
    );
  });

  it('whose data folder is a file when it is to start', async () => {
    const onStart = () => {
      writeFileSync(dataDir, '');
      mkdirSync(dataDir);
    };
    expect(await graded(dataFolderOnly, {onStart})).toBe(
      'fail: the data folder cannot be made: EEXIST (something of that name is there already)',
    );
    expect(existsSync(dataDir)).toBe(true);
  });
});
