/**
 * Below 0 if `a` is before `b`, 0 if they are equal, above 0 if `a` is behind `b`.
 *
 * The operator `<` says the same. But for a string that was cut out of another, such
 * as a key from a block or from a URL, it leaves the compiled code: that takes eight
 * times as long, and a lookup compares about twenty times.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const order = a.charCodeAt(index) - b.charCodeAt(index);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
