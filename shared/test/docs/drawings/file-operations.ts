/** What an engine does to its files, in order. */
import {Engine as Week04} from '../../../../weeks/04-compaction/src/engine.ts';
import {Engine as Week05} from '../../../../weeks/05-leveling/src/engine.ts';
import {Engine as Week08} from '../../../../weeks/08-concurrency/src/engine.ts';
import type {Operation} from '../../../src/memory-file-system/operation.ts';
import {MemoryFileSystem} from '../../../src/memory-file-system.ts';
import {settle} from './settle.ts';

const OPTIONS = {memtableEntriesMax: 2};

/** Week 4: a compaction of three SSTables into one. */
export async function compactionSteps(): Promise<string> {
  const fileSystem = new MemoryFileSystem();
  const engine = await Week04.open(fileSystem, {...OPTIONS, compactionUpdates: 7});
  for (const key of ['a', 'b', 'a', 'c', 'b', 'c']) await engine.put(key, '1');
  const before = fileSystem.operationCount;
  await engine.delete('a');
  // The record of the delete itself is written and synced first.
  return numbered(stepsFrom(fileSystem, before).slice(2));
}

/** Week 5: the flush that fills L0, and the compaction that follows it. */
export async function levelSteps(): Promise<string> {
  const fileSystem = new MemoryFileSystem();
  const engine = await Week05.open(fileSystem, {...OPTIONS, l0TablesMax: 2});
  for (const key of ['a', 'b', 'c']) await engine.put(key, '1');
  const before = fileSystem.operationCount;
  await engine.put('d', '1');
  return numbered(stepsFrom(fileSystem, before).slice(2));
}

/** Week 8: the write that fills the memtable, and what follows it. */
export async function backgroundSteps(): Promise<string> {
  const fileSystem = new MemoryFileSystem();
  const engine = await Week08.open(fileSystem, OPTIONS);
  await engine.put('a', '1');
  const before = fileSystem.operationCount;
  await engine.put('b', '1');
  const answeredAfter = stepsFrom(fileSystem, before).length;
  await settle(fileSystem);
  const lines = numbered(stepsFrom(fileSystem, before)).split('\n');
  return lines.toSpliced(answeredAfter, 0, '     ── the PUT is answered ──').join('\n');
}

function stepsFrom(fileSystem: MemoryFileSystem, start: number): string[] {
  return fileSystem.operations.filter(({index}) => index >= start).flatMap(stepOf);
}

/** Only what changes the disk; a file is created by its first write. */
function stepOf({kind, path, to}: Operation): string[] {
  switch (kind) {
    case 'append':
      return [`write   ${path}`];
    case 'sync':
      return [`sync    ${path}`];
    case 'rename':
      return [`rename  ${path} to ${to ?? ''}`];
    case 'remove':
      return [`remove  ${path}`];
    case 'truncate':
      return [`cut     ${path} to length 0`];
    case 'syncDir':
      return [`sync    the folder${path === '' ? '' : ` ${path}`}`];
    default:
      return [];
  }
}

function numbered(steps: readonly string[]): string {
  const lines = steps.map((step, index) => `${String(index + 1).padStart(3)}  ${step}\n`);
  return lines.join('');
}
