import type {ServerUnderTest} from '../checks/server-under-test.ts';

/** Remarks on how a server behaved in a check, whatever the check was about. */
export function serverNotes(server: ServerUnderTest): string[] {
  const {latencies, staleConnections, uncleanStops} = server;
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
  if (uncleanStops > 0) {
    notes.push(`did not end by SIGTERM and had to be killed, ${uncleanStops} times`);
  }
  return notes;
}
