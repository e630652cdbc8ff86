/** What the files of a data folder are, where kv.yaml says so. */
import {globPattern} from '../checks/data-files.ts';
import type {FileFormat} from '../config/settings.ts';
import type {Kind} from './content.ts';
import {kindByPlace} from './layout.ts';

const FIRST_WEEK_OF_BLOCKS = 6;

/** By the globs of the claimed formats; what no glob matches, by its name. */
export function claimedKinds(
  claimed: ReadonlyMap<string, string>,
  week: number,
): (path: string) => Kind | undefined {
  const kinds: Readonly<Record<FileFormat, Kind>> = {
    sstable: week < FIRST_WEEK_OF_BLOCKS ? 'json-table' : 'block-table',
    manifest: 'manifest',
    wal: 'log',
    bloom: 'filter',
  };
  const patterns = Object.entries(kinds).flatMap(([format, kind]) => {
    const glob = claimed.get(format);
    return glob === undefined ? [] : [{pattern: globPattern(glob), kind}];
  });
  return (path) => patterns.find(({pattern}) => pattern.test(path))?.kind ?? kindByPlace(path);
}
