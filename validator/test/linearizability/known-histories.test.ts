import {describe, expect, test} from 'vitest';
import {checkHistory} from '../../src/linearizability/check-history.ts';
import {explain} from '../../src/linearizability/explain.ts';
import {type Model, modelOf} from '../../src/linearizability/model.ts';
import type {Operation, Scan} from '../../src/linearizability/operation.ts';
import {append, cas, DELETE, get, NEVER, operation, put, scan} from './histories.ts';

/** Small histories with a name, and what is said of those that are bad. */

function verdictOf(model: string, operations: Operation[], scans: Scan[] = []) {
  return checkHistory({operations, scans}, {model: modelOf(model) as Model});
}

function told(model: string, operations: Operation[], scans: Scan[] = []): string[] {
  const explanation = explain(verdictOf(model, operations, scans));
  return explanation === undefined ? [] : [explanation.summary, ...explanation.lines];
}

describe('linearizable', () => {
  test.each<[string, string, Operation[]]>([
    [
      'a read of what is being written',
      'register',
      [operation(put('1'), 0, 10), operation(get('1'), 2, 4), operation(get('1'), 5, 6)],
    ],
    [
      'a lost write that shows much later',
      'register',
      [
        operation(put('1'), 0, NEVER),
        operation(get(null), 5, 6),
        operation(put('2'), 7, 8),
        operation(get('1'), 9, 10),
      ],
    ],
    [
      'a lost delete that shows after a new value',
      'register',
      [
        operation(put('1'), 0, 1),
        operation(DELETE, 2, NEVER),
        operation(get('1'), 3, 4),
        operation(get(null), 5, 6),
      ],
    ],
    [
      'two swaps, one refused',
      'cas-register',
      [
        operation(put('1'), 0, 1),
        operation(cas('1', '2'), 2, 9),
        operation(cas('1', '3', false), 2, 9),
        operation(get('2'), 10, 11),
      ],
    ],
    [
      'appends in either order',
      'append',
      [operation(append('a'), 0, 9), operation(append('b'), 0, 9), operation(get('ba'), 10, 11)],
    ],
  ])('%s', (_, model, operations) => {
    expect(verdictOf(model, operations).verdict).toBe('linearizable');
  });
});

describe('not linearizable', () => {
  test('a stale read', () => {
    const operations = [
      operation(put('1'), 0, 2),
      operation(put('2'), 3, 5),
      operation(get('2'), 4, 8),
      operation(get('1'), 6, 9),
    ];
    expect(told('register', operations)).toMatchInlineSnapshot(`
      [
        "k: no order of its requests explains GET: "1"",
        "|--|                client 0  PUT "1"",
        "       |--|         client 0  PUT "2"",
        "              |--|  client 0  GET: "1"",
      ]
    `);
  });

  test('a lost write', () => {
    const operations = [operation(put('1'), 0, 1), operation(get(null), 2, 3)];
    expect(told('register', operations)).toMatchInlineSnapshot(`
      [
        "k: no order of its requests explains GET: 404",
        "|---|         client 0  PUT "1"",
        "       |---|  client 0  GET: 404",
      ]
    `);
  });

  test('a value from nowhere', () => {
    expect(told('register', [operation(get('1'), 2, 3)])).toMatchInlineSnapshot(`
      [
        "k: GET: "1", which nobody has written",
        "|----|  client 0  GET: "1"",
      ]
    `);
  });

  test('a value before its time', () => {
    const operations = [operation(get('1'), 0, 1), operation(put('1'), 2, NEVER)];
    expect(told('register', operations)).toMatchInlineSnapshot(`
      [
        "k: no order of its requests explains GET: "1"",
        "|---|         client 0  GET: "1"",
        "       |--->  client 0  PUT "1", no answer",
      ]
    `);
  });

  test('a value that came and went and came again', () => {
    const operations = [
      operation(put('1'), 0, 9),
      operation(put('2'), 0, 9),
      operation(get('1'), 1, 2),
      operation(get('2'), 3, 4),
      operation(get('1'), 5, 6),
    ];
    expect(told('register', operations)).toMatchInlineSnapshot(`
      [
        "k: no order of its requests explains GET: "1"",
        "|----------------------|  client 0  PUT "1"",
        "|----------------------|  client 0  PUT "2"",
        "   |---|                  client 0  GET: "1"",
        "          |--|            client 0  GET: "2"",
        "                |---|     client 0  GET: "1"",
      ]
    `);
  });

  test('a deleted key that is back', () => {
    const operations = [
      operation(DELETE, 0, 1),
      operation(put('1'), 2, 3),
      operation(get('1'), 4, 5),
      operation(DELETE, 6, 7),
      operation(get(null), 8, 9),
      operation(get('1'), 10, 11),
    ];
    expect(told('register', operations)).toMatchInlineSnapshot(`
      [
        "k: no order of its requests explains GET: "1"",
        "|--|                client 0  PUT "1"",
        "       |--|         client 0  DELETE",
        "              |--|  client 0  GET: "1"",
      ]
    `);
  });

  test('two swaps that both say they were first', () => {
    const operations = [
      operation(put('1'), 0, 1),
      operation(cas('1', '2'), 2, 9),
      operation(cas('1', '3'), 3, 8),
    ];
    expect(told('cas-register', operations)).toMatchInlineSnapshot(`
      [
        "k: no order of its requests explains CAS "1" to "2"",
        "|--|                client 0  PUT "1"",
        "       |---------|  client 0  CAS "1" to "2"",
        "          |---|     client 0  CAS "1" to "3"",
      ]
    `);
  });

  test('an append that was lost among many', () => {
    const texts = Array.from({length: 30}, (_, index) => `${index}.`);
    const operations = texts.flatMap((text, index) => [
      operation(append(text), index * 10, index * 10 + 1),
      operation(get(texts.slice(0, index + 1).join('')), index * 10 + 2, index * 10 + 3),
    ]);
    const wrong = operation(get(texts.slice(0, -1).join('')), 400, 401);
    const {counterexample} = verdictOf('append', [...operations, wrong]);
    expect(counterexample?.unexplained).toBe(wrong);
    expect(counterexample?.operations.length).toBeLessThanOrEqual(4);
  });

  test('a scan of no single moment', () => {
    const operations = [
      operation(put('1'), 0, 2, 'a'),
      operation(put('2'), 3, 4, 'b'),
      operation(put('3'), 0, 9, 'c'),
    ];
    const {scans} = verdictOf('register', operations, [scan('a', 'z', ['b', 'c'], 1, 6)]);
    expect(scans.checkedAs).toBe('snapshots');
    expect(told('register', operations, [scan('a', 'z', ['b', 'c'], 1, 6)])).toMatchInlineSnapshot(`
      [
        "at no moment was there just what a scan lists: SCAN a to z: b, c",
        "|------|            client 0  PUT a "1"",
        "   |-------------|  client 0  SCAN a to z: b, c",
        "          |---|     client 0  PUT b "2"",
        "SCAN lists what PUT b wrote",
        "SCAN does not list what PUT a wrote",
        "PUT a was over before PUT b",
      ]
    `);
  });

  test('two scans that disagree about the order of two writes', () => {
    const operations = [operation(put('1'), 0, 9, 'a'), operation(put('2'), 0, 9, 'b')];
    const scans = [scan('a', 'z', ['a'], 1, 8), scan('a', 'z', ['b'], 2, 7)];
    expect(told('register', operations, scans)).toMatchInlineSnapshot(`
      [
        "at no moment was there just what a scan lists: SCAN a to z: a",
        "|----------------|  client 0  PUT b "2"",
        "|----------------|  client 0  PUT a "1"",
        "   |----------|     client 0  SCAN a to z: a",
        "       |--|         client 0  SCAN a to z: b",
        "SCAN does not list what PUT b wrote",
        "SCAN lists what PUT b wrote",
        "SCAN does not list what PUT a wrote",
        "SCAN lists what PUT a wrote",
      ]
    `);
  });

  test('a scan that lists a deleted key', () => {
    const operations = [operation(put('1'), 0, 1), operation(DELETE, 2, 3)];
    const scans = [scan('a', 'z', ['k'], 4, 5)];
    const result = verdictOf('register', operations, scans);
    expect(result.scans).toEqual({
      count: 1,
      checkedAs: 'reads',
      reason: 'k is not only put and read: delete',
    });
    expect(told('register', operations, scans)).toMatchInlineSnapshot(`
      [
        "k: no order of its requests explains SCAN: listed",
        "|--|                client 0  PUT "1"",
        "       |--|         client 0  DELETE",
        "              |--|  client 0  SCAN: listed",
      ]
    `);
  });
});
