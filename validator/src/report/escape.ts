/**
 * Text that a student's program decided must not steer a terminal: whatever is
 * not printable is shown as an escape.
 */

/** One character a byte (latin1): what is not printable ASCII becomes `\n`, `\t` or `\x1b`. */
export function escapeBytes(bytes: string): string {
  return bytes.replaceAll(/[^\x20-\x7e]/gu, escapeCharacter);
}

/**
 * Unicode text, such as a line of output: control characters, and those that
 * reorder or hide what is around them, become escapes.
 */
export function escapeText(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code <= 0xff ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`;
}
