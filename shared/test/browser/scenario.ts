/**
 * What an engine is taken through inside a web page: writes, deletes, scans,
 * flushes, compactions, a kill and a start. It is bundled with the engine, and so
 * may use no more than an engine itself.
 */
import type {OnEvent} from '../../src/events.ts';
import type {FileSystem} from '../../src/file-system.ts';
import {MemoryFileSystem} from '../../src/memory-file-system.ts';
import {SeededRandom} from '../../src/seeded-random.ts';
import type {MaybePromise, Store} from '../../src/store.ts';

export interface Scenario {
  readonly open: (
    fileSystem: FileSystem,
    options: Readonly<Record<string, number | boolean>>,
    onEvent: OnEvent,
  ) => MaybePromise<Store>;
  readonly options: Readonly<Record<string, number | boolean>>;
  /** Whether what was written survives a kill. */
  readonly isDurable: boolean;
}

const KEYS = 60;
const BATCHES = 80;
const BATCH_WRITES = 4;

/**
 * @returns the types of the events that there were
 * @throws Error if an answer is wrong, or background work failed
 */
export async function runScenario({open, options, isDurable}: Scenario): Promise<string[]> {
  const fileSystem = new MemoryFileSystem();
  const expected = new Map<string, string>();
  const events = new Set<string>();
  // Work in the background has no caller who would notice that it failed.
  const failures = new Set<string>();
  const onEvent: OnEvent = ({type, reason}) => {
    events.add(type);
    if (type.endsWith('-failed')) failures.add(`${type}: ${reason}`);
  };
  const store = await open(fileSystem, options, onEvent);
  await write(store, expected);
  await compare(store, expected);
  if (isDurable) {
    const afterKill = await open(fileSystem.killClone(), options, onEvent);
    await compare(afterKill, expected);
    await write(afterKill, expected);
    await compare(afterKill, expected);
    await afterKill.close();
  }
  await store.close();
  if (failures.size > 0) throw new Error([...failures].join('; '));
  return [...events];
}

async function write(store: Store, expected: Map<string, string>): Promise<void> {
  const random = new SeededRandom(1);
  for (let batch = 0; batch < BATCHES; batch++) {
    const writes: Promise<void>[] = [];
    const first = random.below(KEYS);
    for (let index = 0; index < BATCH_WRITES; index++) {
      const key = `key_${(first + index) % KEYS}`;
      if (store.delete !== undefined && random.below(4) === 0) {
        expected.delete(key);
        writes.push(Promise.resolve(store.delete(key)));
      } else {
        const value = `value ${batch} ${'"'.repeat(random.below(30))}`;
        expected.set(key, value);
        writes.push(Promise.resolve(store.put(key, value)));
      }
    }
    await Promise.all(writes);
  }
}

async function compare(store: Store, expected: ReadonlyMap<string, string>): Promise<void> {
  for (let index = 0; index < 2 * KEYS; index++) {
    const key = `key_${index}`;
    const value = await store.get(key);
    if (value !== expected.get(key)) {
      throw new Error(`${key}: expected ${expected.get(key)}, got ${value}`);
    }
  }
  if (store.scan === undefined) return;
  const found: string[] = [];
  for await (const key of store.scan('key_2', 'key_5')) found.push(key);
  const inRange = [...expected.keys()].filter((key) => key >= 'key_2' && key < 'key_5');
  const [wanted, got] = [inRange.sort().join(' '), found.join(' ')];
  if (got !== wanted) throw new Error(`scan: expected ${wanted}, got ${got}`);
}
