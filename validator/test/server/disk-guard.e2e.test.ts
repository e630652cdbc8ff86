import {readdirSync} from 'node:fs';
import {expect, it} from 'vitest';
import {HttpClient} from '../../src/http/http-client.ts';
import {hostile, server, until} from './support.ts';

it('a server that fills its disk is ended, and it is said why', async () => {
  const filling = server(hostile('fills-its-disk'), {dataBytesMax: 512 * 1024 * 1024});
  await filling.start();
  const connection = new HttpClient({server: filling}).connect();
  // Its end is what the request notices first.
  await expect(connection.put('a', '1')).rejects.toThrow('closed before any answer');
  connection.close();
  await until('the reason', () => filling.exitReason() !== undefined);
  expect(filling.exitReason()).toMatch(
    /^was ended by the grader, because it filled the disk: .* files$/,
  );
  expect(readdirSync(filling.dataDir).length).toBeLessThan(200);
});
