import {describe, expect, it} from 'vitest';
import {parseScanQuery, parseTarget} from '../src/http-routes.ts';

const KEY_64 = 'k'.repeat(64);

describe('parseTarget', () => {
  it.each([
    ['/a', 'a'],
    ['/a_0', 'a_0'],
    [`/${KEY_64}`, KEY_64],
    ['/keys/a', 'a'],
    ['/keys/scan', 'scan'],
    ['/keys/keys', 'keys'],
    ['/keys', 'keys'],
    ['/%61b', 'ab'],
    ['/keys/%73can', 'scan'],
    ['http://127.0.0.1:8080/a', 'a'],
    ['HTTP://host/keys/a', 'a'],
  ])('%s is a key', (target, key) => {
    expect(parseTarget(target, true)).toEqual({kind: 'key', key});
  });

  it.each([
    '/',
    '/keys/',
    '/A',
    '/a-b',
    '/a%20b',
    '/a%2Fb',
    '/a%',
    '/%ff',
    '/caf%C3%A9',
    `/${KEY_64}k`,
    '/a?b=c',
    '/a?',
    '/keys/a?b',
    'http://host',
    '*',
    '',
  ])('"%s" is refused with 400', (target) => {
    expect(parseTarget(target, true)).toMatchObject({kind: 'refused', status: 400});
  });

  it.each(['/a/b', '/keys/a/b', '/a/', '//a', '/scan/'])('%s is refused with 404', (target) => {
    expect(parseTarget(target, true)).toMatchObject({kind: 'refused', status: 404});
  });

  it.each(['/scan', '/%73can', 'http://host/scan'])(
    '%s is a scan if the store can scan',
    (path) => {
      expect(parseTarget(path, true)).toEqual({kind: 'scan', query: ''});
      expect(parseTarget(`${path}?start=a&end=b`, true)).toEqual({
        kind: 'scan',
        query: 'start=a&end=b',
      });
      expect(parseTarget(path, false)).toEqual({kind: 'key', key: 'scan'});
    },
  );
});

describe('parseScanQuery', () => {
  it('reads the bounds, in either order and percent-encoded', () => {
    expect(parseScanQuery('start=a&end=b')).toEqual({start: 'a', end: 'b'});
    expect(parseScanQuery('end=%62&start=a')).toEqual({start: 'a', end: 'b'});
  });

  it.each([
    '',
    'start=a',
    'end=b',
    'start=a&end=',
    'start=&end=b',
    'start=a&start=b',
    'start=a&end=b&end=c',
    'start=a&end=b&limit=10',
    'start=A&end=b',
    'start=a&end=~',
  ])('refuses %j', (query) => {
    expect(() => parseScanQuery(query)).toThrow(expect.objectContaining({code: 'INVALID_KEY'}));
  });
});
