/**
 * A process of its own that takes and releases locks as it is told on stdin,
 * one command a line, and answers each with one line of JSON.
 */
import {createInterface} from 'node:readline';
import {acquireDirectoryLock, type DirectoryLock} from '../../src/directory-lock.ts';
import {KvError} from '../../src/errors.ts';

let lock: DirectoryLock | undefined;

async function obey(command: string, dir: string): Promise<string> {
  if (command === 'release') {
    await lock?.release();
    return 'released';
  }
  try {
    lock = await acquireDirectoryLock(dir);
    return 'acquired';
  } catch (error) {
    if (error instanceof KvError) return `${error.code} ${error.message}`;
    throw error;
  }
}

console.log(JSON.stringify('ready'));
for await (const line of createInterface({input: process.stdin})) {
  const [command, dir] = JSON.parse(line) as [string, string];
  console.log(JSON.stringify(await obey(command, dir)));
}
