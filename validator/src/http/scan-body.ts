import {parseJson} from './body-codec.ts';

/**
 * The keys in the answer to a SCAN, in its order. All shapes that the contract
 * accepts are read: a JSON array of keys or of objects with `key`, a JSON
 * object whose names are the keys, keys separated by commas, one key a line.
 *
 * @returns undefined if it is none of these
 */
export function scanKeys(status: number, body: string): readonly string[] | undefined {
  if (status === 204) return [];
  const text = body.trim();
  if (text.startsWith('[')) return keysOfArray(parseJson(text));
  if (text.startsWith('{')) return keysOfObject(text);
  if (text === '') return [];
  return keysOfText(text);
}

function keysOfArray(array: unknown): readonly string[] | undefined {
  if (!Array.isArray(array)) return undefined;
  const keys: string[] = [];
  for (const item of array as unknown[]) {
    const key = typeof item === 'object' && item !== null ? (item as {key?: unknown}).key : item;
    if (typeof key !== 'string') return undefined;
    keys.push(key);
  }
  return keys;
}

/**
 * A parsed object would not do: it puts names that are whole numbers first,
 * and keeps only the last of two equal ones.
 */
function keysOfObject(text: string): readonly string[] | undefined {
  const object = parseJson(text);
  if (typeof object !== 'object' || object === null) return undefined;
  const keys: string[] = [];
  let depth = 0;
  // JSON.parse has accepted the text, so strings and brackets are all there is to look for.
  for (const match of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g)) {
    const [token, colon] = match;
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (depth === 1 && colon !== undefined) {
      keys.push(JSON.parse(token.slice(0, token.length - colon.length)) as string);
    }
  }
  return keys;
}

function keysOfText(text: string): readonly string[] | undefined {
  const keys = text.split(text.includes(',') ? /\s*,\s*/ : /\r?\n/);
  return keys.every((key) => /^[\x21-\x7e]+$/.test(key) && !/["'[\]{}<>]/.test(key))
    ? keys
    : undefined;
}
