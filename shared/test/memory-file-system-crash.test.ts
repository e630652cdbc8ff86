import {beforeEach, describe, expect, test} from 'vitest';
import {
  type ChooseFate,
  type Fate,
  keepUnsynced,
  loseUnsynced,
  randomFates,
  type UnsyncedOperation,
} from '../src/memory-file-system/crash-choice.ts';
import {MemoryFileSystem} from '../src/memory-file-system.ts';

const encoder = new TextEncoder();
const bytesOf = (value: string): Uint8Array => encoder.encode(value);

/** The content of every file, zeros shown as dots. */
function contents(fileSystem: MemoryFileSystem): Record<string, string> {
  const decoder = new TextDecoder();
  return Object.fromEntries(
    [...fileSystem.files()].map(([path, bytes]) => [
      path,
      decoder.decode(bytes).replaceAll('\0', '.'),
    ]),
  );
}

/** The given fates in the order in which they are asked for; then 'lost'. */
function fates(...list: Fate[]): ChooseFate {
  return () => list.shift() ?? 'lost';
}

let fileSystem: MemoryFileSystem;

async function writeDurably(path: string, content: string): Promise<void> {
  const file = await fileSystem.open(path, 'create');
  await file.append(bytesOf(content));
  await file.sync();
  await file.close();
  await fileSystem.syncDir('');
}

beforeEach(() => {
  fileSystem = new MemoryFileSystem();
});

describe('names', () => {
  test('a synced file whose directory was not synced is gone', async () => {
    const file = await fileSystem.open('f', 'append');
    await file.append(bytesOf('abc'));
    await file.sync();
    expect(contents(fileSystem.crashClone(loseUnsynced))).toEqual({});
    expect(contents(fileSystem.crashClone(keepUnsynced))).toEqual({f: 'abc'});
    await fileSystem.syncDir('');
    expect(contents(fileSystem.crashClone(loseUnsynced))).toEqual({f: 'abc'});
  });

  test('a file whose name is durable and whose bytes are not is empty', async () => {
    const file = await fileSystem.open('f', 'append');
    await fileSystem.syncDir('');
    await file.append(bytesOf('abc'));
    expect(contents(fileSystem.crashClone(loseUnsynced))).toEqual({f: ''});
  });

  test('a rename is lost or kept as one', async () => {
    await writeDurably('MANIFEST', 'old');
    await writeDurably('MANIFEST.tmp', 'new');
    await fileSystem.rename('MANIFEST.tmp', 'MANIFEST');
    const before = {MANIFEST: 'old', 'MANIFEST.tmp': 'new'};
    expect(contents(fileSystem.crashClone(loseUnsynced))).toEqual(before);
    expect(contents(fileSystem.crashClone(keepUnsynced))).toEqual({MANIFEST: 'new'});
    await fileSystem.syncDir('');
    expect(contents(fileSystem.crashClone(loseUnsynced))).toEqual({MANIFEST: 'new'});
  });

  test('a rename may be kept although the creation before it was lost', async () => {
    const file = await fileSystem.open('MANIFEST.tmp', 'create');
    await file.append(bytesOf('new'));
    await file.sync();
    await fileSystem.rename('MANIFEST.tmp', 'MANIFEST');
    expect(contents(fileSystem.crashClone(fates('lost', 'kept')))).toEqual({MANIFEST: 'new'});
  });

  test('a removed file is back when the removal was lost', async () => {
    await writeDurably('f', 'abc');
    await fileSystem.remove('f');
    expect(contents(fileSystem.crashClone(loseUnsynced))).toEqual({f: 'abc'});
    expect(contents(fileSystem.crashClone(keepUnsynced))).toEqual({});
  });

  test('a directory that was not synced into its parent is gone with all that is in it', async () => {
    await fileSystem.makeDir('l0');
    const file = await fileSystem.open('l0/f', 'append');
    await file.append(bytesOf('abc'));
    await file.sync();
    await fileSystem.syncDir('l0');
    expect(await fileSystem.crashClone(loseUnsynced).list('')).toEqual([]);
    await fileSystem.syncDir('');
    expect(contents(fileSystem.crashClone(loseUnsynced))).toEqual({'l0/f': 'abc'});
  });

  test('names whose sync failed are made durable by a later sync', async () => {
    await (await fileSystem.open('f', 'create')).close();
    fileSystem.setHooks({beforeOperation: () => ({code: 'EIO'})});
    await expect(fileSystem.syncDir('')).rejects.toMatchObject({code: 'EIO'});
    fileSystem.setHooks({beforeOperation: undefined});
    expect(contents(fileSystem.crashClone(loseUnsynced))).toEqual({});
    await fileSystem.syncDir('');
    expect(contents(fileSystem.crashClone(loseUnsynced))).toEqual({f: ''});
  });
});

describe('bytes', () => {
  test('any write may be lost, kept or torn, and gaps are zeros', async () => {
    await writeDurably('f', 'base,');
    const file = await fileSystem.open('f', 'append');
    await file.append(bytesOf('one,'));
    await file.append(bytesOf('two,'));
    const cases: [Fate[], string][] = [
      [['lost', 'lost'], 'base,'],
      [['kept', 'lost'], 'base,one,'],
      [['lost', 'kept'], 'base,....two,'],
      [[{keptBytes: 2, zeroTail: false}, 'lost'], 'base,on'],
      [[{keptBytes: 2, zeroTail: true}, 'lost'], 'base,on..'],
      [[{keptBytes: 2, zeroTail: false}, 'kept'], 'base,on..two,'],
      [['kept', {keptBytes: 0, zeroTail: true}], 'base,one,....'],
    ];
    for (const [list, expected] of cases) {
      expect(contents(fileSystem.crashClone(fates(...list)))).toEqual({f: expected});
    }
  });

  test('emptying a file by create is lost or kept like any change', async () => {
    await writeDurably('f', 'old content');
    const file = await fileSystem.open('f', 'create');
    await file.append(bytesOf('new'));
    expect(contents(fileSystem.crashClone(fates('lost', 'lost')))).toEqual({f: 'old content'});
    expect(contents(fileSystem.crashClone(fates('kept', 'lost')))).toEqual({f: ''});
    expect(contents(fileSystem.crashClone(fates('lost', 'kept')))).toEqual({f: 'new content'});
    expect(contents(fileSystem.crashClone(fates('kept', 'kept')))).toEqual({f: 'new'});
  });

  test('what is asked names each operation', async () => {
    const asked: UnsyncedOperation[] = [];
    await writeDurably('f', 'abc');
    const file = await fileSystem.open('f', 'append');
    await file.append(bytesOf('de'));
    await file.truncate(1);
    await fileSystem.rename('f', 'g');
    await fileSystem.makeDir('d');
    fileSystem.crashClone((operation) => {
      asked.push(operation);
      return 'kept';
    });
    expect(asked).toEqual([
      {kind: 'rename', path: 'f', to: 'g'},
      {kind: 'link', path: 'd'},
      {kind: 'write', path: 'g', offset: 3, bytes: 2},
      {kind: 'truncate', path: 'g', size: 1},
    ]);
    await file.sync();
    await fileSystem.syncDir('');
    fileSystem.crashClone((operation) => {
      throw new Error(`${operation.kind} is synced`);
    });
  });
});

describe('a failed sync', () => {
  async function appendWithFailedSync(): Promise<void> {
    await writeDurably('f', 'base,');
    const file = await fileSystem.open('f', 'append');
    await file.append(bytesOf('one,'));
    fileSystem.setHooks({
      beforeOperation: ({kind}) => (kind === 'sync' ? {code: 'EIO'} : undefined),
    });
    await expect(file.sync()).rejects.toMatchObject({code: 'EIO'});
    fileSystem.setHooks({beforeOperation: undefined});
    await file.append(bytesOf('two,'));
    await file.sync();
    await file.close();
  }

  test('its bytes are read, but no later sync makes them durable', async () => {
    await appendWithFailedSync();
    expect(contents(fileSystem)).toEqual({f: 'base,one,two,'});
    expect(contents(fileSystem.crashClone(loseUnsynced))).toEqual({f: 'base,....two,'});
    expect(contents(fileSystem.crashClone(keepUnsynced))).toEqual({f: 'base,....two,'});
  });

  test('a killed process leaves them to the next one, a power cut after that does not', async () => {
    await appendWithFailedSync();
    const next = fileSystem.killClone();
    expect(contents(next)).toEqual({f: 'base,one,two,'});
    expect(contents(next.crashClone(keepUnsynced))).toEqual({f: 'base,....two,'});
  });
});

describe('clones', () => {
  test('a killed process leaves everything, and a power cut may still take it', async () => {
    await writeDurably('f', 'abc');
    const file = await fileSystem.open('f', 'append');
    await file.append(bytesOf('def'));
    await fileSystem.rename('f', 'g');
    const next = fileSystem.killClone();
    expect(contents(next)).toEqual({g: 'abcdef'});
    expect(contents(next.crashClone(loseUnsynced))).toEqual({f: 'abc'});
    await next.syncDir('');
    await (await next.open('g', 'append')).sync();
    expect(contents(next.crashClone(loseUnsynced))).toEqual({g: 'abcdef'});
    expect(contents(fileSystem.crashClone(loseUnsynced))).toEqual({f: 'abc'});
  });

  test('clone and original share nothing', async () => {
    await writeDurably('f', 'abc');
    for (const clone of [fileSystem.killClone(), fileSystem.crashClone(keepUnsynced)]) {
      const file = await clone.open('f', 'append');
      await file.append(bytesOf('def'));
      await file.sync();
      await (await clone.open('g', 'create')).close();
      expect(contents(fileSystem)).toEqual({f: 'abc'});
    }
    fileSystem.crash();
    expect(contents(fileSystem.killClone())).toEqual({f: 'abc'});
  });

  test('a power cut leaves nothing unsynced', async () => {
    const file = await fileSystem.open('f', 'append');
    await file.append(bytesOf('abc'));
    const found = fileSystem.crashClone(keepUnsynced);
    expect(contents(found.crashClone(loseUnsynced))).toEqual({f: 'abc'});
  });

  test('random fates repeat with their seed and differ between seeds', async () => {
    const file = await fileSystem.open('f', 'append');
    await fileSystem.syncDir('');
    for (let index = 0; index < 20; index++) await file.append(bytesOf(`record ${index},`));
    const states = new Set<string>();
    for (let seed = 0; seed < 20; seed++) {
      const once = contents(fileSystem.crashClone(randomFates(seed)));
      expect(contents(fileSystem.crashClone(randomFates(seed)))).toEqual(once);
      states.add(JSON.stringify(once));
    }
    expect(states.size).toBe(20);
  });
});
