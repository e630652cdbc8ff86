import {UsageError} from '../errors.ts';

/** The path of each operation, with `{key}`, or `{start}` and `{end}`, where they go. */
export interface Routes {
  readonly put: string;
  readonly get: string;
  readonly delete: string;
  readonly scan: string;
}

export const DEFAULT_ROUTES: Routes = {
  put: '/{key}',
  get: '/{key}',
  delete: '/{key}',
  scan: '/scan?start={start}&end={end}',
};

/** Fills in a template; keys are percent-encoded. */
export type KeyPath = (key: string) => string;
export type RangePath = (start: string, end: string) => string;

/**
 * @param name how the message calls the route: `routes.put`
 * @throws UsageError if the template does not begin with `/` and have `{key}` once
 */
export function keyPath(template: string, name: string): KeyPath {
  const [before = '', after = ''] = splitTemplate(template, ['key'], name);
  return (key) => `${before}${encodeURIComponent(key)}${after}`;
}

/** @throws UsageError if the template does not begin with `/` and have `{start}` and `{end}` */
export function rangePath(template: string, name: string): RangePath {
  const isStartFirst = template.indexOf('{start}') < template.indexOf('{end}');
  const names = isStartFirst ? ['start', 'end'] : ['end', 'start'];
  const [before = '', between = '', after = ''] = splitTemplate(template, names, name);
  return (start, end) => {
    const [first, second] = isStartFirst ? [start, end] : [end, start];
    return `${before}${encodeURIComponent(first)}${between}${encodeURIComponent(second)}${after}`;
  };
}

/** The text around the placeholders, which are in the order of `names`. */
function splitTemplate(template: string, names: readonly string[], route: string): string[] {
  const wanted = names.map((name) => `{${name}}`);
  const found = template.match(/\{[^}]*\}/g) ?? [];
  const isComplete = found.length === wanted.length && found.every((text, i) => text === wanted[i]);
  if (!isComplete) {
    const needed = wanted.length === 1 ? '{key} once' : '{start} and {end}, each once';
    throw new UsageError(`${route}: "${template}" must contain ${needed}, and no other {...}`);
  }
  if (!/^\/[\x21-\x7e]*$/.test(template)) {
    throw new UsageError(
      `${route}: "${template}" must begin with / and have no spaces; expected something like ${DEFAULT_ROUTES.put}`,
    );
  }
  return template.split(/\{[^}]*\}/);
}
