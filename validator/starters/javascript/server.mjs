// A key-value server. Everything is answered with 501 so far: begin at `answer`.
import {mkdirSync} from 'node:fs';
import {createServer} from 'node:http';
import {parseArgs} from 'node:util';

/**
 * The status and the body of the answer to one request.
 * PUT /key with the value as its body: 200. GET /key: 200 and the value, or 404.
 */
function answer(method, key, value) {
  return {status: 501, body: `${method} ${key}: not implemented yet`};
}

const {values} = parseArgs({
  options: {
    port: {type: 'string', default: process.env.PORT ?? '8080'},
    data: {type: 'string', default: process.env.DATA_DIR ?? 'data'},
  },
});
mkdirSync(values.data, {recursive: true});

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const value = Buffer.concat(chunks).toString('latin1');
    const {status, body} = answer(request.method, request.url.slice(1), value);
    const data = Buffer.from(body, 'latin1');
    response.writeHead(status, {'Content-Type': 'text/plain', 'Content-Length': data.length});
    response.end(data);
  });
});

server.keepAliveTimeout = 60_000;
server.listen(Number(values.port), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${values.port}`);
});
