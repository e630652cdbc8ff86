import {expect, test} from 'vitest';
import {outline} from '../../tools/stage/outline.ts';

const SOURCE = `import {x} from 'y';
export const A = 1, B = {one: 1, two: 2};
export interface Shape {
  readonly side: number;
  area(): number;
}
type Pair = {left: string; right: string};
export function f(a: string): void;
export function f(a: unknown): void {}
export abstract class Box<T> {
  static #count = 0;
  /** Why. */
  get size(): number { return 1; }
  set size(value: number) {}
  static async open(): Promise<void> {}
  constructor() { const hidden = 1; }
}
describe('a group', () => {
  const helper = 1;
  test('reads', async () => {});
});
test.each([1, 2])('writes %i', () => {});
export default function () {}
`;

test('names declarations, members and tests, with their lines', () => {
  const names = outline(SOURCE).map(({scope, name, lineFirst, lineLast}) => {
    return `${[...scope, name].join(' > ')}: ${lineFirst}-${lineLast}`;
  });
  expect(names).toEqual([
    'A: 2-2',
    'B: 2-2',
    'B > one: 2-2',
    'B > two: 2-2',
    'Shape: 3-6',
    'Shape > side: 4-4',
    'Shape > area: 5-5',
    'Pair: 7-7',
    'Pair > left: 7-7',
    'Pair > right: 7-7',
    'f: 8-8',
    'f (2): 9-9',
    'Box: 10-17',
    'Box > static #count: 11-11',
    'Box > get size: 13-13',
    'Box > set size: 14-14',
    'Box > static open: 15-15',
    'Box > constructor: 16-16',
    "'a group': 18-21",
    "'a group' > helper: 19-19",
    "'a group' > 'reads': 20-20",
    "'writes %i': 22-22",
    'default: 23-23',
  ]);
});

test('keeps the text of a declaration, without the comment before it', () => {
  expect(outline('// Why.\nexport const A = 1;\n').at(0)?.text).toBe('export const A = 1;');
});

test('refuses what is not TypeScript, and says where', () => {
  expect(() => outline('class {')).toThrow(/class \{/);
});
