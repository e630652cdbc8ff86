/** The parts of a Markdown file that can go wrong without anyone noticing. */

export interface Excerpt {
  /** The file that it was taken from, as a path in the repository. */
  readonly source: string;
  /** A word of the excerpt, which says what it shows. */
  readonly label: string | undefined;
  readonly lines: readonly string[];
  /** 1-based line of the fence. */
  readonly line: number;
}

export interface Link {
  readonly target: string;
  /** 1-based. */
  readonly line: number;
}

export interface Markdown {
  /** What a link to a heading of this file may say after the `#`. */
  readonly anchors: ReadonlySet<string>;
  readonly links: readonly Link[];
  readonly excerpts: readonly Excerpt[];
  /** Lines of TypeScript fences without a mark that says where they are from. */
  readonly unmarkedFences: readonly number[];
}

const FENCE = /^\s*```(\w*)/;
const HEADING = /^#{1,6} (.+)$/;
const MARK = /^<!-- source: ([^#\s]+?)(?:#(\S+))? -->$/;
const LINK = /\[(?:[^\]\\]|\\.)*\]\(([^()\s]+)\)/g;

/** Headings, links and marked excerpts; what stands in other fences is not looked at. */
export function parseMarkdown(text: string): Markdown {
  const anchors = new Set<string>();
  const links: Link[] = [];
  const excerpts: Excerpt[] = [];
  const unmarkedFences: number[] = [];

  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const fence = FENCE.exec(line);
    if (fence === null) {
      const heading = HEADING.exec(line)?.[1];
      if (heading !== undefined) addAnchor(anchors, anchorOf(heading));
      for (const [, target = ''] of withoutCode(line).matchAll(LINK)) {
        links.push({target, line: index + 1});
      }
      continue;
    }
    const start = index;
    do index++;
    while (index < lines.length && lines[index]?.trim() !== '```');
    const mark = MARK.exec(lines[start - 1] ?? '');
    if (mark?.[1] !== undefined) {
      const body = lines.slice(start + 1, index);
      excerpts.push({source: mark[1], label: mark[2], lines: body, line: start + 1});
    } else if (fence[1] === 'ts') {
      unmarkedFences.push(start + 1);
    }
  }
  return {anchors, links, excerpts, unmarkedFences};
}

/** The anchor that GitHub gives a heading. */
export function anchorOf(heading: string): string {
  const words = heading.trim().toLowerCase();
  return words.replaceAll(/[^\p{Letter}\p{Number} _-]/gu, '').replaceAll(' ', '-');
}

/** Whether the lines stand in the source one after another, except for a common indentation. */
export function occursIn(excerpt: readonly string[], source: string): boolean {
  const wanted = withoutIndentation(excerpt);
  const lines = source.split('\n');
  return lines.some(
    (_, start) => withoutIndentation(lines.slice(start, start + excerpt.length)) === wanted,
  );
}

function withoutIndentation(lines: readonly string[]): string {
  const widths = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  const width = Math.min(...widths);
  return lines.map((line) => line.slice(width)).join('\n');
}

/** Like GitHub, a heading that stands twice gets a number. */
function addAnchor(anchors: Set<string>, anchor: string): void {
  let unique = anchor;
  for (let number = 1; anchors.has(unique); number++) unique = `${anchor}-${number}`;
  anchors.add(unique);
}

function withoutCode(line: string): string {
  return line.replaceAll(/`[^`]*`/g, 'code');
}
