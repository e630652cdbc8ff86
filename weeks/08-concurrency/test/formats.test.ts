import {readdirSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {runGoldenScript} from '@kv-workshop/shared/testing/golden-script';
import {expect, it} from 'vitest';
import {Engine} from '../src/engine.ts';

const SCRIPTS = fileURLToPath(new URL('golden/', import.meta.url));

it.each(readdirSync(SCRIPTS))('files on disk: %s', async (name) => {
  const {actual, expected} = await runGoldenScript(SCRIPTS + name, (fileSystem, options, onEvent) =>
    Engine.open(fileSystem, options, onEvent),
  );
  expect(actual).toBe(expected);
});
