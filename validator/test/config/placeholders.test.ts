import {describe, expect, it} from 'vitest';
import {wrongPlaceholder} from '../../src/config/placeholders.ts';

describe('a command', () => {
  it.each([
    './server --port {port} --data {dataDir}',
    './server --port "{port}" --data \'{dataDir}\'',
    'PORT=${PORT} ./server ${DATA_DIR}',
    "awk '{print}' | ./server {port}",
    "docker run --format '{{json}}' x {port}",
    'docker run --format {{json}} x {port}',
    './server {port} {a,b}',
    './server {}',
    './server $PORT',
    'python3 -c "print({x})"',
  ])('%s is as it should be', (command) => {
    expect(wrongPlaceholder(command)).toBeUndefined();
  });

  it.each([
    ['./server {prot}', '{prot} meant to be {port}'],
    ['./server {PORT}', '{PORT} meant to be {port}'],
    ["sh -c './server {prot}'", '{prot} meant to be {port}'],
    ['./server {port} {data_dir}', '{data_dir} meant to be {dataDir}'],
    ['./server {port} {datadir}', '{datadir} meant to be {dataDir}'],
    ['./server {port} {dir}', '{dir} meant to be {dataDir}'],
    ['./server {port} {data}', '{data} meant to be {dataDir}'],
    ['./server {port} --level {level}', 'quote {level} if it is meant for a program'],
  ])('%s is not', (command, problem) => {
    expect(wrongPlaceholder(command)).toContain(problem);
  });
});
