import type {Request} from '@kv-workshop/fixtures/instruction';
import type {Dialect} from '../http/dialect.ts';
import type {HttpRequest} from '../http/exchange.ts';

/** A request of a fixture, as this server wants to be asked. */
export function httpRequest(dialect: Dialect, request: Request): HttpRequest {
  switch (request.op) {
    case 'put':
      return dialect.put(request.key, request.value);
    case 'get':
      return dialect.get(request.key);
    case 'delete':
      return dialect.delete(request.key);
    case 'scan':
    default:
      return dialect.scan(request.start, request.end);
  }
}
