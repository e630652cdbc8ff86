import type {Store} from '../src/store.ts';

/** A store with every method, over a Map that the test can look into. */
export function mapStore(entries: Map<string, string> = new Map()): Required<Store> {
  return {
    valueLimits: {bytesMin: 0, bytesMax: 65_536},
    get: (key) => entries.get(key),
    put: (key, value) => {
      entries.set(key, value);
    },
    delete: (key) => {
      entries.delete(key);
    },
    scan: (start, end) => [...entries.keys()].sort().filter((key) => key >= start && key < end),
    close: () => {},
  };
}

/** As the stores of weeks 1 to 3: no DELETE, no scan. */
export function putGetStore(entries?: Map<string, string>): Store {
  const {valueLimits, get, put, close} = mapStore(entries);
  return {valueLimits, get, put, close};
}
