/** The requests that led to a failure, as instructions of a fixture. */
import type {Instruction} from '@kv-workshop/fixtures/instruction';
import {readFixture} from '@kv-workshop/fixtures/read-fixture';
import type {FailureCause} from '../checks/failure.ts';
import type {Ledger, Write} from '../checks/ledger.ts';

/** @returns undefined if the failure is not one of a single request, and the lines before it */
export async function instructionsOf(
  {fixture, fixtureLine, read}: FailureCause,
  ledger: Ledger | undefined,
): Promise<Instruction[] | undefined> {
  if (fixture !== undefined && fixtureLine !== undefined) {
    return await readUpTo(fixture, fixtureLine);
  }
  if (read === undefined || ledger === undefined) return undefined;
  const before = fromJournal(ledger);
  return before === undefined ? undefined : [...before, read];
}

async function readUpTo(path: string, line: number): Promise<Instruction[]> {
  const instructions: Instruction[] = [];
  for await (const batch of readFixture(path)) {
    for (const instruction of batch) {
      if (instruction.line > line) return instructions;
      instructions.push(instruction);
    }
  }
  return instructions;
}

/**
 * In the order in which they were answered. What a fixture cannot say is left
 * out: connections side by side, the moment of a crash, damage done to files.
 * @returns undefined if a stop may have lost writes that were acknowledged (week
 *   2), for a fixture would demand them
 */
function fromJournal({journal, isDurable}: Ledger): Instruction[] | undefined {
  const instructions: Instruction[] = [];
  let block: Write[] = [];
  for (const entry of journal) {
    if ('key' in entry) {
      block.push(entry);
    } else if (entry.event === 'RESTART' || entry.event === 'KILL') {
      if (!isDurable) return undefined;
      instructions.push(...stopped(block, entry.event));
      block = [];
    }
  }
  return [...instructions, ...block.map(toInstruction)];
}

/** With the first write that a crash left without an answer in flight, and none behind it. */
function stopped(block: readonly Write[], event: 'RESTART' | 'KILL'): Instruction[] {
  if (event === 'RESTART') return [...block.map(toInstruction), {op: 'restart', line: 0}];
  const answered = block.filter(({outcome}) => outcome === 'acknowledged');
  const inFlight = block.find(({outcome}) => outcome === 'unanswered');
  if (inFlight === undefined) {
    return [...block.map(toInstruction), {op: 'kill', line: 0, afterRequests: undefined}];
  }
  const afterRequests = answered.length + 1;
  return [...[...answered, inFlight].map(toInstruction), {op: 'kill', line: 0, afterRequests}];
}

function toInstruction({key, value}: Write): Instruction {
  return value === null ? {op: 'delete', line: 0, key} : {op: 'put', line: 0, key, value};
}
