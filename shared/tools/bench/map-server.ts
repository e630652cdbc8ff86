/**
 * The server that clients are measured against: node:http and a Map, nothing
 * that could be slow. A DELETE empties it. Prints its port when it listens.
 */
import {createServer, type ServerResponse} from 'node:http';

const values = new Map<string, string>();

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {'Content-Type': 'text/plain', 'Content-Length': body.length});
  response.end(body);
}

const server = createServer((request, response) => {
  const {method, url = ''} = request;
  if (method === 'GET') {
    const value = values.get(url);
    answer(response, value === undefined ? 404 : 200, value ?? '');
    return;
  }
  if (method === 'DELETE') {
    values.clear();
    answer(response, 200, '');
    return;
  }
  let body = '';
  request.setEncoding('latin1');
  request.on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', () => {
    values.set(url, body);
    answer(response, 200, body);
  });
});

// A pause of the machine must not cost a client its connection.
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) console.log(address.port);
});
