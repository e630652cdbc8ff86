/** Where a key is, for people. */
import {count} from '../report/numbers.ts';
import {type Found, type Place, weightOf} from './find-key.ts';
import {shownText, shownValue} from './show-text.ts';

const WEIGHTS = {
  counts: 'this one counts',
  hidden: 'hidden',
  unlisted: 'does not count',
};

export function showFound(found: Found): string[] {
  const {name, key, places} = found;
  const width = Math.max(0, ...places.map(({path}) => shownText(path).length));
  return [
    `${shownText(key)} in ${shownText(name)}, the newest first`,
    '',
    ...(places.length === 0 ? ['  (there is no file that could have it)'] : []),
    ...places.flatMap((place, index) => {
      const text = place.record === undefined ? absence(place) : presence(found, place, index);
      const row = `  ${shownText(place.path).padEnd(width)}  ${place.part.padEnd(8)}  `;
      const older = `${row}(and ${count(place.olderCount)} older)`;
      return [`${row}${text}`, ...(place.olderCount > 0 ? [older] : [])];
    }),
    '',
    verdict(found),
  ];
}

function absence({isRead, remarks}: Place): string {
  const why = remarks.length === 0 ? '' : `: ${shownText(remarks.join(', '))}`;
  return `${isRead ? 'not here' : 'not read'}${why}`;
}

function presence(found: Found, place: Place, index: number): string {
  const {record, remarks} = place;
  const what = record === undefined ? '' : `byte ${record.offset}: ${shownValue(record.value)}`;
  const weight = weightOf(found, index);
  const isKnown = found.unread === undefined || weight === 'unlisted';
  const notes = [...(isKnown ? [WEIGHTS[weight]] : []), ...doubtsOf(remarks)].join('; ');
  return notes === '' ? what : `${what} (${notes})`;
}

/** Why a server that goes by the rules would not find a record that is there: at most one text. */
export function doubtsOf(remarks: readonly string[]): string[] {
  const doubts = remarks.filter((remark) => !remark.includes('lets the key through'));
  return doubts.length === 0 ? [] : [`a server would miss it: ${shownText(doubts.join(', '))}`];
}

function verdict({key, places, winner = -1, unread = -1}: Found): string {
  const [place, obstacle] = [places[winner], places[unread]];
  if (obstacle !== undefined) {
    return `${shownText(key)} cannot be told: ${shownText(obstacle.path)} was not read.`;
  }
  if (place?.record === undefined)
    return `${shownText(key)} is absent: no file that counts has it.`;
  const {record, path} = place;
  const where = `by byte ${record.offset} of ${shownText(path)}`;
  return record.value === null
    ? `${shownText(key)} is absent: it is deleted, ${where}.`
    : `${shownText(key)} is ${shownValue(record.value)}, ${where}.`;
}
