const SHOWN_MAX = 120;

/** Bytes (a latin1 string) in quotes, what is not printable ASCII as an escape, the rest cut off. */
export function showBytes(bytes: string, shownMax: number = SHOWN_MAX): string {
  const shown = bytes
    .slice(0, shownMax)
    // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
    .replace(/[\u0000-\u001f"\\\u007f-\u00ff]/g, escapeByte);
  return bytes.length <= shownMax ? `"${shown}"` : `"${shown}" and ${bytes.length - shownMax} more`;
}

function escapeByte(byte: string): string {
  switch (byte) {
    case '\n':
      return '\\n';
    case '\r':
      return '\\r';
    case '\t':
      return '\\t';
    case '"':
    case '\\':
      return `\\${byte}`;
    default:
      return `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
  }
}
