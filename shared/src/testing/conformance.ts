import {deepEqual, equal} from 'node:assert/strict';
import {KvError} from '../errors.ts';
import {MemoryFileSystem} from '../memory-file-system.ts';
import {MEMTABLE_ENTRIES_MAX, type StoreUnderTest, type TestedStore} from './store-under-test.ts';

/** One thing that every store does, by name. */
export interface ConformanceCase {
  readonly name: string;
  /** @throws Error that says what the store does instead */
  readonly run: () => Promise<void>;
}

type Case = (store: TestedStore) => Promise<void>;

/** The cases that apply to a store with these capabilities. Each opens a store of its own. */
export function conformanceCases(tested: StoreUnderTest): ConformanceCase[] {
  const {deletes, scans} = tested.capabilities;
  const cases = {
    ...VALUE_CASES,
    ...(deletes ? DELETE_CASES : {}),
    ...(scans ? SCAN_CASES : {}),
    ...(deletes && scans ? DELETE_AND_SCAN_CASES : {}),
  };
  return Object.entries(cases).map(([name, run]) => ({
    name,
    run: async () => {
      const store = await tested.open(
        new MemoryFileSystem(),
        {memtableEntriesMax: MEMTABLE_ENTRIES_MAX},
        () => {},
      );
      await run(store);
      await store.checkInvariants?.();
    },
  }));
}

const VALUE_CASES: Record<string, Case> = {
  'a key that was put has its value': async (store) => {
    await store.put('apple', 'red');
    equal(await store.get('apple'), 'red');
  },

  'a key that was never put is undefined': async (store) => {
    equal(await store.get('apple'), undefined);
    await store.put('apple', 'red');
    for (const key of ['appl', 'apples', 'b', 'a']) equal(await store.get(key), undefined);
  },

  'the last of several values counts': async (store) => {
    for (const value of ['1', '2', '3']) {
      await store.put('apple', value);
      equal(await store.get('apple'), value);
    }
  },

  'a key that was asked for before it was put is found': async (store) => {
    await fill(store);
    equal(await store.get('late'), undefined);
    await store.put('late', 'here');
    equal(await store.get('late'), 'here');
    await fill(store);
    equal(await store.get('late'), 'here');
  },

  'values outlive the memtable, and new ones hide the old': async (store) => {
    await store.put('apple', 'old');
    await store.put('pear', 'kept');
    await fill(store);
    equal(await store.get('apple'), 'old');
    await store.put('apple', 'new');
    equal(await store.get('apple'), 'new');
    await fill(store);
    await fill(store);
    equal(await store.get('apple'), 'new');
    equal(await store.get('pear'), 'kept');
  },

  'a value is text, kept to the byte': async (store) => {
    const values = ['007', '1e3', 'true', 'null', ' both ends ', '"', '\\', '{}', '[a b]', '~'];
    const all = Array.from({length: 95}, (_, index) => String.fromCharCode(32 + index)).join('');
    values.push(all.slice(0, 48), all.slice(48));
    await roundTrip(store, values);
  },

  'the shortest and the longest value are kept': async (store) => {
    const {bytesMin, bytesMax} = store.valueLimits;
    await roundTrip(store, [
      'x'.repeat(bytesMin),
      'x'.repeat(bytesMax),
      `${' '.repeat(bytesMax - 1)}.`,
    ]);
  },

  'keys that mean something to JavaScript are keys like others': async (store) => {
    const keys = ['constructor', '__proto__', 'prototype', 'tostring', 'undefined', 'null'];
    for (const key of keys) equal(await store.get(key), undefined, key);
    for (const key of keys) await store.put(key, `value of ${key}`);
    await fill(store);
    for (const key of keys) equal(await store.get(key), `value of ${key}`);
  },

  'keys differ to the last character, up to 64 of them': async (store) => {
    const stem = 'k'.repeat(63);
    const keys = ['k', '0', '_', '9z', stem, `${stem}a`, `${stem}b`];
    for (const key of keys) await store.put(key, `value of ${key.slice(-8)} ${key.length}`);
    await fill(store);
    for (const key of keys) {
      equal(await store.get(key), `value of ${key.slice(-8)} ${key.length}`);
    }
  },

  'many calls at once all take effect': async (store) => {
    const keys = Array.from({length: 200}, (_, index) => `key${index}`);
    await Promise.all(keys.map(async (key) => store.put(key, `1 ${key}`)));
    await Promise.all(
      keys.map(async (key, index) => {
        if (index % 2 === 0) await store.put(key, `2 ${key}`);
        equal(await store.get(key), `${index % 2 === 0 ? 2 : 1} ${key}`);
      }),
    );
    deepEqual(
      await Promise.all(keys.map(async (key) => store.get(key))),
      keys.map((key, index) => `${index % 2 === 0 ? 2 : 1} ${key}`),
    );
  },

  'of many values put at once into one key one stays': async (store) => {
    const values = Array.from({length: 20}, (_, index) => `value ${index}`);
    await Promise.all(values.map(async (value) => store.put('apple', value)));
    const stays = await store.get('apple');
    equal(values.includes(String(stays)), true, `got ${stays}`);
    await fill(store);
    equal(await store.get('apple'), stays);
  },

  'calls after close are refused with CLOSED': async (store) => {
    await store.put('apple', 'red');
    await store.close();
    await refused('get', () => store.get('apple'));
    await refused('put', () => store.put('apple', 'green'));
    if (store.delete !== undefined) await refused('delete', () => store.delete?.('apple'));
    if (store.scan !== undefined) await refused('scan', () => scan(store, 'a', 'b'));
  },
};

const DELETE_CASES: Record<string, Case> = {
  'a deleted key is absent, in the memtable and below it': async (store) => {
    await store.put('apple', 'red');
    await store.delete?.('apple');
    equal(await store.get('apple'), undefined);
    await fill(store);
    equal(await store.get('apple'), undefined);
    await store.put('pear', 'green');
    await fill(store);
    await store.delete?.('pear');
    equal(await store.get('pear'), undefined);
    await fill(store);
    equal(await store.get('pear'), undefined);
  },

  'deleting an absent key is no error': async (store) => {
    await store.delete?.('apple');
    await store.delete?.('apple');
    equal(await store.get('apple'), undefined);
  },

  'a deleted key can be put again': async (store) => {
    await store.put('apple', 'red');
    await fill(store);
    await store.delete?.('apple');
    await fill(store);
    await store.put('apple', 'green');
    equal(await store.get('apple'), 'green');
    await fill(store);
    equal(await store.get('apple'), 'green');
  },

  'keys beside a deleted one stay': async (store) => {
    for (const key of ['a', 'aa', 'ab', 'b']) await store.put(key, `value of ${key}`);
    await store.delete?.('a');
    await fill(store);
    for (const key of ['aa', 'ab', 'b']) equal(await store.get(key), `value of ${key}`);
  },
};

const SCAN_CASES: Record<string, Case> = {
  'a scan has the keys from start on, without end, sorted by byte, each once': async (store) => {
    for (const key of ['b', 'a_', 'a', 'c', 'a0', 'ab', '_', '0']) {
      await store.put(key, 'old');
      await store.put(key, 'new');
    }
    deepEqual(await scan(store, '0', 'zz'), ['0', '_', 'a', 'a0', 'a_', 'ab', 'b', 'c']);
    deepEqual(await scan(store, 'a', 'b'), ['a', 'a0', 'a_', 'ab']);
    deepEqual(await scan(store, 'aa', 'bb'), ['ab', 'b']);
  },

  'a scan of nothing is empty': async (store) => {
    deepEqual(await scan(store, 'a', 'z'), []);
    await store.put('m', 'x');
    deepEqual(await scan(store, 'a', 'm'), []);
    deepEqual(await scan(store, 'n', 'z'), []);
    deepEqual(await scan(store, 'm', 'm'), []);
    deepEqual(await scan(store, 'z', 'a'), []);
  },
};

const DELETE_AND_SCAN_CASES: Record<string, Case> = {
  'a scan leaves out deleted keys and has those put again': async (store) => {
    for (const key of ['a', 'b', 'c', 'd']) await store.put(key, 'x');
    await fill(store);
    await store.delete?.('b');
    await store.delete?.('c');
    deepEqual(await scan(store, 'a', 'e'), ['a', 'd']);
    await fill(store);
    await store.put('c', 'again');
    deepEqual(await scan(store, 'a', 'e'), ['a', 'c', 'd']);
    await fill(store);
    deepEqual(await scan(store, 'a', 'e'), ['a', 'c', 'd']);
  },
};

/** Puts so many other keys that what was in the memtable before is flushed. */
async function fill(store: TestedStore): Promise<void> {
  for (let index = 0; index < MEMTABLE_ENTRIES_MAX; index++) {
    await store.put(`zfill${index}`, 'x');
  }
}

async function roundTrip(store: TestedStore, values: readonly string[]): Promise<void> {
  for (const [index, value] of values.entries()) {
    await store.put(`key${index}`, value);
    equal(await store.get(`key${index}`), value);
  }
  await fill(store);
  for (const [index, value] of values.entries()) equal(await store.get(`key${index}`), value);
}

async function scan(store: TestedStore, start: string, end: string): Promise<string[]> {
  if (store.scan === undefined) throw new Error('it claims scans, but has no method scan');
  const keys: string[] = [];
  for await (const key of store.scan(start, end)) keys.push(key);
  return keys;
}

async function refused(what: string, call: () => unknown): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (error instanceof KvError && error.code === 'CLOSED') return;
    throw new Error(`${what} after close: expected a KvError CLOSED, got ${String(error)}`, {
      cause: error,
    });
  }
  throw new Error(`${what} after close: expected a KvError CLOSED, but it succeeded`);
}
