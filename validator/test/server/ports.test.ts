import {readFileSync} from 'node:fs';
import {createServer, type Server} from 'node:net';
import {describe, expect, it} from 'vitest';
import {GraderError} from '../../src/errors.ts';
import {freePort} from '../../src/server/ports.ts';

async function occupy(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
  return server;
}

describe('freePort', () => {
  it('gives each port once, below those of outgoing connections', async () => {
    const ports = await Promise.all(Array.from({length: 50}, () => freePort()));
    expect(new Set(ports).size).toBe(50);
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...ports)).toBeLessThan(32_768);
  });

  it('passes over ports that are taken, and says when there are no more', async () => {
    const start = await freePort();
    const taken = await occupy(start + 1).catch(() => undefined);
    try {
      const range = {start: start + 1, end: start + 2};
      const error = await freePort(range).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(GraderError);
      expect((error as Error).message).toMatch(/^no free port on 127\.0\.0\.1.*EADDRINUSE/);
    } finally {
      taken?.close();
    }
  });

  it('does not give a port again that it gave before', async () => {
    const port = await freePort();
    await expect(freePort({start: port, end: port + 1})).rejects.toThrow(/all of them were used/);
  });
});

describe.runIf(process.platform === 'linux')('on this machine', () => {
  it('stays below the range that the kernel says it uses, if that is a usual one', async () => {
    const text = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
    const lowest = Number.parseInt(text, 10);
    expect(await freePort()).toBeLessThan(lowest >= 11_000 ? lowest : 32_768);
  });
});
