// Servers that misbehave, each in one way. Usage: node server.mjs <behaviour>
//
// Every process notes its pid in DATA_DIR, so that a test can see for itself
// whether all of them are gone.

import {spawn} from 'node:child_process';
import {writeFileSync, writeSync} from 'node:fs';
import {createServer as createHttpServer} from 'node:http';
import {createServer} from 'node:net';
import {join} from 'node:path';

const THIS_FILE = process.argv[1];
const port = Number(process.env.PORT);
const dataDir = process.env.DATA_DIR;
const HOST = '127.0.0.1';
const NO_SUCH_PACKAGE = 'no-such-package';

const BEHAVIOURS = {
  good: () => listen(),

  'exits-with-status'() {
    process.stderr.write('no config file found\n');
    process.exit(7);
  },
  'exits-on-signal': () => process.kill(process.pid, 'SIGSEGV'),
  'exits-when-asked'() {
    createHttpServer((request, response) => {
      if (request.url === '/exit') process.exit(5);
      response.statusCode = 404;
      response.end();
    }).listen(port, HOST);
  },
  'module-missing': () => import(NO_SUCH_PACKAGE),
  'port-taken': () => createServer().listen(port, HOST, () => listen()),

  'never-listens': idle,
  'wrong-port': () => createServer().listen(0, HOST),
  'ipv6-only': () => createServer().listen({host: '::1', port, ipv6Only: true}),
  'hangs-after-accept': () => createServer(() => {}).listen(port, HOST),
  garbage: () =>
    createServer((socket) => socket.write('hello\0\x1b[2Jworld\r\n')).listen(port, HOST),
  'closes-at-once': () => createServer((socket) => socket.end()).listen(port, HOST),
  'endless-body': () =>
    createServer((socket) =>
      socket.write('HTTP/1.1 404 No\r\nContent-Length: 9\r\n\r\n123'),
    ).listen(port, HOST),
  // HTTP/1.0: the end of the connection is the end of the body.
  'http-1.0': () =>
    createServer((socket) => {
      socket.on('error', () => {});
      socket.end('HTTP/1.0 404 Not Found\r\n\r\nno');
    }).listen(port, HOST),
  'interim-response': () =>
    createServer((socket) =>
      socket.write(
        'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n',
      ),
    ).listen(port, HOST),
  // A store without a fault, but for its time.
  'answers-after-2-s'() {
    const values = new Map();
    createHttpServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        if (request.method === 'PUT') values.set(request.url, body);
        const value = values.get(request.url);
        response.statusCode = value === undefined ? 404 : 200;
        setTimeout(() => response.end(value), 2_000);
      });
    }).listen(port, HOST);
  },
  'found-it': () => listen(undefined, 200),
  // All of these get ready as they should; what they do wrong, they do to a PUT.
  'never-answers': () => answerPut(() => {}),
  'answers-after-a-minute': () => answerPut((response) => setTimeout(() => response.end(), 60_000)),
  'sends-1-gb': () =>
    answerPut((response) => {
      const megabyte = Buffer.alloc(1 << 20);
      response.setHeader('Content-Length', 1024 * megabyte.length);
      const more = () => response.write(megabyte, more);
      more();
    }),
  'closes-mid-body': () =>
    answerPut((response) => {
      response.setHeader('Content-Length', 9);
      response.write('123', () => response.destroy());
    }),
  'fills-its-disk': () =>
    answerPut(() => {
      const megabytes = Buffer.alloc(64 << 20, 'x');
      // Without end, and without an answer.
      for (let file = 0; ; file++) writeFileSync(join(dataDir, `filler-${file}`), megabytes);
    }),

  'starts-slowly': () => setTimeout(listen, 600),
  'recovers-first'() {
    let status = 503;
    createHttpServer((_, response) => {
      response.statusCode = status;
      response.end();
    }).listen(port, HOST, () => setTimeout(() => (status = 404), 300));
  },
  'recovers-forever': () => listen(undefined, 503),

  floods() {
    const line = Buffer.alloc(1 << 20, `${'x'.repeat(99)}\n`);
    for (let megabyte = 0; megabyte < 300; megabyte++) writeFully(line);
    process.stdout.write('\nthe flood is over\n');
    listen();
  },
  'floods-forever'() {
    listen();
    const more = () => process.stdout.write('y'.repeat(1 << 16), more);
    more();
  },

  'ignores-sigterm'() {
    process.on('SIGTERM', () => {});
    listen();
  },
  'stops-on-sigterm'() {
    process.on('SIGTERM', () => process.exit(0));
    listen();
  },
  'forks-children'() {
    for (let i = 0; i < 3; i++) start('leaf-parent', {stdio: 'inherit'});
    listen();
  },
  'leaf-parent'() {
    start('idle', {stdio: 'inherit'});
    idle();
  },
  // In a session of its own, but still a child.
  'has-detached-child'() {
    start('idle', {detached: true, stdio: 'ignore'});
    listen();
  },
  // Forked twice, in a session of its own, its parent gone: only the environment is left.
  'leaves-a-daemon'() {
    start('daemon-parent', {stdio: 'ignore'}).on('exit', () => listen());
  },
  'daemon-parent'() {
    start('idle', {detached: true, stdio: 'ignore'}).on('spawn', () => process.exit(0));
  },
  // The server itself is the daemon, and the command ends at once.
  daemonizes() {
    start('good', {detached: true, stdio: 'ignore'}).on('spawn', () => process.exit(0));
  },
  // As a daemon that also cleared its environment, the server cannot be told from a stranger.
  escapes() {
    const env = {PORT: String(port), DATA_DIR: dataDir};
    start('escape-parent', {stdio: 'ignore', env});
    idle();
  },
  // The same, and its command has ended well before the daemon listens.
  'escapes-at-once'() {
    const env = {PORT: String(port), DATA_DIR: dataDir};
    start('escape-parent', {stdio: 'ignore', env}).on('exit', () => process.exit(0));
  },
  'escape-parent'() {
    start('good', {detached: true, stdio: 'ignore'}).on('spawn', () => process.exit(0));
  },
  'forks-without-end'() {
    listen();
    setInterval(() => start('idle', {detached: true, stdio: 'ignore'}), 5);
  },
  idle,
};

function answerPut(answer) {
  createHttpServer((request, response) => {
    request.resume();
    response.statusCode = 404;
    if (request.method === 'PUT') answer(response);
    else response.end();
  }).listen(port, HOST);
}

function idle() {
  setInterval(() => {}, 1_000_000);
}

function listen(onListening, status = 404) {
  createHttpServer((_, response) => {
    response.statusCode = status;
    response.end(`KV_WEEK=${process.env.KV_WEEK} EXTRA=${process.env.EXTRA}`);
  }).listen(port, HOST, onListening);
}

function start(behaviour, options) {
  return spawn(process.execPath, [THIS_FILE, behaviour], options);
}

function writeFully(buffer) {
  for (let written = 0; written < buffer.length; ) {
    try {
      written += writeSync(1, buffer, written);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

writeFileSync(join(dataDir, `pid-${process.pid}`), '');
BEHAVIOURS[process.argv[2]]();
