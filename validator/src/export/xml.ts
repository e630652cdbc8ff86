/** Text in XML 1.0 and HTML. */
import {escapeText} from '../report/escape.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * For text and attributes. Control characters, which XML does not permit even as
 * references, and those that hide or reorder text are shown as escapes; line
 * feeds stay.
 */
export function escapeMarkup(text: string): string {
  const lines = text.split('\n').map(escapeText).join('\n');
  return lines.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
