import {describe, expect, it} from 'vitest';
import {Settling} from '../../src/checks/settling.ts';

/** The events of each write, or of each stop ('!' loses the memtable, '.' keeps it). */
function events(settling: Settling, script: string): string[] {
  const found: string[] = [];
  for (const [index, step] of Array.from(script).entries()) {
    if (step === '!' || step === '.') settling.stopped(step === '.');
    else found.push(...settling.write(step).map((event) => `${index}: ${event}`));
  }
  return found;
}

const FLUSH = 'memtable full (3 entries): flush';

describe('a flush', () => {
  it('comes when so many different keys were written', () => {
    const settling = new Settling({memtableEntriesMax: 3});
    expect(events(settling, 'aabbacabc')).toEqual([`5: ${FLUSH}`, `8: ${FLUSH}`]);
    expect(settling.untilFlush).toBe(3);
    expect(events(settling, 'aba')).toEqual([]);
    expect(settling.untilFlush).toBe(1);
    expect(settling.isInMemtable('a')).toBe(true);
    expect(settling.isInMemtable('c')).toBe(false);
  });

  it('comes later after a stop that lost the memtable', () => {
    expect(events(new Settling({memtableEntriesMax: 3}), 'ab.c')).toEqual([`3: ${FLUSH}`]);
    expect(events(new Settling({memtableEntriesMax: 3}), 'ab!cde')).toEqual([`5: ${FLUSH}`]);
  });

  it('never comes without a threshold', () => {
    const settling = new Settling({memtableEntriesMax: Number.POSITIVE_INFINITY});
    expect(events(settling, 'abcdefgh')).toEqual([]);
    expect(settling.untilCompaction).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a compaction', () => {
  it('comes by updates since the start, after the flush', () => {
    const settling = new Settling({memtableEntriesMax: 3, compactionUpdates: 6});
    const compaction = '6 updates since the start: compaction';
    expect(events(settling, 'aababc')).toEqual([`5: ${FLUSH}`, `5: ${compaction}`]);
    expect(events(settling, 'a.abaabb')).toEqual([`7: ${compaction}`]);
    expect(settling.untilCompaction).toBe(6);
    expect(events(settling, 'ca')).toEqual([`0: ${FLUSH}`]);
    expect(settling.untilCompaction).toBe(4);
  });

  it('comes by files in L0, whatever stops fall between', () => {
    const settling = new Settling({memtableEntriesMax: 1, l0TablesMax: 3});
    const flush = 'memtable full (1 entries): flush';
    expect(events(settling, 'a.bc')).toEqual([
      `0: ${flush}`,
      `2: ${flush}`,
      `3: ${flush}`,
      '3: 3 SSTables in L0: compaction',
    ]);
    expect(settling.untilCompaction).toBe(3);
    expect(events(settling, 'd.')).toEqual([`0: ${flush}`]);
    expect(settling.untilCompaction).toBe(2);
  });
});
