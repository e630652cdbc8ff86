import {cpus, release, type} from 'node:os';

/** Figures mean little without it: `21 November 2026, Node 20.20.2, Linux 6.1, 2 cores of AMD EPYC`. */
export function machineText(now = new Date()): string {
  const date = now.toLocaleDateString('en-GB', {day: 'numeric', month: 'long', year: 'numeric'});
  const system = `${type()} ${/^\d+\.\d+/.exec(release())?.[0] ?? release()}`;
  const cores = cpus();
  const model = cores[0]?.model.replaceAll(/\s+/g, ' ').trim() || 'an unknown processor';
  return `${date}, Node ${process.versions.node}, ${system}, ${cores.length} cores of ${model}`;
}
