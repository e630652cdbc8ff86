import {expect, it} from 'vitest';
import {eventLine} from '../src/event-line.ts';

it.each([
  [{type: 'flush', file: 'sst-1.json', count: 2_000}, 'flush sst-1.json, 2000 entries'],
  [{type: 'orphan-removed', file: 'sst-3.json'}, 'orphan-removed sst-3.json'],
  [
    {
      type: 'wal-truncated',
      file: 'wal.db',
      offset: 118,
      count: 23,
      reason: 'record has no newline',
    },
    'wal-truncated wal.db at byte 118, 23 bytes dropped: record has no newline',
  ],
  [{type: 'idle'}, 'idle'],
])('%j is one line', (event, line) => {
  expect(eventLine(event)).toBe(line);
});
