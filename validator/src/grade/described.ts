/** Parts of a schema, each with what it means: the published JSON Schema has these texts. */
import * as v from 'valibot';

export function text(meaning: string) {
  return v.pipe(v.string(), v.description(meaning));
}

/** Kebab case: it stands in Markdown, in commands and in names of files as it is. */
export function id(meaning: string) {
  return v.pipe(
    v.string(),
    v.regex(/^[a-z0-9-]+$/, 'expected the id of a check'),
    v.description(meaning),
  );
}

export function texts(meaning: string) {
  return v.pipe(v.array(v.string()), v.description(meaning));
}

export function flag(meaning: string) {
  return v.pipe(v.boolean(), v.description(meaning));
}

export function number(meaning: string) {
  return v.pipe(v.number(), v.description(meaning));
}

/** A whole number, not negative. */
export function count(meaning: string) {
  return v.pipe(v.number(), v.integer(), v.minValue(0), v.description(meaning));
}

export function milliseconds(meaning: string) {
  return v.pipe(v.number(), v.minValue(0), v.description(meaning));
}

export function object<Fields extends v.ObjectEntries>(meaning: string, fields: Fields) {
  return v.pipe(v.object(fields), v.description(meaning));
}

export function list<Item extends v.GenericSchema>(meaning: string, item: Item) {
  return v.pipe(v.array(item), v.description(meaning));
}

/** What nobody changes any more. */
export type Immutable<Value> = Value extends readonly (infer Item)[]
  ? readonly Immutable<Item>[]
  : Value extends object
    ? {readonly [Field in keyof Value]: Immutable<Value[Field]>}
    : Value;
