/** Ways to damage MANIFEST, each of which can be seen when it is read. */
import type {ListedTable} from '../../formats/manifest-file.ts';
import {baseName} from '../base-name.ts';
import type {Listing} from '../block-files.ts';
import type {CheckContext} from '../check.ts';
import {claimedGlob} from '../claimed-files.ts';
import type {Damage} from '../damage.ts';
import {matchDataFiles, readDataFile} from '../data-files.ts';

/** Does nothing if the files have nothing of the kind. @returns whether it did something */
export type Harm = (damage: Damage, listing: Listing, context: CheckContext) => Promise<boolean>;

/** The last name is incomplete: what was to follow was never written. */
const cutInName: Harm = async (damage, {path, manifest}) => {
  const last = manifest.tables.at(-1);
  if (last === undefined) return false;
  await damage.cut(path, nameOffset(last) + Math.ceil(last.name.length / 2));
  return true;
};

/** As after a crash of a disk that had given the file its size, and not its bytes. */
const zeroName: Harm = async (damage, {path, manifest}, {random}) => {
  const inL0 = manifest.tables.filter(({level}) => level === 0);
  if (inL0.length === 0) return false;
  const table = random.pick(inL0);
  const start = nameOffset(table);
  await damage.zero(path, start + Math.floor(table.name.length / 2), start + table.name.length);
  return true;
};

/** From the middle of the first key to the middle of the last one. */
const zeroRange: Harm = async (damage, {path, manifest}, {random}) => {
  const ranged = manifest.tables.filter(({range}) => range !== undefined);
  if (ranged.length === 0) return false;
  const {offset, range: {first, last} = {first: '', last: ''}} = random.pick(ranged);
  const end = offset + first.length + 1 + Math.ceil(last.length / 2);
  await damage.zero(path, offset + Math.floor(first.length / 2), end);
  return true;
};

/** The ranges of a level descend: a search that halves them goes astray. */
const reverseRanges: Harm = async (damage, {path, manifest}, {server}) => {
  const ranged = manifest.tables.filter(({level}) => level === 1);
  const [first, last] = [ranged[0], ranged.at(-1)];
  if (first === undefined || last === undefined || ranged.length < 2) return false;
  const bytes = await readDataFile(server.control.dataDir, path);
  const end = last.offset + last.sizeBytes;
  const lines = bytes.toString('latin1', first.offset, end).trimEnd().split('\n').toReversed();
  const reversed = `${lines.join('\n')}\n`;
  const parts = [bytes.subarray(0, first.offset), Buffer.from(reversed), bytes.subarray(end)];
  await damage.rewrite(path, Buffer.concat(parts), 'the lines of [L1] in the opposite order');
  return true;
};

/** The number of the first live log, in the week that has several. */
const zeroLogNumber: Harm = async (damage, {path, manifest}) => {
  if (manifest.walFirst === undefined) return false;
  const start = '[WAL] '.length;
  await damage.zero(path, start, start + String(manifest.walFirst).length);
  return true;
};

/** A file that is listed is not there. */
function removeListed(isInL0: boolean): Harm {
  return async (damage, {manifest}, context) => {
    const listed = manifest.tables.filter(({level}) => (level === 0) === isInL0);
    if (listed.length === 0) return false;
    const name = baseName(context.random.pick(listed).name);
    const glob = claimedGlob(context, 'sstable');
    const present = await matchDataFiles(context.server.control.dataDir, glob);
    const path = present.find((each) => baseName(each) === name);
    if (path === undefined) return false;
    await damage.remove(path);
    return true;
  };
}

export const MANIFEST_HARMS: readonly Harm[] = [
  cutInName,
  zeroName,
  zeroRange,
  reverseRanges,
  zeroLogNumber,
];

/** REQUIRES: SSTables are claimed. */
export const LISTED_FILE_HARMS: readonly Harm[] = [removeListed(true), removeListed(false)];

/** A range stands before the name. */
function nameOffset({offset, range}: ListedTable): number {
  return range === undefined ? offset : offset + `${range.first}-${range.last}: `.length;
}
