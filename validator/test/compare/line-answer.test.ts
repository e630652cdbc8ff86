import type {Request} from '@kv-workshop/fixtures/instruction';
import {parseLine} from '@kv-workshop/fixtures/parse-line';
import {expect, test} from 'vitest';
import {type Agreement, compareAnswers, type LineAnswer} from '../../src/compare/line-answer.ts';

const value = (text: string | null): LineAnswer => ({kind: 'value', value: text});
const keys = (...names: string[]): LineAnswer => ({kind: 'keys', keys: names});
const acknowledged = (status: number): LineAnswer => ({kind: 'acknowledged', status});
const bad = (status: number): LineAnswer => ({kind: 'bad', status, body: ''});

test.each<[line: string, a: LineAnswer, b: LineAnswer, Agreement]>([
  ['PUT k v', acknowledged(200), acknowledged(201), 'same'],
  ['DELETE k', acknowledged(200), acknowledged(404), 'same'],
  ['PUT k v', acknowledged(200), bad(500), 'different'],
  ['PUT k v', bad(501), bad(501), 'same'],
  ['PUT k v', bad(500), bad(400), 'different'],
  ['GET k v', value('v'), value('v'), 'same'],
  ['GET k v', value('v'), value(null), 'different'],
  ['GET k NOT_FOUND', value(null), bad(200), 'different'],
  // Both wrong, and still not the same.
  ['GET k v', value('w'), value('x'), 'different'],
  ['GET k [v w NOT_FOUND]', value('v'), value(null), 'both-permitted'],
  ['GET k [v w]', value('v'), value(null), 'different'],
  ['SCAN a f b,c', keys('b', 'c'), keys('b', 'c'), 'same'],
  ['SCAN a f b,c', keys('b', 'c'), keys('c', 'b'), 'different'],
  ['SCAN a f b,c?', keys('b', 'c'), keys('b'), 'both-permitted'],
  ['SCAN a f b,c?', keys('b', 'c'), keys('c'), 'different'],
  ['SCAN a f', keys(), keys(), 'same'],
])('%s: %j and %j are %s', (line, a, b, agreement) => {
  const request = parseLine(line, 1, 'test.txt') as Request;
  expect(compareAnswers(request, a, b)).toBe(agreement);
  expect(compareAnswers(request, b, a)).toBe(agreement);
});
