import type {ServerUnderTest} from '../checks/server-under-test.ts';

/** Remarks on how a server behaved in a check, whatever the check was about. */
export function serverNotes({latencies, staleConnections}: ServerUnderTest): string[] {
  const notes: string[] = [];
  if (latencies.looksLikeNagle) {
    notes.push(
      'answers take about 40 ms each, as with Nagle and delayed acknowledgements: set TCP_NODELAY, or send head and body in one write',
    );
  }
  if (staleConnections > 0) {
    notes.push(
      `${staleConnections} kept-open connections were closed without "Connection: close"; their requests were sent again`,
    );
  }
  return notes;
}
