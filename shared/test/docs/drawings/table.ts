/** Columns as wide as their widest cell, two spaces apart. */
export function table(
  rows: readonly (readonly string[])[],
  alignments: readonly ('left' | 'right')[],
): string {
  const widths = alignments.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) => {
    const cells = alignments.map((alignment, column) => {
      const [cell, width] = [row[column] ?? '', widths[column] ?? 0];
      return alignment === 'left' ? cell.padEnd(width) : cell.padStart(width);
    });
    return ` ${cells.join('  ')}`.trimEnd();
  });
  return `${lines.join('\n')}\n`;
}
