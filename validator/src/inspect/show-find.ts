/** Where a key is, for people. */
import {type Found, type Place, weightOf} from './find-key.ts';
import {shownText, shownValue} from './show-text.ts';

const WEIGHTS = {
  counts: 'this one counts',
  hidden: 'hidden',
  unlisted: 'does not count',
};

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

function absence({isRead, remarks}: Place): string {
  const why = remarks.length === 0 ? '' : `: ${shownText(remarks.join(', '))}`;
  return `${isRead ? 'not here' : 'not read'}${why}`;
}

function presence(found: Found, place: Place, index: number): string {
  const {record, remarks} = place;
  const what = record === undefined ? '' : `byte ${record.offset}: ${shownValue(record.value)}`;
  const doubts = doubtsOf(remarks);
  return `${what} (${[WEIGHTS[weightOf(found, index)], ...doubts].join('; ')})`;
}

/** Why a server that goes by the rules would not find a record that is there: at most one text. */
export function doubtsOf(remarks: readonly string[]): string[] {
  const doubts = remarks.filter((remark) => !remark.includes('lets the key through'));
  return doubts.length === 0 ? [] : [`a server would miss it: ${shownText(doubts.join(', '))}`];
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
