import {join} from 'node:path';
import {expect, it} from 'vitest';
import {readHistoryFile} from '../../src/history/history-file.ts';
import {checkHistory} from '../../src/linearizability/check-history.ts';
import {type Model, modelOf} from '../../src/linearizability/model.ts';

const FOLDER = join(import.meta.dirname, 'public');

/** The verdicts are those of Porcupine's own tests. */
it.each([
  ['etcd_000', 'cas-register', 'not-linearizable'],
  ['etcd_001', 'cas-register', 'not-linearizable'],
  ['etcd_002', 'cas-register', 'linearizable'],
  ['etcd_005', 'cas-register', 'linearizable'],
  ['c01-ok', 'append', 'linearizable'],
  ['c01-bad', 'append', 'not-linearizable'],
])('%s, as a %s, is %s', async (name, modelName, expected) => {
  const model = modelOf(modelName) as Model;
  const history = await readHistoryFile(join(FOLDER, `${name}.jsonl`), name, model);
  const {verdict} = checkHistory(history, {model});
  expect(verdict).toBe(expected);
});
