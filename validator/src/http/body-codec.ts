import {UsageError} from '../errors.ts';

/** How a server wants values in bodies, and answers them. */
export interface BodyCodec {
  readonly contentType: string;
  /** @param value printable ASCII */
  encode(value: string): string;
  /** @returns undefined if the body is not of this form */
  decode(body: string): string | undefined;
  /** Completes "the body is not": what it should have been. */
  readonly form: string;
}

/** kv.yaml's `body`: `raw`, `json-string` or `json:<field>`. @throws UsageError */
export function bodyCodec(name: string): BodyCodec {
  if (name === 'raw') return RAW;
  if (name === 'json-string') return JSON_STRING;
  const field = /^json:(.+)$/.exec(name)?.[1];
  if (field !== undefined) return jsonField(field);
  throw new UsageError(`body: "${name}" is not known; expected raw, json-string or json:<field>`);
}

const RAW: BodyCodec = {
  contentType: 'text/plain',
  encode: (value) => value,
  decode: (body) => body,
  form: 'the value as it is',
};

const JSON_STRING: BodyCodec = {
  contentType: 'application/json',
  encode: (value) => JSON.stringify(value),
  decode(body) {
    const value = parseJson(body);
    return typeof value === 'string' ? value : undefined;
  },
  form: 'a JSON string',
};

function jsonField(field: string): BodyCodec {
  return {
    contentType: 'application/json',
    encode: (value) => JSON.stringify({[field]: value}),
    decode(body) {
      const object = parseJson(body);
      if (typeof object !== 'object' || object === null || !Object.hasOwn(object, field)) {
        return undefined;
      }
      const value = (object as Record<string, unknown>)[field];
      return typeof value === 'string' ? value : undefined;
    },
    form: `a JSON object with the string "${field}"`,
  };
}

/** @param bytes one character per byte; JSON is UTF-8. @returns undefined if it is not JSON */
export function parseJson(bytes: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes, 'latin1').toString('utf8'));
  } catch {
    return undefined;
  }
}
