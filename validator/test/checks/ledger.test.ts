import {describe, expect, it} from 'vitest';
import {Ledger} from '../../src/checks/ledger.ts';

const durable = () => new Ledger({durable: true, memtableEntriesMax: 4});
const volatile = () => new Ledger({durable: false, memtableEntriesMax: 4});

function write(ledger: Ledger, ...keys: string[]): void {
  for (const key of keys) ledger.wrote(key, `value of ${key}`, 'acknowledged');
}

describe('what a GET may answer', () => {
  it('is 404 for a key that was never written', () => {
    expect(durable().permitted('a')).toEqual([null]);
  });

  it('is the last acknowledged value', () => {
    const ledger = durable();
    ledger.wrote('a', '1', 'acknowledged');
    ledger.wrote('a', '2', 'acknowledged');
    expect(ledger.permitted('a')).toEqual(['2']);
  });

  it('is either value after a write without an answer', () => {
    const ledger = durable();
    ledger.wrote('a', '1', 'acknowledged');
    ledger.wrote('a', '2', 'unanswered');
    expect(ledger.permitted('a')).toEqual(['1', '2']);
    ledger.wrote('b', '1', 'unanswered');
    expect(ledger.permitted('b')).toEqual([null, '1']);
  });

  it('is what was read first, until the next write', () => {
    const ledger = durable();
    ledger.wrote('a', '1', 'acknowledged');
    ledger.wrote('a', '2', 'unanswered');
    ledger.observed('a', '1');
    expect(ledger.permitted('a')).toEqual(['1']);
    ledger.wrote('a', '3', 'acknowledged');
    expect(ledger.permitted('a')).toEqual(['3']);
  });

  it('is also the value before, once the check has damaged the last write', () => {
    const ledger = durable();
    ledger.wrote('a', '1', 'acknowledged');
    ledger.wrote('a', '2', 'acknowledged');
    ledger.lastWriteMayBeLost('a');
    expect(ledger.permitted('a')).toEqual(['2', '1']);
  });
});

describe('a delete', () => {
  it('leaves the key absent, until the next write', () => {
    const ledger = durable();
    write(ledger, 'a');
    ledger.wrote('a', null, 'acknowledged');
    expect(ledger.permitted('a')).toEqual([null]);
    expect(ledger.isDeleted('a')).toBe(true);
    write(ledger, 'a');
    expect(ledger.permitted('a')).toEqual(['value of a']);
    expect(ledger.isDeleted('a')).toBe(false);
  });

  it('may not have happened if it was never answered', () => {
    const ledger = durable();
    write(ledger, 'a');
    ledger.wrote('a', null, 'unanswered');
    expect(ledger.permitted('a')).toEqual(['value of a', null]);
    expect(ledger.isDeleted('a')).toBe(false);
    ledger.observed('a', null);
    expect(ledger.isDeleted('a')).toBe(true);
  });

  it('is not why a key that was never written is absent', () => {
    expect(durable().isDeleted('never')).toBe(false);
  });
});

describe('a scan', () => {
  const ledger = () => {
    const made = durable();
    write(made, 'd', 'b', 'e', 'a');
    made.wrote('b', null, 'acknowledged');
    made.wrote('c', '1', 'unanswered');
    made.wrote('d', null, 'unanswered');
    return made;
  };

  it('answers what is present, and perhaps what may be', () => {
    expect(ledger().present('a', 'e')).toEqual([
      {key: 'a', optional: false},
      {key: 'c', optional: true},
      {key: 'd', optional: true},
    ]);
    expect(ledger().present('e', 'zz')).toEqual([{key: 'e', optional: false}]);
    expect(ledger().present('b', 'c')).toEqual([]);
  });

  it('settles which it was, within its range', () => {
    const made = ledger();
    made.scanned('a', 'd', ['a', 'c']);
    expect(made.permitted('c')).toEqual(['1']);
    expect(made.permitted('d')).toEqual(['value of d', null]);
    made.scanned('d', 'f', ['e']);
    expect(made.permitted('d')).toEqual([null]);
  });

  it('leaves open which of several values a present key has', () => {
    const made = ledger();
    made.wrote('c', '2', 'unanswered');
    made.scanned('a', 'z', ['a', 'c', 'e']);
    expect(made.permitted('c')).toEqual(['1', '2']);
  });
});

describe('a stop', () => {
  it('loses nothing of a durable server', () => {
    const ledger = durable();
    write(ledger, 'a');
    ledger.stopped('KILL');
    expect(ledger.permitted('a')).toEqual(['value of a']);
  });

  it('may lose a memtable of the newest keys otherwise, and no more', () => {
    const ledger = volatile();
    write(ledger, 'a', 'b', 'c', 'd', 'e', 'f');
    ledger.stopped('RESTART');
    for (const key of ['a', 'b']) expect(ledger.permitted(key)).toEqual([`value of ${key}`]);
    for (const key of ['c', 'd', 'e', 'f']) {
      expect(ledger.permitted(key)).toEqual([`value of ${key}`, null]);
    }
  });

  it('may bring back an older value', () => {
    const ledger = volatile();
    ledger.wrote('a', 'old', 'acknowledged');
    write(ledger, 'b', 'c', 'd', 'e');
    ledger.wrote('a', 'new', 'acknowledged');
    ledger.stopped('RESTART');
    expect(ledger.permitted('a')).toEqual(['new', 'old']);
  });

  it('may lose nothing that an earlier stop has decided', () => {
    const ledger = volatile();
    write(ledger, 'a', 'b');
    ledger.stopped('RESTART');
    ledger.observed('a', 'value of a');
    ledger.observed('b', null);
    write(ledger, 'c');
    ledger.stopped('RESTART');
    expect(ledger.permitted('a')).toEqual(['value of a']);
    expect(ledger.permitted('b')).toEqual([null]);
    expect(ledger.permitted('c')).toEqual(['value of c', null]);
  });

  it('never makes anything up', () => {
    const ledger = volatile();
    write(ledger, 'a');
    ledger.stopped('RESTART');
    expect(ledger.permitted('never')).toEqual([null]);
  });
});

describe('the life of a key', () => {
  it('has its writes and all that happened to the server since', () => {
    const ledger = durable();
    ledger.wrote('x', '0', 'acknowledged');
    ledger.wrote('a', '1', 'acknowledged');
    write(ledger, 'b', 'c');
    ledger.stopped('KILL');
    ledger.wrote('a', '2', 'unanswered');
    expect(ledger.life('a')).toEqual([
      {at: 'write 2', what: 'PUT a = 1'},
      {at: '', what: 'memtable full (4 entries): flush'},
      {at: '', what: 'KILL'},
      {at: 'write 5', what: 'PUT a = 2 (never answered)'},
      {at: '', what: '(2 writes of other keys meanwhile)'},
    ]);
  });

  it('leaves out all but the last writes', () => {
    const ledger = durable();
    for (let value = 1; value <= 10; value++) ledger.wrote('a', String(value), 'acknowledged');
    const life = ledger.life('a');
    expect(life[0]).toEqual({at: '', what: '(6 earlier writes of this key)'});
    expect(life.at(-1)).toEqual({at: 'write 10', what: 'PUT a = 10'});
  });

  it('says so if it was never written', () => {
    expect(durable().life('a')).toEqual([{at: '', what: 'a was never written'}]);
  });
});

describe('a server with a log, in a check that asks for what was flushed only', () => {
  it('may lose what was in the memtable, and has it in the next one otherwise', () => {
    const ledger = new Ledger({durable: false, recovers: true, memtableEntriesMax: 4});
    write(ledger, 'a', 'b', 'c');
    ledger.stopped('RESTART');
    expect(ledger.permitted('a')).toEqual(['value of a', null]);
    expect(ledger.settling.untilFlush).toBe(1);
  });
});
