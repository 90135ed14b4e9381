// What two ways do differently, from where they part. No DOM in here.

import type { Happening, MessageLife, Way } from '../types.ts';

export interface Difference {
  fork: number; // the last moment that both have
  onlyA: Set<number>; // seqs
  onlyB: Set<number>;
}

/** Compares what happened behind the fork; equal things count as often as both have them. */
export function difference(a: Way, b: Way): Difference {
  let shared = 0;
  while (shared < a.moments.length && a.moments[shared] === b.moments[shared]) shared++;
  const fork = a.moments[Math.max(0, shared - 1)] ?? 0;
  const common = new Set(a.moments.slice(0, shared));
  const [left, right] = [behind(a, common), behind(b, common)];
  return { fork, onlyA: missing(left, right), onlyB: missing(right, left) };
}

function behind(way: Way, common: ReadonlySet<number>): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const happening of way.happenings) {
    if (common.has(happening.moment)) continue;
    const key = keyOf(happening, way.messages);
    if (key === null) continue;
    const seqs = found.get(key);
    if (seqs === undefined) found.set(key, [happening.seq]);
    else seqs.push(happening.seq);
  }
  return found;
}

function missing(here: Map<string, number[]>, there: Map<string, number[]>): Set<number> {
  const only = new Set<number>();
  for (const [key, seqs] of here) for (const seq of seqs.slice(there.get(key)?.length ?? 0)) only.add(seq);
  return only;
}

// Equal keys: the same thing happened, with the same numbers. Settings are told by what they do.
function keyOf(h: Happening, messages: Map<number, MessageLife>): string | null {
  switch (h.kind) {
    case 'training':
      return `training ${h.node} ${h.loss} ${h.examples}`;
    case 'aggregated':
      return `aggregated ${h.node} ${h.messages.join()} ${h.weights.join()} ${h.own}`;
    case 'tested':
      return `tested ${h.node} ${h.scope} ${h.accuracy} ${h.loss}`;
    case 'queued':
    case 'sent':
    case 'delivered':
    case 'lost': {
      const life = messages.get(h.message);
      return `${h.kind} ${life?.from} ${life?.to} ${h.kind === 'queued' ? h.message : `${h.message} ${h.t}`}`;
    }
    case 'down':
    case 'up':
    case 'added':
    case 'removed':
      return `${h.kind} ${h.node} ${h.t}`;
    case 'met':
    case 'parted':
      return `${h.kind} ${h.node} ${h.other} ${h.t}`;
    default:
      return null;
  }
}
