import {describe, expect, test} from 'vitest';
import {conformanceCases} from '../src/testing/conformance.ts';
import {crashAfterEveryOperation} from '../src/testing/crash-after-every-operation.ts';
import {faultOnEveryOperation} from '../src/testing/fault-on-every-operation.ts';
import {modelBased} from '../src/testing/model-based.ts';
import {storeTests} from '../src/testing/store-tests.ts';
import type {StoreUnderTest} from '../src/testing/store-under-test.ts';
import {walCutAtEveryByte} from '../src/testing/wal-cut-at-every-byte.ts';
import {type Bug, toyStore} from './toy-store.ts';

storeTests(toyStore());
storeTests({...toyStore({isBuffered: true}), name: 'buffered toy'});

/** The parts of the kit, as functions that throw. */
const PARTS = {
  conformance: async (tested: StoreUnderTest) => {
    for (const {run} of conformanceCases(tested)) await run();
  },
  'model-based': (tested: StoreUnderTest) => modelBased(tested, {seed: 1}),
  crash: (tested: StoreUnderTest) => crashAfterEveryOperation(tested),
  fault: (tested: StoreUnderTest) => faultOnEveryOperation(tested),
  'wal cut': async (tested: StoreUnderTest) => {
    const {wal} = tested.capabilities;
    if (wal !== undefined) await walCutAtEveryByte(tested, wal);
  },
};

describe('a broken store is found out', () => {
  const finders: [Bug, keyof typeof PARTS, string][] = [
    ['trims values', 'conformance', 'both ends'],
    ['keeps its entries in an object', 'conformance', 'constructor'],
    ['accepts calls after close', 'conformance', 'after close'],
    ['scans one key too far', 'conformance', 'deep'],
    ['drops deletes from the log', 'model-based', 'expected absent'],
    ['trims values', 'model-based', 'seed'],
    ['refuses a torn record', 'model-based', 'does not open'],
    ['does not sync', 'crash', 'then written and crashed again'],
    ['acknowledges before the sync', 'crash', 'nothing unsynced kept'],
    ['does not sync the directory', 'crash', 'then written and crashed again'],
    ['skips the sync of what it replays', 'crash', 'killed'],
    ['drops deletes from the log', 'crash', 'expected absent'],
    ['refuses a torn record', 'crash', 'does not open'],
    ['does not cut off a torn record', 'crash', 'power cut'],
    ['carries on after a failed append', 'fault', 'expected'],
    ['carries on after a failed sync', 'fault', 'EIO'],
    ['refuses reads after a failure', 'fault', 'reads must work'],
    ['swallows errors', 'fault', 'expected'],
    ['leaves its file open when it cannot start', 'fault', 'files must be closed'],
    ['throws raw errors', 'fault', 'expected success or a KvError IO'],
    ['refuses a torn record', 'wal cut', 'does not open'],
    ['does not cut off a torn record', 'wal cut', 'after a write and another crash'],
    ['does not report what it cuts off', 'wal cut', 'wal-truncated'],
    ['cuts off a record too many', 'wal cut', 'wal-truncated'],
    ['ignores checksums', 'wal cut', 'changed to'],
    ['drops deletes from the log', 'wal cut', 'should grow'],
  ];

  test.each(finders)('one that %s, by %s', async (bug, part, message) => {
    await expect(PARTS[part](toyStore({bug}))).rejects.toThrow(message);
  });

  test('one that loses what it flushes, by crash', async () => {
    const tested = toyStore({bug: 'loses what it flushes', isBuffered: true});
    await expect(crashAfterEveryOperation(tested)).rejects.toThrow('expected');
  });
});
