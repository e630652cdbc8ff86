import {describe, expect, test} from 'vitest';
import {UsageError} from '../../src/errors.ts';
import {bodyCodec} from '../../src/http/body-codec.ts';
import {Dialect} from '../../src/http/dialect.ts';
import {encodeRequest, hostHeader} from '../../src/http/request-bytes.ts';
import {scanKeys} from '../../src/http/scan-body.ts';

describe('routes', () => {
  test('the contract’s, if none are given', () => {
    const dialect = new Dialect();
    expect(dialect.put('abc', 'v')).toMatchObject({method: 'PUT', path: '/abc', body: 'v'});
    expect(dialect.get('abc')).toMatchObject({method: 'GET', path: '/abc'});
    expect(dialect.delete('abc')).toMatchObject({method: 'DELETE', path: '/abc'});
    expect(dialect.scan('a', 'b')).toMatchObject({method: 'GET', path: '/scan?start=a&end=b'});
  });

  test('others', () => {
    const dialect = new Dialect({
      put: '/v1/{key}/set',
      get: '/keys/{key}',
      scan: '/range/{end}/down-to/{start}',
    });
    expect(dialect.put('abc', 'v').path).toBe('/v1/abc/set');
    expect(dialect.get('a b/c').path).toBe('/keys/a%20b%2Fc');
    expect(dialect.delete('abc').path).toBe('/abc');
    expect(dialect.scan('a', 'z').path).toBe('/range/z/down-to/a');
  });

  test.each([
    [{get: 'keys/{key}'}, /routes\.get: .* must begin with \//],
    [{put: '/keys'}, /routes\.put: .* must contain \{key\} once/],
    [{delete: '/{key}/{key}'}, /routes\.delete/],
    [{delete: '/{id}'}, /routes\.delete/],
    [{get: '/a b/{key}'}, /no spaces/],
    [{scan: '/scan?start={start}'}, /\{start\} and \{end\}/],
  ])('%j is refused', (routes, message) => {
    expect(() => new Dialect(routes)).toThrow(UsageError);
    expect(() => new Dialect(routes)).toThrow(message);
  });
});

describe('bodies', () => {
  test.each(['raw', 'json-string', 'json:value', 'json:a b'])('%s goes both ways', (name) => {
    const codec = bodyCodec(name);
    for (const value of ['', '007', 'a "b" \\c', ' x ', '{"value":1}', 'NOT_FOUND']) {
      expect(codec.decode(codec.encode(value))).toBe(value);
    }
  });

  test.each([
    ['json-string', 'abc'],
    ['json-string', '7'],
    ['json:value', '"v"'],
    ['json:value', '{"value":7}'],
    ['json:value', '{"val":"v"}'],
    ['json:toString', '{}'],
    ['json:value', 'null'],
    ['json:value', ''],
  ])('%s does not read %j', (name, body) => {
    expect(bodyCodec(name).decode(body)).toBeUndefined();
  });

  test('a form that is not known', () => {
    expect(() => bodyCodec('xml')).toThrow(/raw, json-string or json:<field>/);
    expect(() => bodyCodec('json:')).toThrow(UsageError);
  });
});

describe('scans', () => {
  test.each([
    ['array of keys', '["a","b"]'],
    ['array of objects', '[{"key":"a","value":"1"},{"value":"2","key":"b"}]'],
    ['object', '{"a":"1","b":{"c":["d"]}}'],
    ['commas', 'a,b'],
    ['commas and spaces', 'a, b\n'],
    ['lines', 'a\nb\n'],
    ['lines with carriage returns', 'a\r\nb'],
  ])('%s', (_, body) => {
    expect(scanKeys(200, body)).toEqual(['a', 'b']);
  });

  test.each(['[]', '{}', '', '\n', ' [ ] '])('%j is empty', (body) => {
    expect(scanKeys(200, body)).toEqual([]);
  });

  test('204 is empty', () => {
    expect(scanKeys(204, '')).toEqual([]);
  });

  test('names of an object keep their order, and all of them', () => {
    expect(scanKeys(200, '{"b":1,"2":2,"1":3,"b":4,"a\\"":[{"x":"}"}]}')).toEqual([
      'b',
      '2',
      '1',
      'b',
      'a"',
    ]);
  });

  test.each(['[1,2]', '[["a"]]', '[{"name":"a"}]', '["a"', '{"a"', '<html>', 'two words\nb'])(
    '%j is no list of keys',
    (body) => {
      expect(scanKeys(200, body)).toBeUndefined();
    },
  );

  test('one key a line, or one key', () => {
    expect(scanKeys(200, 'abc')).toEqual(['abc']);
  });
});

describe('requests', () => {
  const host = hostHeader({host: '127.0.0.1', port: 8080});

  test('are written in one piece', () => {
    const {put, get} = {put: new Dialect().put('a', 'v w'), get: new Dialect().get('a')};
    expect(encodeRequest(put, host)).toBe(
      'PUT /a HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nConnection: keep-alive\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nv w',
    );
    expect(encodeRequest(get, host)).toBe(
      'GET /a HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nConnection: keep-alive\r\n\r\n',
    );
  });

  test('an empty value is a body', () => {
    expect(encodeRequest(new Dialect().put('a', ''), host)).toMatch(/Content-Length: 0\r\n\r\n$/);
  });

  test('IPv6 addresses stand in brackets', () => {
    expect(hostHeader({host: '::1', port: 80})).toBe('Host: [::1]:80\r\n');
  });

  test('nothing can break out of the request line', () => {
    expect(() => encodeRequest({method: 'GET', path: '/a\r\nX: y'}, host)).toThrow();
    expect(() => encodeRequest({method: 'GET', path: '/a b'}, host)).toThrow();
  });
});
