import {describe, expect, test} from 'vitest';
import {conformanceCases} from './conformance.ts';
import {type CrashOptions, crashAfterEveryOperation} from './crash-after-every-operation.ts';
import {type FaultOptions, faultOnEveryOperation} from './fault-on-every-operation.ts';
import {type ModelOptions, modelBased} from './model-based.ts';
import type {StoreUnderTest, WalUnderTest} from './store-under-test.ts';
import {walCutAtEveryByte} from './wal-cut-at-every-byte.ts';

/**
 * Registers the tests of the kit that a store of these capabilities must pass.
 * Those parts that want other options can be registered one by one instead.
 */
export function storeTests(tested: StoreUnderTest): void {
  conformanceTests(tested);
  modelBasedTests(tested);
  const {keepsFlushed, durable, wal} = tested.capabilities;
  if (!keepsFlushed && !durable) return;
  crashTests(tested, tested.crash);
  faultTests(tested);
  if (wal !== undefined) walCutTests(tested, wal);
}

export function conformanceTests(tested: StoreUnderTest): void {
  describe(tested.name, () => {
    for (const {name, run} of conformanceCases(tested)) test(name, run);
  });
}

export function modelBasedTests(tested: StoreUnderTest, options?: ModelOptions): void {
  test(`${tested.name}: random writes, restarts and crashes agree with the model`, async () => {
    await modelBased(tested, options);
  });
}

export function crashTests(tested: StoreUnderTest, options?: CrashOptions): void {
  test(`${tested.name}: a crash after every file operation`, async () => {
    const {crashPoints, statesTried} = await crashAfterEveryOperation(tested, options);
    expect(crashPoints).toBeGreaterThan(50);
    expect(statesTried).toBeGreaterThanOrEqual(crashPoints);
  });
}

export function faultTests(tested: StoreUnderTest, options?: FaultOptions): void {
  test(`${tested.name}: a fault on every file operation`, async () => {
    const {runs, refusedCalls} = await faultOnEveryOperation(tested, options);
    expect(runs).toBeGreaterThan(30);
    expect(refusedCalls).toBeGreaterThan(0);
  });
}

export function walCutTests(tested: StoreUnderTest, wal: WalUnderTest): void {
  test(`${tested.name}: the log cut at every byte, changed, and with garbage behind it`, async () => {
    const {statesTried} = await walCutAtEveryByte(tested, wal);
    expect(statesTried).toBeGreaterThan(300);
  });
}
