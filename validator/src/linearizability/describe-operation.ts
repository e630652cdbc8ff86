/** Operations in words, as short as a timeline needs them. Not escaped: the reports do that. */
import type {Operation, Scan, State} from './operation.ts';

const VALUE_SHOWN_MAX = 14;
const KEYS_SHOWN_MAX = 2;

/** `PUT "7"`, `GET: 404`, `SCAN a to f: apple, pear`; with a key, `PUT apple "7"`. */
export function describeOperation(thing: Operation | Scan, withKey: boolean): string {
  if (!('action' in thing)) return describeScan(thing);
  const {action, isOfScan} = thing;
  const key = withKey ? ` ${thing.key}` : '';
  switch (action.op) {
    case 'put':
      return `PUT${key} ${shown(action.value)}`;
    case 'delete':
      return `DELETE${key}`;
    case 'append':
      return `APPEND${key} ${shown(action.value)}`;
    case 'cas': {
      const outcome = action.succeeded ? '' : ', refused';
      return `CAS${key} ${shown(action.from)} to ${shown(action.to)}${outcome}`;
    }
    case 'present':
      return `SCAN${key}: listed`;
    case 'get':
    default:
      return isOfScan === true ? `SCAN${key}: not listed` : `GET${key}: ${shown(action.value)}`;
  }
}

function describeScan({start, end, keys}: Scan): string {
  const listed = keys.length > KEYS_SHOWN_MAX ? `${keys.length} keys` : keys.join(', ');
  return `SCAN ${start} to ${end}: ${listed === '' ? 'nothing' : listed}`;
}

function shown(state: State): string {
  if (state === null) return '404';
  return state.length > VALUE_SHOWN_MAX ? `"${state.slice(0, VALUE_SHOWN_MAX)}..."` : `"${state}"`;
}
