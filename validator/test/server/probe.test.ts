import {createServer, type Socket} from 'node:net';
import {describe, expect, it} from 'vitest';
import {UsageError} from '../../src/errors.ts';
import {attachServer, parseServerUrl} from '../../src/server/attached-server.ts';
import {freePort} from '../../src/server/ports.ts';
import {type ProbeResult, probe} from '../../src/server/probe.ts';

/** Probes a server that does this with its connection. */
async function probeWith(
  answer: (socket: Socket) => void,
  timeoutMs = 5000,
): Promise<{result: ProbeResult; request: string}> {
  let request = '';
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', (chunk) => {
      request += chunk;
      answer(socket);
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  try {
    return {result: await probe({host: '127.0.0.1', port}, '/absent', timeoutMs), request};
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

const ANSWERS: readonly {
  readonly name: string;
  readonly answer: string;
  readonly status: number;
  /** Whether it closes the connection. */
  readonly ends?: boolean;
}[] = [
  {name: 'a length', answer: 'HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno', status: 404},
  {name: 'no body', answer: 'HTTP/1.1 204 No Content\r\n\r\n', status: 204},
  {
    name: 'chunks',
    answer: 'HTTP/1.1 404 X\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\nA: b\r\n\r\n',
    status: 404,
  },
  {name: 'the end of the connection', answer: 'HTTP/1.0 404 X\r\n\r\nno', status: 404, ends: true},
  {name: 'bare newlines', answer: 'HTTP/1.1 404 X\ncontent-length: 0\n\n', status: 404},
  {
    name: 'interim responses first',
    answer: 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
    status: 200,
  },
  {
    name: 'more than is worth reading',
    answer: `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(200_000)}`,
    status: 200,
  },
];

describe('probe', () => {
  it.for(ANSWERS)('answered: $name', async ({answer, status, ends}) => {
    const {result, request} = await probeWith((socket) => {
      socket.write(answer);
      if (ends === true) socket.end();
    });
    expect(result).toEqual({kind: 'answered', status});
    expect(request).toMatch(
      /^GET \/absent HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\nConnection: close\r\n\r\n$/,
    );
  });

  it('an answer byte by byte', async () => {
    const {result} = await probeWith((socket) => {
      socket.setNoDelay(true);
      const bytes = 'HTTP/1.1 404 X\r\nContent-Length: 2\r\n\r\nno'.split('');
      const next = () => {
        const byte = bytes.shift();
        if (byte !== undefined) socket.write(byte, () => setImmediate(next));
      };
      next();
    });
    expect(result).toEqual({kind: 'answered', status: 404});
  });

  it.for([
    {name: 'nothing', answer: ''},
    {name: 'half a head', answer: 'HTTP/1.1 404 N'},
    {name: 'half a body', answer: 'HTTP/1.1 404 N\r\nContent-Length: 9\r\n\r\n123'},
  ])('$name, then silence: no answer; then the end: closed', async ({answer}) => {
    const receivedBytes = answer.length;
    const silent = await probeWith((socket) => socket.write(answer), 100);
    expect(silent.result).toEqual({kind: 'no-answer', receivedBytes});
    const closed = await probeWith((socket) => socket.end(answer));
    expect(closed.result).toEqual({kind: 'closed', receivedBytes});
  });

  it('a reset connection: closed', async () => {
    const {result} = await probeWith((socket) => socket.resetAndDestroy());
    expect(result).toEqual({kind: 'closed', receivedBytes: 0});
  });

  it.for(['hello', 'HTTP/2 200\r\n\r\n', 'HTTP/1.1 OK\r\n\r\n', '\0'])(
    '%j: garbage',
    async (answer) => {
      const {result} = await probeWith((socket) => socket.write(answer));
      expect(result).toEqual({kind: 'garbage', firstBytes: Buffer.from(answer)});
    },
  );

  it('interim responses without end: garbage, in bounded memory', async () => {
    const {result} = await probeWith((socket) => {
      const more = (error?: Error | null) => {
        if (!error) socket.write('HTTP/1.1 100 Continue\r\n\r\n'.repeat(1000), more);
      };
      more();
    });
    expect(result.kind).toBe('garbage');
  });

  it('nobody there: refused', async () => {
    const result = await probe({host: '127.0.0.1', port: await freePort()}, '/absent', 5000);
    expect(result).toEqual({kind: 'refused'});
  });
});

describe('attachServer', () => {
  it('says that nothing listens', async () => {
    const port = await freePort();
    const attached = attachServer(`http://localhost:${port}`, '/absent');
    await expect(attached).rejects.toThrow(UsageError);
    await expect(attached).rejects.toThrow(/127\.0\.0\.1:\d+: nothing listens there/);
  });

  it.for([
    {url: 'http://127.0.0.1:8080', hosts: ['127.0.0.1'], port: 8080},
    {url: 'http://127.0.0.1/', hosts: ['127.0.0.1'], port: 80},
    {url: 'http://localhost:1', hosts: ['127.0.0.1', '::1'], port: 1},
    {url: 'http://[::1]:2', hosts: ['::1'], port: 2},
  ])('$url', ({url, hosts, port}) => {
    expect(parseServerUrl(url)).toEqual(hosts.map((host) => ({host, port})));
  });

  it.for([
    ['127.0.0.1:8080', /only http is spoken|not a URL/],
    ['8080', /not a URL/],
    ['https://127.0.0.1', /only http/],
    ['http://example.com', /only a server on this machine/],
    ['http://10.0.0.1:8080', /only a server on this machine/],
    ['http://127.0.0.1:8080/api', /only host and port/],
    ['http://user@127.0.0.1', /only host and port/],
  ] as const)('%s is refused', ([url, says]) => {
    expect(() => parseServerUrl(url)).toThrow(UsageError);
    expect(() => parseServerUrl(url)).toThrow(says);
  });
});
