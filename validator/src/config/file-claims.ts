/** Where in the data folder the files of each claimed format are. */

import type {FileClaims, FileFormat} from './settings.ts';

/** The series' own names, week by week (docs/contract.md, "Formats of files"). */
const SERIES: readonly {
  readonly format: FileFormat;
  readonly weekFirst: number;
  readonly weekLast: number;
  readonly pattern: string;
}[] = [
  {format: 'sstable', weekFirst: 2, weekLast: 4, pattern: 'sst-*.json'},
  {format: 'sstable', weekFirst: 5, weekLast: 5, pattern: 'l*/sst-*.json'},
  {format: 'sstable', weekFirst: 6, weekLast: 8, pattern: 'l*/sst-*.sst'},
  {format: 'manifest', weekFirst: 2, weekLast: 7, pattern: 'MANIFEST'},
  {format: 'manifest', weekFirst: 8, weekLast: 8, pattern: 'MANIFEST-*'},
  {format: 'wal', weekFirst: 3, weekLast: 7, pattern: 'wal.db'},
  {format: 'bloom', weekFirst: 7, weekLast: 8, pattern: 'l*/sst-*.bloom'},
];

/** Glob patterns, relative to the data folder, by format. */
export function claimedFiles(claims: FileClaims, week: number): ReadonlyMap<FileFormat, string> {
  if (claims === 'none') return new Map();
  const patterns = new Map<FileFormat, string>();
  for (const {format, weekFirst, weekLast, pattern} of SERIES) {
    if (week < weekFirst || week > weekLast) continue;
    const claimed = claims === 'series' ? pattern : claims[format];
    if (claimed !== undefined) patterns.set(format, claimed);
  }
  return patterns;
}
