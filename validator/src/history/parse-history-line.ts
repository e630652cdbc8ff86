import type {Model} from '../linearizability/model.ts';
import type {Action, Operation, Scan} from '../linearizability/operation.ts';
import {HistoryLineError, LineFields} from './line-fields.ts';

const OPS = ['put', 'get', 'delete', 'scan', 'cas', 'append'] as const;
type Op = (typeof OPS)[number];

const OUTCOMES = ['ok', 'error', 'lost', 'not-sent'] as const;

/**
 * One line of a history file (docs/histories.md).
 * @param number of the line, from 1
 * @returns undefined if it says nothing about a key: a request that was never
 *   sent, or a read without an answer
 * @throws HistoryLineError
 */
export function parseHistoryLine(
  text: string,
  number: number,
  model: Model,
): Operation | Scan | undefined {
  const fields = new LineFields(text);
  const op = fields.oneOf('op', OPS);
  if (op !== 'scan' && !model.ops.has(op)) {
    const ops = OPS.filter((each) => each === 'scan' || model.ops.has(each));
    throw new HistoryLineError(`the model ${model.name} has no "${op}", only ${ops.join(', ')}`);
  }
  const invoke = fields.number('invokeUs');
  const returned = returnOf(fields);
  if (returned < invoke) throw new HistoryLineError('"returnUs" is before "invokeUs"');
  const base = {
    client: fields.has('connection') ? fields.number('connection') : 0,
    invoke,
    return: returned,
    place: `line ${fields.has('line') ? fields.number('line') : number}`,
  };
  const wasAnswered = returned !== Number.POSITIVE_INFINITY;
  const isRead = op === 'get' || op === 'scan';
  if (isRead && !wasAnswered) return undefined;
  if (fields.has('outcome') && fields.string('outcome') === 'not-sent') return undefined;
  if (op === 'scan') {
    const [start, end] = [fields.string('start'), fields.string('end')];
    return {start, end, keys: fields.strings('keys'), ...base};
  }
  return {key: fields.string('key'), action: actionOf(op, fields, wasAnswered), ...base};
}

/** Infinity where it is not known what has come of it. */
function returnOf(fields: LineFields): number {
  const outcome = fields.has('outcome') ? fields.oneOf('outcome', OUTCOMES) : 'ok';
  const wasAnswered = outcome === 'ok' && fields.has('returnUs');
  return wasAnswered ? fields.number('returnUs') : Number.POSITIVE_INFINITY;
}

function actionOf(op: Exclude<Op, 'scan'>, fields: LineFields, wasAnswered: boolean): Action {
  switch (op) {
    case 'put':
    case 'append':
      return {op, value: fields.string('value')};
    case 'get':
      return {op, value: fields.stringOrNull('value')};
    case 'cas': {
      const [from, to] = [fields.stringOrNull('from'), fields.string('to')];
      // Without an answer it is a write that may have happened.
      return {op, from, to, succeeded: wasAnswered ? fields.boolean('succeeded') : true};
    }
    case 'delete':
    default:
      return {op: 'delete'};
  }
}
