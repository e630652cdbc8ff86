/** Week 8: which files are in the data folder while a scan pins an old version. */
import {Engine} from '../../../../weeks/08-concurrency/src/engine.ts';
import {MemoryFileSystem} from '../../../src/memory-file-system.ts';
import {settle} from './settle.ts';

/** Small, so that two writes are a flush. */
const OPTIONS = {memtableEntriesMax: 2, compactionUpdates: 6};
const WIDTH = 64;

export async function folderHistory(): Promise<string> {
  const fileSystem = new MemoryFileSystem();
  const lines: string[] = [];
  const engine = await Engine.open(fileSystem, OPTIONS);
  const show = async (what: string) => {
    await settle(fileSystem);
    const files = [...fileSystem.files()].map(([path]) => path);
    lines.push(what, ...wrapped(files.filter((path) => !path.endsWith('.bloom'))), '');
  };
  await engine.put('a', '1');
  await engine.put('b', '1');
  await engine.put('c', '1');
  await show('PUT a, b, c: the memtable of a and b was flushed, c is in the next one');
  const scan = engine.scan('a', 'z');
  const seen = [scan.next().value];
  await show('a scan begins, and is slow to go on: it pins this version');
  await engine.put('d', '1');
  await show('PUT d: a flush of c and d');
  await engine.put('e', '1');
  await engine.delete('a');
  await show('PUT e, DELETE a: a flush, and then a compaction');
  seen.push(...scan);
  await show(`the scan ends, with ${seen.join(', ')}: its version goes, and what only it used`);
  await engine.close();
  return `${lines.join('\n').trimEnd()}\n`;
}

function wrapped(files: readonly string[]): string[] {
  const lines: string[] = [];
  for (const file of files) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + file.length < WIDTH) {
      lines[lines.length - 1] = `${last}  ${file}`;
    } else lines.push(`    ${file}`);
  }
  return lines;
}
