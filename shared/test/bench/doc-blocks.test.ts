import {expect, test} from 'vitest';
import {docBlocks, replaceBlocks} from '../../tools/bench/doc-blocks.ts';

const TEXT = [
  '# Title',
  '<!-- measured: weeks -->',
  'old',
  '',
  'text',
  '<!-- /measured -->',
  'between',
  '<!-- measured: weeks 5 -->',
  '<!-- /measured -->',
  '<!-- measured: growth -->',
  'stays',
  '<!-- /measured -->',
  '',
].join('\n');

test('blocks have a name and a selector', () => {
  expect(docBlocks(TEXT)).toEqual([
    {name: 'weeks', selector: '', body: 'old\n\ntext\n'},
    {name: 'weeks', selector: '5', body: ''},
    {name: 'growth', selector: '', body: 'stays\n'},
  ]);
});

test('what stands between two marks is replaced, and nothing else', () => {
  const after = replaceBlocks(TEXT, (name, selector) => {
    return name === 'weeks' ? `new ${selector} $& line\n` : undefined;
  });
  expect(after).toBe(
    [
      '# Title',
      '<!-- measured: weeks -->',
      'new  $& line',
      '<!-- /measured -->',
      'between',
      '<!-- measured: weeks 5 -->',
      'new 5 $& line',
      '<!-- /measured -->',
      '<!-- measured: growth -->',
      'stays',
      '<!-- /measured -->',
      '',
    ].join('\n'),
  );
});
