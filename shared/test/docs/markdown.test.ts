import {describe, expect, test} from 'vitest';
import {anchorOf, occursIn, parseMarkdown} from './markdown.ts';

test.each([
  ['Torn tails', 'torn-tails'],
  ['kv.yaml', 'kvyaml'],
  ['Absent is 404', 'absent-is-404'],
  ['The `flush`', 'the-flush'],
])('the anchor of %j is %j', (heading, anchor) => {
  expect(anchorOf(heading)).toBe(anchor);
});

test('headings, links and excerpts are found, but not those inside fences and code', () => {
  const markdown = parseMarkdown(
    [
      '# Title',
      '## Title',
      'A [link](a.md#b) and another [one](c.md), not `[this](d.md)`.',
      '```',
      '# not a heading [nor](a-link.md)',
      '```',
      '<!-- source: a/b.ts#word -->',
      '```ts',
      '  word();',
      '```',
      '```ts',
      'unmarked();',
      '```',
    ].join('\n'),
  );
  expect(markdown).toEqual({
    anchors: new Set(['title', 'title-1']),
    links: [
      {target: 'a.md#b', line: 3},
      {target: 'c.md', line: 3},
    ],
    excerpts: [{source: 'a/b.ts', label: 'word', lines: ['  word();'], line: 8}],
    unmarkedFences: [11],
  });
});

describe('an excerpt occurs in a source', () => {
  const source = '{\n    if (a) {\n      b();\n\n    }\n}';

  test('with any common indentation', () => {
    expect(occursIn(['if (a) {', '  b();', '', '}'], source)).toBe(true);
    expect(occursIn(['      if (a) {', '        b();'], source)).toBe(true);
  });

  test('but not with a line changed, left out, or indented otherwise', () => {
    expect(occursIn(['if (a) {', '  c();'], source)).toBe(false);
    expect(occursIn(['if (a) {', '}'], source)).toBe(false);
    expect(occursIn(['if (a) {', 'b();'], source)).toBe(false);
  });
});
