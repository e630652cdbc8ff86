import {describe, expect, it} from 'vitest';
import {UsageError} from '../../src/errors.ts';
import {surveyOwnFixture} from '../../src/replay/survey-own-fixture.ts';
import {replaying} from './replaying.ts';

const setup = replaying();

function survey(lines: string) {
  return surveyOwnFixture(setup.fixture(lines), 'mine.txt');
}

describe("a caller's own fixture", () => {
  it.each([
    'PUT a 1\nGET a 1',
    // Either may have come last.
    'PUT a 1\nPUT a 2\nBARRIER\nGET a [1 2]',
    'PUT a 1\nKILL AFTER 1\nGET a [1 NOT_FOUND]',
  ])('may ask for what a correct server answers: %j', async (lines) => {
    expect((await survey(lines)).requests).toBeGreaterThan(0);
  });

  it.each([
    [
      'PUT a 1\nGET a 2',
      'mine.txt:2: GET a expects 2, but line 1 wrote 1; the mistake is in the file',
    ],
    ['GET a 2', 'mine.txt:1: GET a expects 2, but a was never written; '],
    // Seen at the end of the block, which the file ends.
    ['PUT a 1\nBARRIER\nGET a 2', 'mine.txt:3: GET a expects 2, but line 1 wrote 1; '],
    ['PUT a 1\nPUT a 2\nBARRIER\nGET a 2', 'mine.txt:4: GET a forbids 1 (line 1)'],
    ['PUT a 1\nSCAN a b', 'mine.txt:2: SCAN a b leaves out a (line 1)'],
    ['KILL', 'mine.txt: there is no request in it'],
  ])('contradicts itself in %j', async (lines, message) => {
    await expect(survey(lines)).rejects.toThrow(UsageError);
    await expect(survey(lines)).rejects.toThrow(message);
  });
});
