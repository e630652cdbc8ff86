/** Where a key is, for people. */
import type {Found, Place} from './find-key.ts';
import {shownText, shownValue} from './show-text.ts';

export function showFound(found: Found): string[] {
  const {name, key, places, winner} = found;
  const width = Math.max(0, ...places.map(({path}) => shownText(path).length));
  return [
    `${shownText(key)} in ${shownText(name)}, the newest first`,
    '',
    ...(places.length === 0 ? ['  (there is no file that could have it)'] : []),
    ...places.map((place, index) => {
      const text = place.record === undefined ? absence(place) : presence(found, place, index);
      return `  ${shownText(place.path).padEnd(width)}  ${place.part.padEnd(8)}  ${text}`;
    }),
    '',
    verdict(key, winner === undefined ? undefined : places[winner]),
  ];
}

function absence({remarks}: Place): string {
  const why = remarks.length === 0 ? '' : `: ${shownText(remarks.join(', '))}`;
  return `not here${why}`;
}

function presence({winner}: Found, {record, part, remarks}: Place, index: number): string {
  const what = record === undefined ? '' : `byte ${record.offset}: ${shownValue(record.value)}`;
  const doubts = remarks.filter((remark) => !remark.includes('lets the key through'));
  const missed =
    doubts.length === 0 ? '' : `; a server would miss it: ${shownText(doubts.join(', '))}`;
  return `${what} (${weight(part, index, winner)}${missed})`;
}

function weight(part: string, index: number, winner: number | undefined): string {
  if (index === winner) return 'this one counts';
  return part === 'unlisted' ? 'does not count' : 'hidden';
}

function verdict(key: string, place: Place | undefined): string {
  if (place?.record === undefined)
    return `${shownText(key)} is absent: no file that counts has it.`;
  const {record, path} = place;
  const where = `by byte ${record.offset} of ${shownText(path)}`;
  return record.value === null
    ? `${shownText(key)} is absent: it is deleted, ${where}.`
    : `${shownText(key)} is ${shownValue(record.value)}, ${where}.`;
}
