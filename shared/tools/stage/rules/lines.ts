/** How the rules compare lines of code. */
import type {Week} from '../weeks.ts';

/** Lines of one file of one week, both ends included. */
export interface LineRange {
  readonly week: Week;
  readonly path: string;
  readonly lineFirst: number;
  readonly lineLast: number;
}

export function withoutSpace(text: string): string {
  return text.replace(/\s+/g, '');
}

/**
 * How much a text says. `git diff --color-moved` measures blocks in the same way,
 * so that closing brackets and short returns are not taken for moved code.
 */
export function weight(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}

export function isComment(line: string): boolean {
  return /^\s*(\/\/|\/\*|\*)/.test(line);
}

export function isImport(line: string): boolean {
  return /^import\b/.test(line);
}

export function contains(
  ranges: readonly LineRange[],
  week: Week,
  path: string,
  line: number,
): boolean {
  return ranges.some((range) => {
    const isSameFile = range.week === week && range.path === path;
    return isSameFile && range.lineFirst <= line && line <= range.lineLast;
  });
}
