/**
 * A failure card as data. Text from the server is as it came: whoever prints it
 * escapes it.
 */
import * as v from 'valibot';
import {count, flag, type Immutable, list, object, text, texts} from './described.ts';

const lifeEntry = v.object({
  at: text('Where: line 812 of a fixture, write 120 of a check, a file; empty for an event.'),
  what: text('What: PUT apple = 7, KILL, or the record of a file.'),
});

const difference = object('Present if the answer can be compared with the right one.', {
  expected: text('The body that would have been right.'),
  got: text('What the server sent, one character a byte (latin1): it need not be text.'),
});

const hints = object('What to do about it.', {
  look: text('What to look at first.'),
  cause: text('What usually causes it.'),
  chapter: text('Where it is explained: a file of the workshop, and a heading in it.'),
});

const rate = object('How often it failed when it was replayed again.', {
  failed: count('Replays that failed in the same way.'),
  runs: count('Replays, in all.'),
});

/**
 * Of a replay that was not found: no `runs` if no try was worth its time, no
 * `rate.runs` if none came to its end in time.
 */
const smallest = object('The smallest replay that still fails, if one was looked for.', {
  path: v.exactOptional(
    text('The file; absent if the failure did not come again, or nothing could be written.'),
  ),
  problem: v.exactOptional(text('Why nothing could be written.')),
  lineCount: count('Lines of the replay; 0 if the failure did not come again.'),
  lines: texts('All of them, if they are few enough to be looked at.'),
  isSmall: flag('It fails on the server with small thresholds.'),
  isMinimal: flag('Without any one line it was not seen to fail.'),
  isIntermittent: v.exactOptional(
    flag('Replays of it, or of fewer of its lines, have passed where others have failed.'),
  ),
  rate,
  runs: count('Replays that it took.'),
});

export const failureSchema = object('The failure card, if the check failed.', {
  summary: text('What is wrong, in one sentence.'),
  request: v.exactOptional(
    text('The request as it was sent: its first line, then the body if there was one.'),
  ),
  expected: v.exactOptional(text('What would have been right, in words.')),
  got: v.exactOptional(text('What came, in words.')),
  difference: v.exactOptional(difference),
  key: v.exactOptional(text('The key that it is about.')),
  life: v.exactOptional(
    list('The last writes of the key, and what happened between them, oldest first.', lifeEntry),
  ),
  inFiles: v.exactOptional(
    list(
      'The records of the key in the files, newest first, read after the server was stopped; cut and escaped.',
      lifeEntry,
    ),
  ),
  invariant: v.exactOptional(text('What must always hold, and did not.')),
  details: texts('Further lines.'),
  brokenDown: v.exactOptional(
    text('How it was that no complete answer came: hang, connection-closed, garbage, …'),
  ),
  serverOutput: texts('The last lines that the server printed, unless the details have them.'),
  hints,
  reproduce: texts('Commands that show it again, the narrowest first.'),
  smallest: v.exactOptional(smallest),
});

export type FailureReport = Immutable<v.InferOutput<typeof failureSchema>>;
/** Of a failure that was cut down. */
export type SmallestReplay = NonNullable<FailureReport['smallest']>;
