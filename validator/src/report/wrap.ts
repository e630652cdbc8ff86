/**
 * Lines of at most `width` columns, broken at spaces; but a long word is rather
 * broken itself than moved to a line of its own.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const isEarly = space < width / 2;
    lines.push(rest.slice(0, isEarly ? width : space));
    rest = rest.slice(isEarly ? width : space + 1);
  }
  lines.push(rest);
  return lines;
}
