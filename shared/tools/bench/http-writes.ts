/**
 * Durable PUTs of week 8 over HTTP, 64 at once, beside other stores behind the same
 * shell: LevelDB with a sync for each PUT, LevelDB behind our group commit, and a Map
 * that keeps nothing, which is what HTTP alone costs. GETs are sent when nothing runs
 * in the background any more.
 */
import type {BenchContext} from './bench.ts';
import {type LoadRequest, sendAll} from './http-load.ts';
import {type Comparison, compare, type Limit, type Side, type Timed} from './measure.ts';
import {BenchServer, bundleBenchServer, type StoreKind} from './start-bench-server.ts';
import {type BenchTable, comparisonTable, verdict, whole} from './table.ts';
import {presentKey, shuffled, valueOf} from './workload.ts';

const KEYS = 100_000;
const CONNECTIONS = 64;
const REQUESTS = 20_000;
/** As a rule they are in the memtable. */
const NEW_KEYS = 500;
const PUTS_PER_SYNC: Limit = {atLeast: 24};
const GETS: Limit = {atLeast: 0.95};

const PEERS: readonly {readonly kind: StoreKind; readonly name: string; readonly limit: Limit}[] = [
  {kind: 'classic-level', name: 'LevelDB, a sync each', limit: {atLeast: 2.5}},
  {kind: 'classic-level-grouped', name: 'LevelDB, in groups', limit: {atLeast: 1.2}},
  {kind: 'map', name: 'a Map', limit: {atLeast: 0.8}},
];

const NOTES = [
  `${CONNECTIONS} connections with one request under way on each, ${whole(REQUESTS)} requests a round, ${whole(KEYS)} keys that are
there already, in random order; all values differ, all answers are compared. New keys are the
${NEW_KEYS} that were put last, which most of the time are in the memtable. LevelDB is classic-level with
sync: true.`,
];

export async function benchHttpWrites({rounds, progress}: BenchContext): Promise<BenchTable[]> {
  await bundleBenchServer();
  const comparisons: Comparison[] = [];
  let puts = 0;
  let syncs = 0;
  for (const {kind, name, limit} of PEERS) {
    progress(`week 8 and ${name}`);
    const [ours, peer] = [await LoadedServer.start('week-8'), await LoadedServer.start(kind)];
    try {
      const {syncs: syncsBefore} = await ours.server.work();
      const putsOf = (side: LoadedServer): Side => ({
        name: side.server.kind,
        run: () => side.put(),
      });
      comparisons.push(
        await compare(`PUT: week 8 / ${name}`, putsOf(ours), putsOf(peer), rounds, limit),
      );
      puts += (rounds + 1) * REQUESTS;
      syncs += (await ours.server.work()).syncs - syncsBefore;
      if (kind !== 'map') continue;
      await ours.server.settle();
      const getsOf = (side: LoadedServer, keys: number): Side => ({
        name: side.server.kind,
        run: () => side.get(keys),
      });
      comparisons.push(
        await compare('GET: week 8 / a Map', getsOf(ours, KEYS), getsOf(peer, KEYS), rounds, GETS),
        await compare(
          'GET of new keys / a Map',
          getsOf(ours, NEW_KEYS),
          getsOf(peer, NEW_KEYS),
          rounds,
        ),
      );
    } finally {
      await ours.server.dispose();
      await peer.server.dispose();
    }
  }
  const title = `Over HTTP, ${CONNECTIONS} connections`;
  return [
    comparisonTable(title, comparisons, NOTES),
    syncTable(puts, syncs),
    await processorTable(rounds, progress),
  ];
}

/** What a PUT takes, and which part of week 8 takes it: seen by leaving parts away. */
async function processorTable(
  rounds: number,
  progress: BenchContext['progress'],
): Promise<BenchTable> {
  const sides: {readonly kind: StoreKind; readonly name: string}[] = [
    {kind: 'map', name: 'a Map: HTTP alone'},
    {kind: 'week-8-uncompacted', name: 'week 8 without compactions'},
    {kind: 'week-8', name: 'week 8'},
  ];
  const rows: string[][] = [];
  for (const {kind, name} of sides) {
    progress(`processor time of ${name}`);
    const loaded = await LoadedServer.start(kind);
    try {
      const before = await loaded.server.work();
      for (let round = 0; round < rounds; round++) await loaded.put();
      const after = await loaded.server.work();
      const puts = rounds * REQUESTS;
      const microseconds = (after.processorUs - before.processorUs) / puts;
      const compactions = after.compactions - before.compactions;
      const putsEach = compactions === 0 ? '' : whole(puts / compactions);
      rows.push([name, microseconds.toFixed(1), putsEach]);
    } finally {
      await loaded.server.dispose();
    }
  }
  return {
    title: 'Processor time of the server, all its threads',
    columns: ['', 'microseconds a PUT', 'PUTs a compaction'],
    rows,
    notes: ['The difference between two lines is what the lower one does besides.'],
  };
}

/** A server with all keys, and what its client knows of them. */
class LoadedServer {
  readonly server: BenchServer;
  readonly #order = shuffled(KEYS, 1);
  readonly #values = new Map<number, string>();
  #putCount = 0;

  private constructor(server: BenchServer) {
    this.server = server;
  }

  static async start(kind: StoreKind): Promise<LoadedServer> {
    const loaded = new LoadedServer(await BenchServer.start(kind));
    for (let round = 0; round < KEYS / REQUESTS; round++) await loaded.put();
    return loaded;
  }

  /** Puts the keys that were not put for the longest time. */
  put(): Promise<Timed> {
    const requests = Array.from({length: REQUESTS}, (): LoadRequest => {
      const number = this.#order[this.#putCount % KEYS] ?? 0;
      const value = valueOf(this.#putCount, number);
      this.#putCount += 1;
      this.#values.set(number, value);
      return {method: 'PUT', key: presentKey(number), value};
    });
    return this.#send(requests);
  }

  /** Gets the `keys` keys that were put last, from the oldest of them on, again and again. */
  get(keys: number): Promise<Timed> {
    const first = this.#putCount - keys;
    const requests = Array.from({length: REQUESTS}, (_, index): LoadRequest => {
      const number = this.#order[(first + (index % keys)) % KEYS] ?? 0;
      return {method: 'GET', key: presentKey(number), value: this.#values.get(number)};
    });
    return this.#send(requests);
  }

  async #send(requests: readonly LoadRequest[]): Promise<Timed> {
    const {elapsedMs} = await sendAll(this.server.port, requests, CONNECTIONS);
    return {units: requests.length, elapsedMs};
  }
}

function syncTable(puts: number, syncs: number): BenchTable {
  const row = ['week 8', whole(puts), whole(syncs), (puts / syncs).toFixed(1)];
  return {
    title: 'Calls of fdatasync',
    columns: ['', 'PUTs', 'calls', 'PUTs a call', 'limit'],
    rows: [[...row, verdict(PUTS_PER_SYNC, puts / syncs)]],
    notes: ['Those of flushes and compactions are counted, too.'],
  };
}
