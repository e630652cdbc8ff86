/** One key's life, drawn from the top down: writes, flushes, stops, and the read that went wrong. */
import type {LifeEntry} from '../checks/failure.ts';
import {escapeBytes} from '../report/escape.ts';
import {escapeMarkup} from './xml.ts';

const TEXT_MAX = 160;

type Kind = 'write' | 'delete' | 'flush' | 'stop' | 'crash' | 'other' | 'read';

/** What each kind is drawn as, in a square of 20. */
const SHAPES: Readonly<Record<Kind, string>> = {
  write: '<circle cx="10" cy="10" r="6"/>',
  delete: '<path d="M5 5 15 15 M15 5 5 15" class="line"/>',
  flush: '<path d="M3 7h14v3H3zM3 12h14v3H3z"/>',
  stop: '<rect x="4" y="4" width="12" height="12"/>',
  crash: '<path d="M11 1 4 12h5l-1 7 8-11h-5z"/>',
  other: '<circle cx="10" cy="10" r="2.5"/>',
  read: '<circle cx="10" cy="10" r="6" class="line"/><path d="M14.5 14.5 19 19" class="line"/>',
};

/** @param got what the read answered */
export function timeline(
  life: readonly LifeEntry[],
  key: string | undefined,
  got: string | undefined,
): string[] {
  const name = key === undefined ? 'the key' : key;
  return [
    `<figure class="timeline"><figcaption>The life of <code>${escapeMarkup(name)}</code></figcaption>`,
    '<ol>',
    ...life.map(({at, what}) => item(kindOf(what), at, what)),
    ...(got === undefined ? [] : [item('read', 'then', `read: ${got}`)]),
    '</ol></figure>',
  ];
}

function item(kind: Kind, at: string, what: string): string {
  const text = escapeMarkup(
    escapeBytes(what.length > TEXT_MAX ? `${what.slice(0, TEXT_MAX)}...` : what),
  );
  const icon = `<svg viewBox="0 0 20 20" role="img" aria-label="${kind}">${SHAPES[kind]}</svg>`;
  return `<li class="${kind}">${icon}<span class="at">${escapeMarkup(at)}</span><span class="what">${text}</span></li>`;
}

/** By the words that lives are written in (checks/ledger.ts, checks/replay-life.ts). */
function kindOf(what: string): Kind {
  if (what.startsWith('PUT ')) return 'write';
  if (what.startsWith('DELETE ')) return 'delete';
  if (what.startsWith('KILL')) return 'crash';
  if (what.startsWith('RESTART')) return 'stop';
  return /flush|compact/.test(what) ? 'flush' : 'other';
}
