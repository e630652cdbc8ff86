import type {EngineEvent} from './events.ts';

/** What `count` counts, in the events where it is not entries. */
const COUNTED: Readonly<Record<string, string>> = {
  'wal-truncated': 'bytes dropped',
  'manifest-truncated': 'bytes dropped',
};

/** `wal-truncated wal.db at byte 118, 23 bytes dropped: record has no newline` */
export function eventLine(event: EngineEvent): string {
  let line = event.type;
  if (event.file !== undefined) line += ` ${event.file}`;
  if (event.offset !== undefined) line += ` at byte ${event.offset}`;
  if (event.count !== undefined) line += `, ${event.count} ${COUNTED[event.type] ?? 'entries'}`;
  if (event.reason !== undefined) line += `: ${event.reason}`;
  return line;
}
