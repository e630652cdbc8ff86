/**
 * Figures in the documentation are not typed: a bench replaces what stands
 * between two marks.
 *
 *   <!-- measured: weeks -->         all of a bench's tables
 *   <!-- measured: weeks 5 -->       what a chapter quotes
 *   …
 *   <!-- /measured -->
 */

/** What a new block says. */
export const NOT_MEASURED = 'Not measured yet.';

export interface DocBlock {
  readonly name: string;
  /** The words behind the name; empty: the whole result. */
  readonly selector: string;
  readonly body: string;
}

const BLOCK = /^<!-- measured: (\S+)(?: (.+?))? -->\n([\s\S]*?)^<!-- \/measured -->$/gm;

export function docBlocks(text: string): DocBlock[] {
  return Array.from(text.matchAll(BLOCK), ([, name = '', selector = '', body = '']) => ({
    name,
    selector,
    body,
  }));
}

/** @param bodyFor the new text between the marks; undefined leaves the block as it is */
export function replaceBlocks(
  text: string,
  bodyFor: (name: string, selector: string) => string | undefined,
): string {
  return text.replaceAll(BLOCK, (block: string, name: string, selector = '') => {
    const body = bodyFor(name, selector);
    if (body === undefined) return block;
    const mark = selector === '' ? name : `${name} ${selector}`;
    return `<!-- measured: ${mark} -->\n${body.trim()}\n<!-- /measured -->`;
  });
}
