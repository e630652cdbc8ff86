import type {HistoryVerdict, ScanVerdict} from '../linearizability/check-history.ts';
import {explain} from '../linearizability/explain.ts';
import type {Colour} from './colour.ts';
import {escapeText} from './escape.ts';
import {count, plural} from './numbers.ts';

const UNDECIDED_SHOWN_MAX = 3;

/** What `kv history check` prints. @param file as it was named */
export function historyReport(result: HistoryVerdict, file: string, colour: Colour): string[] {
  const lines: string[] = [];
  const explanation = explain(result);
  if (explanation !== undefined) {
    lines.push(colour.bold(escapeText(explanation.summary)), '');
    for (const line of explanation.lines) lines.push(`  ${escapeText(line)}`);
    lines.push('');
  }
  const {keysByZones, keysBySearch, keys, operations, steps} = result;
  lines.push(
    `${plural(operations, 'request')}, ${plural(keys, 'key')}: ${count(keysByZones)} decided by sorting, ` +
      `${count(keysBySearch)} by search (${plural(steps, 'step')})`,
  );
  if (result.scans.count > 0) lines.push(scanLine(result.scans));
  if (result.undecidedKeys.length > 0 && result.verdict === 'undecided') {
    lines.push(undecidedLine(result.undecidedKeys));
  }
  lines.push(`${escapeText(file)}: ${verdictText(result.verdict, colour)}`);
  return lines;
}

function scanLine({count: scans, checkedAs, reason}: ScanVerdict): string {
  if (checkedAs === 'snapshots') return `${plural(scans, 'scan')}, each held against one moment`;
  return (
    `${plural(scans, 'scan')}, each key as a read of its own, which notices less: ` +
    escapeText(reason ?? '')
  );
}

function undecidedLine(keys: readonly string[]): string {
  const shown = keys.slice(0, UNDECIDED_SHOWN_MAX).map(escapeText).join(', ');
  const rest = keys.length - UNDECIDED_SHOWN_MAX;
  const more = rest > 0 ? ` and ${count(rest)} more` : '';
  return `given up, too many orders are possible: ${shown}${more}`;
}

function verdictText(verdict: HistoryVerdict['verdict'], colour: Colour): string {
  switch (verdict) {
    case 'linearizable':
      return colour.green('linearizable');
    case 'not-linearizable':
      return colour.red('NOT linearizable');
    case 'undecided':
    default:
      return colour.yellow('undecided');
  }
}
