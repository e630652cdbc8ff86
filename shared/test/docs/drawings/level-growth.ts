/** Week 5: what each compaction finds on the two levels, and how much it writes. */
import {Engine} from '../../../../weeks/05-leveling/src/engine.ts';
import {MemoryFileSystem} from '../../../src/memory-file-system.ts';
import {table} from './table.ts';

const COMPACTIONS = 5;

export async function levelGrowth(): Promise<string> {
  const fileSystem = new MemoryFileSystem();
  const rows = [['new keys', 'SSTables merged', 'in L1 afterwards', 'entries written, each key']];
  let [puts, written] = [0, 0];
  const engine = await Engine.open(fileSystem, {}, ({type, count = 0, reason = ''}) => {
    if (type === 'flush') written += count;
    if (type !== 'compaction') return;
    const inL1 = tablesInL1(fileSystem);
    written += inL1.reduce((sum, path) => sum + entriesIn(fileSystem, path), 0);
    const merged = /^(\d+) SSTables/.exec(reason)?.[1] ?? '';
    rows.push([
      (puts + 1).toLocaleString('en'),
      merged,
      String(inL1.length),
      (written / (puts + 1)).toFixed(1),
    ]);
  });
  // No key twice, and each memtable with keys from the whole range.
  for (; rows.length <= COMPACTIONS; puts++) {
    await engine.put(`key${String((puts * 7919) % 1_000_003).padStart(7, '0')}`, 'x');
  }
  await engine.close();
  return table(rows, ['right', 'right', 'right', 'right']);
}

function tablesInL1(fileSystem: MemoryFileSystem): string[] {
  const [, l1 = ''] = textOf(fileSystem, 'MANIFEST').split('[L1]\n');
  return Array.from(l1.matchAll(/: (.+)$/gm), ([, name]) => `l1/${name}`);
}

function entriesIn(fileSystem: MemoryFileSystem, path: string): number {
  return (JSON.parse(textOf(fileSystem, path)) as unknown[]).length;
}

function textOf(fileSystem: MemoryFileSystem, path: string): string {
  return new TextDecoder().decode(fileSystem.readFileSync(path));
}
