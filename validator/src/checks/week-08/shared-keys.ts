/**
 * Clients that share keys, while others of their writes fill memtables: the
 * shared keys are written and read during flushes and compactions, and lie in a
 * memtable, in a full one, in L0 and in L1.
 */
import {Random} from '@kv-workshop/fixtures/generate/random';
import type {CheckContext} from '../check.ts';
import {ConcurrentClients, type Step} from '../concurrent-clients.ts';
import {Inconclusive} from '../failure.ts';
import {judgeHistory} from '../judge-history.ts';
import {Keys, letters} from '../keys.ts';
import {shortened} from '../shortened.ts';
import {WRITES_PER_SYNC} from '../side-by-side.ts';

const CLIENTS = 16;
/** Of each client in a round: all together a little more than a memtable. */
const NEW_KEYS = 125;
const ROUNDS = 4;
/** Last new keys of a client that it reads again: they are in the memtable, or just being flushed. */
const RECENT = 60;
/** New keys that are read once more when all is over. */
const READ_AT_END = 300;

export interface Sharing {
  readonly keys: number;
  /** How often, in percent, a shared key is written after a new key. */
  readonly writes: number;
  /** How often one is read. */
  readonly reads: number;
  /** How many of the writes of shared keys delete them. */
  readonly deletes: number;
}

/** Roughly. */
export function costOf({writes, reads}: Sharing) {
  const newKeys = ROUNDS * CLIENTS * NEW_KEYS;
  const perNewKey = 1 + writes / 100;
  return {
    requests: Math.round(newKeys * (perNewKey + reads / 100 + 2 * OWN_READS)),
    writes: Math.round(newKeys * perNewKey),
    restarts: 0,
  };
}

/** Of new keys: of a client's own recent ones, and as many of all from earlier rounds. */
const OWN_READS = 0.25;

/** Runs the clients. @throws CheckFailure unless their history is linearizable */
export async function shareKeys(context: CheckContext, sharing: Sharing): Promise<void> {
  const {server, random, progress} = context;
  const rounds = shortened(context, ROUNDS, costOf(sharing).writes / ROUNDS / WRITES_PER_SYNC);
  const keys = new Keys(random);
  const shared = keys.keys(sharing.keys);
  const earlier: string[] = [];
  const clients = new ConcurrentClients(server);
  for (let round = 1; round <= rounds; round++) {
    progress(`round ${round} of ${rounds}, ${CLIENTS} clients`);
    const scripts = Array.from({length: CLIENTS}, (_, client) => {
      const known = {shared, own: keys.keys(NEW_KEYS), earlier: [...earlier]};
      return new Script(sharing, known, `${round}.${client}`, new Random(random.uint32()));
    });
    await clients.run(scripts);
    earlier.push(...scripts.flatMap(({own}) => own));
    judgeHistory(clients.history);
  }
  await clients.run([readsOf(shared), readsOf(random.shuffled(earlier).slice(0, READ_AT_END))]);
  judgeHistory(clients.history);
  describe(context, clients);
}

function describe({note}: CheckContext, {peakInFlight, longestSilenceMs}: ConcurrentClients): void {
  if (peakInFlight === 1) {
    throw new Inconclusive('never were two requests in flight at once, so nothing is known');
  }
  note(`at most ${peakInFlight} requests in flight at once`);
  note(
    `during flushes and compactions, ${Math.round(longestSilenceMs)} ms at most without an answer`,
  );
}

function* readsOf(keys: readonly string[]): Generator<Step> {
  for (const key of keys) yield {op: 'read', key};
}

interface KnownKeys {
  readonly shared: readonly string[];
  /** To be written by this client. */
  readonly own: readonly string[];
  /** Written in earlier rounds, by whomever. */
  readonly earlier: readonly string[];
}

/** What one client does in a round. */
class Script implements Iterable<Step> {
  readonly own: readonly string[];
  readonly #sharing: Sharing;
  readonly #keys: KnownKeys;
  readonly #label: string;
  readonly #random: Random;
  #values = 0;

  /** @param label makes its values differ from those of all others */
  constructor(sharing: Sharing, keys: KnownKeys, label: string, random: Random) {
    this.own = keys.own;
    this.#sharing = sharing;
    this.#keys = keys;
    this.#label = label;
    this.#random = random;
  }

  *[Symbol.iterator](): Iterator<Step> {
    const random = this.#random;
    const {writes, reads, deletes} = this.#sharing;
    const {shared, own, earlier} = this.#keys;
    for (const [index, key] of own.entries()) {
      yield {op: 'write', key, value: this.#value()};
      if (random.chance(writes)) {
        const value = random.chance(deletes) ? null : this.#value();
        yield {op: 'write', key: random.pick(shared), value};
      }
      if (random.chance(reads)) yield {op: 'read', key: random.pick(shared)};
      if (random.chance(100 * OWN_READS)) {
        yield {op: 'read', key: random.pick(own.slice(Math.max(0, index - RECENT), index + 1))};
      }
      if (earlier.length > 0 && random.chance(100 * OWN_READS)) {
        yield {op: 'read', key: random.pick(earlier)};
      }
    }
  }

  #value(): string {
    this.#values += 1;
    return `${letters(this.#random, this.#random.between(1, 20))} ${this.#label}.${this.#values}`;
  }
}
