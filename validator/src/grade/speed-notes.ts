import type {Latencies} from '../checks/latencies.ts';

/** Remarks on how fast a server answered. */
export function speedNotes(latencies: Latencies): string[] {
  if (!latencies.looksLikeNagle) return [];
  return [
    'answers take about 40 ms: Nagle and delayed acknowledgements; set TCP_NODELAY, or send head and body in one write',
  ];
}
