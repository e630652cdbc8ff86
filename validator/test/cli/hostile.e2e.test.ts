import {describe, expect, it} from 'vitest';
import {hostile, temporaryFolder} from '../server/support.ts';
import {ended, startNode} from './run.ts';

interface Diagnosed {
  readonly behaviour: string;
  /** What the card says of it. */
  readonly says: RegExp;
}

const DIAGNOSED: readonly Diagnosed[] = [
  {behaviour: 'never-answers', says: /no answer came within 10000 ms/},
  {behaviour: 'answers-after-a-minute', says: /no answer came within 10000 ms/},
  {behaviour: 'sends-1-gb', says: /the body has 1073741824 bytes or more; at most \d+ make sense/},
  {behaviour: 'closes-mid-body', says: /closed 6 bytes before the end that its Content-Length/},
  {behaviour: 'exits-with-status', says: /exited with status 7/},
  {behaviour: 'wrong-port', says: /nothing listens on 127\.0\.0\.1/},
  {behaviour: 'ipv6-only', says: /IPv6 only: bind 127\.0\.0\.1/},
  {behaviour: 'garbage', says: /not HTTP/},
];

describe('kv grade names what a server does wrong, and fails it', () => {
  it.for(DIAGNOSED)('$behaviour', async ({behaviour, says}) => {
    const env = {...process.env, INIT_CWD: temporaryFolder(), NO_COLOR: '1'};
    const args = ['bin/kv.mjs', 'grade', '1', '--shrink', '0', '--ready', '3s'];
    const command = ['--command', hostile(behaviour), '--check', 'contract-basics'];
    const {exitCode, stdout, stderr} = await ended(startNode([...args, ...command], {env}));
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(says);
    expect(stderr).toBe('');
    expect(exitCode).toBe(1);
  });
});
