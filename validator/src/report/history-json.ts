import type {HistoryVerdict} from '../linearizability/check-history.ts';
import type {Operation, Scan} from '../linearizability/operation.ts';
import type {ExitCode} from '../verdict.ts';

/** The whole result of `kv history check` as one JSON document. */
export interface HistoryDocument extends Omit<HistoryVerdict, 'counterexample' | 'scans'> {
  readonly schema: 'kv-history/1';
  /** The file, as it was named. */
  readonly file: string;
  readonly model: string;
  readonly exitCode: ExitCode;
  readonly scans: Omit<HistoryVerdict['scans'], 'circle'>;
  /** Null if it is linearizable, or nothing is known. */
  readonly counterexample: {
    /** Null if scans are the reason: they are of many keys. */
    readonly key: string | null;
    /** In the form of a history's lines: they are a small history that is not linearizable. */
    readonly operations: readonly object[];
  } | null;
}

export function historyDocument(
  {counterexample, scans: {circle, ...scans}, ...result}: HistoryVerdict,
  run: Pick<HistoryDocument, 'file' | 'model' | 'exitCode'>,
): HistoryDocument {
  const things = counterexample?.operations ?? circle;
  return {
    schema: 'kv-history/1',
    ...run,
    ...result,
    scans,
    counterexample:
      things === undefined
        ? null
        : {key: counterexample?.key ?? null, operations: things.map(historyLine)},
  };
}

function historyLine(thing: Operation | Scan): object {
  const {client, invoke, return: returned, place} = thing;
  const wasAnswered = returned !== Number.POSITIVE_INFINITY;
  return {
    ...request(thing),
    connection: client,
    invokeUs: invoke,
    returnUs: wasAnswered ? returned : null,
    place: place ?? null,
  };
}

function request(thing: Operation | Scan): object {
  if (!('action' in thing)) {
    const {start, end, keys} = thing;
    return {op: 'scan', start, end, keys};
  }
  const {key, action, isOfScan} = thing;
  if (isOfScan !== true) return {...action, key};
  // A scan of this one key.
  const keys = action.op === 'present' ? [key] : [];
  return {op: 'scan', start: key, end: `${key}\0`, keys};
}
