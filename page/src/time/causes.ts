// From a happening to what caused it, and on to what came of it. No DOM in here.

import type { Happening, Way } from '../types.ts';
import { actorsOf } from './columns.ts';

/** Why happenings cannot be followed where there are too many nodes for them to be here. */
export const noStory = 'With so many nodes single happenings are not here; the table beside the map tells of each node.';

/** What is looked at: a message or a node, at a moment. */
export interface Spot {
  moment: number;
  node: number | null;
  message: number | null;
}

/**
 * Back: from a message to its sender when it was queued; from a node to the message that weighed most in its last aggregation.
 * On: from a message to its receiver when it was used, or arrived; from a node to the next message that it queued. Null: nothing.
 */
export function follow(way: Way, spot: Spot, by: -1 | 1): Spot | null {
  return spot.message === null ? fromNode(way, spot, by) : fromMessage(way, spot.message, by);
}

function fromMessage(way: Way, message: number, by: -1 | 1): Spot | null {
  const life = way.messages.get(message);
  if (life === undefined) return null;
  const seq = by < 0 ? life.queued : life.used >= 0 ? life.used : life.arrived >= 0 ? life.arrived : life.lost;
  const at = way.happenings.find((h) => h.seq === seq);
  if (at === undefined) return null;
  return { moment: momentOf(way, at), node: by < 0 ? life.from : life.to, message: null };
}

function fromNode(way: Way, spot: Spot, by: -1 | 1): Spot | null {
  if (spot.node === null) return null;
  const order = new Map(way.moments.map((moment, k) => [moment, k]));
  const here = order.get(spot.moment) ?? way.moments.length;
  const placeOf = (h: Happening): number => order.get(momentOf(way, h)) ?? way.moments.length;
  if (by < 0) {
    const last = way.happenings.findLast((h) => h.kind === 'aggregated' && h.node === spot.node && h.changed && placeOf(h) <= here);
    if (last?.kind !== 'aggregated') return null;
    const message = strongest(last.messages, last.weights);
    return message === null ? null : { moment: momentOf(way, last), node: spot.node, message };
  }
  const next = way.happenings.find((h) => h.kind === 'queued' && h.node === spot.node && placeOf(h) >= here);
  return next?.kind === 'queued' ? { moment: momentOf(way, next), node: spot.node, message: next.message } : null;
}

function strongest(messages: readonly number[], weights: readonly (number | null)[]): number | null {
  let best: number | null = null;
  messages.forEach((message, k) => {
    const before = best === null ? -1 : (weights[messages.indexOf(best)] ?? 0);
    if (best === null || (weights[k] ?? 0) > before) best = message;
  });
  return best;
}

function momentOf(way: Way, happening: Happening): number {
  return happening.moment >= 0 ? happening.moment : way.moment;
}

/** The moment before (-1) or after `moment` in which the node did something or got something. */
export function sameNode(way: Way, node: number, moment: number, by: -1 | 1): number | null {
  const mine = new Set(way.happenings.filter((h) => actorsOf(h, way.messages).includes(node)).map((h) => momentOf(way, h)));
  const at = way.moments.indexOf(moment);
  for (let k = at + by; k >= 0 && k < way.moments.length; k += by) if (mine.has(way.moments[k]!)) return way.moments[k]!;
  return null;
}
