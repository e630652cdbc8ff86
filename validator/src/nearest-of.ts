import {nearestName} from '@kv-workshop/shared/nearest-name';

/** Advice to whoever wrote a name that does not exist: `did you mean x?`, or what there is. */
export function nearestOf(
  written: string,
  known: readonly string[],
  otherwise = `known are ${known.join(', ')}`,
): string {
  const nearest = nearestName(written, known);
  return nearest === undefined ? otherwise : `did you mean ${nearest}?`;
}
