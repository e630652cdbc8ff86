/**
 * The drawings in the chapters that come from the code: layouts from a format's
 * constants, traces from a run of a week's engine. With UPDATE_GOLDEN=1 they are
 * written into the chapters anew.
 */
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {blockArithmetic, dataBlock, indexBlock, sstablePages} from './drawings/blocks.ts';
import {bloomBits, bloomFile, longKeyHashes} from './drawings/bloom-file.ts';
import {bloomMeasured, bloomSizing} from './drawings/bloom-sizing.ts';
import {backgroundSteps, compactionSteps, levelSteps} from './drawings/file-operations.ts';
import {folderHistory} from './drawings/folder-history.ts';
import {levelGrowth} from './drawings/level-growth.ts';
import {lookupFiles} from './drawings/lookup-files.ts';
import {mergeSteps} from './drawings/merge-steps.ts';
import {trieGrowth} from './drawings/trie-growth.ts';

const CHAPTERS = fileURLToPath(new URL('../../../docs/weeks', import.meta.url));

/** In a chapter: `<!-- drawing: NAME -->` and a fence right below it. */
const MARK = /(<!-- drawing: (\S+) -->\n)```\n([\s\S]*?)```\n/g;

const DRAWINGS: Record<string, () => string | Promise<string>> = {
  'merge-steps': mergeSteps,
  'compaction-steps': compactionSteps,
  'lookup-files': lookupFiles,
  'level-growth': levelGrowth,
  'level-steps': levelSteps,
  'block-arithmetic': blockArithmetic,
  'sstable-pages': sstablePages,
  'index-block': indexBlock,
  'data-block': dataBlock,
  'bloom-sizing': bloomSizing,
  'bloom-bits': bloomBits,
  'long-key-hashes': longKeyHashes,
  'bloom-file': bloomFile,
  'bloom-measured': bloomMeasured,
  'trie-growth': trieGrowth,
  'folder-history': folderHistory,
  'background-steps': backgroundSteps,
};

const chapters = readdirSync(CHAPTERS).filter((name) => name.endsWith('.md'));
const drawn = await drawAll();

test.each(chapters)('%s: its drawings are those of the code', (chapter) => {
  const path = join(CHAPTERS, chapter);
  const before = readFileSync(path, 'utf8');
  const after = before.replaceAll(MARK, (_, mark: string, name: string) => {
    const drawing = drawn.get(name);
    if (drawing === undefined) throw new Error(`${chapter}: no drawing is called ${name}`);
    return `${mark}\`\`\`\n${drawing}\`\`\`\n`;
  });
  if (process.env['UPDATE_GOLDEN'] === '1' && after !== before) writeFileSync(path, after);
  else expect(before).toBe(after);
});

test('each drawing stands in one chapter', () => {
  const marks = chapters.flatMap((chapter) =>
    [...readFileSync(join(CHAPTERS, chapter), 'utf8').matchAll(/<!-- drawing: (\S+) -->/g)].map(
      ([, name]) => name,
    ),
  );
  expect(new Set(marks)).toEqual(new Set(drawn.keys()));
  expect(marks).toHaveLength(drawn.size);
});

async function drawAll(): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for (const [name, draw] of Object.entries(DRAWINGS)) all.set(name, await draw());
  return all;
}
