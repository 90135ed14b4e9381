// An order of lanes in which few messages cross. No DOM in here.
//
// Two messages of one column cross if their senders lie in another order than their receivers. Finding the fewest crossings is
// NP-hard (Garey and Johnson, 1983); here lanes first move to the mean place of those that they write to and hear from (the
// barycentre heuristic of Sugiyama, Tagawa and Toda, 1981), and then each is sifted through all places (Rudell's sifting, 1993).

import type { LinksAnswer, Way } from '../types.ts';

export interface Edge {
  from: number;
  to: number;
  weight: number; // messages
}

const heaviest = 250; // edges that count: more take longer than a person waits
const rounds = 12; // of barycentres
const sifts = 4;

/** How many messages went from whom to whom on the way; where none did, one along each link. */
export function edgesOf(way: Way, links: LinksAnswer | null): Edge[] {
  const edges = new Map<string, Edge>();
  const add = (from: number, to: number): void => {
    const key = `${from} ${to}`;
    const edge = edges.get(key);
    if (edge === undefined) edges.set(key, { from, to, weight: 1 });
    else ++edge.weight;
  };
  for (const life of way.messages.values()) if (life.sent >= 0) add(life.from, life.to);
  if (edges.size === 0) for (const [a, b] of [...(links?.pairs ?? []), ...(links?.one_way ?? [])]) add(a, b);
  return [...edges.values()].sort((a, b) => b.weight - a.weight || a.from - b.from || a.to - b.to).slice(0, heaviest);
}

/** The place of each node; nodes are small numbers. */
type Places = Int32Array;

function placesIn(order: readonly number[]): Places {
  const at = new Int32Array(order.reduce((most, node) => Math.max(most, node), 0) + 1);
  order.forEach((node, k) => (at[node] = k));
  return at;
}

function crossing(a: Edge, b: Edge, at: Places): number {
  return (at[a.from]! - at[b.from]!) * (at[a.to]! - at[b.to]!) < 0 ? a.weight * b.weight : 0;
}

/** Pairs of messages that cross, if all were sent in one column. */
export function crossings(order: readonly number[], edges: readonly Edge[]): number {
  const at = placesIn(order);
  let sum = 0;
  for (let i = 0; i < edges.length; i++) for (let k = i + 1; k < edges.length; k++) sum += crossing(edges[i]!, edges[k]!, at);
  return sum;
}

/** An order with fewer crossings than `start`, or `start` itself. */
export function fewestCrossings(start: readonly number[], edges: readonly Edge[]): number[] {
  const inside = new Set(start);
  const known = edges.filter((e) => inside.has(e.from) && inside.has(e.to) && e.from !== e.to);
  let best = [...start];
  let least = crossings(best, known);
  const offer = (order: number[]): void => {
    const cost = crossings(order, known);
    if (cost < least) [best, least] = [order, cost];
  };
  let order = best;
  for (let round = 0; round < rounds && least > 0; ++round) offer((order = barycentres(order, known)));
  offer(sift([...best], known));
  return best;
}

/** An order that changes only where that saves a tenth of the crossings: lanes that jump about are hard to follow. */
export function steadyOrder(before: readonly number[], edges: readonly Edge[]): number[] {
  const found = fewestCrossings(before, edges);
  return crossings(found, edges) < 0.9 * crossings(before, edges) ? found : [...before];
}

// Ties stay in order, so that the same run has the same picture.
function barycentres(order: readonly number[], edges: readonly Edge[]): number[] {
  const at = placesIn(order);
  const sums = new Map<number, [number, number]>(order.map((node) => [node, [at[node]!, 1]]));
  for (const { from, to, weight } of edges) {
    for (const [node, other] of [[from, to], [to, from]] as const) {
      const sum = sums.get(node)!;
      sum[0] += weight * at[other]!;
      sum[1] += weight;
    }
  }
  const mean = (node: number): number => sums.get(node)![0] / sums.get(node)![1];
  return [...order].sort((a, b) => mean(a) - mean(b) || at[a]! - at[b]!);
}

/** Takes each node through all places, neighbour by neighbour, and leaves it where the fewest cross. */
function sift(order: number[], edges: readonly Edge[]): number[] {
  const of = new Map<number, Edge[]>(order.map((node) => [node, edges.filter((e) => e.from === node || e.to === node)]));
  for (let round = 0, changed = true; round < sifts && changed; ++round) {
    changed = false;
    for (const node of [...order]) changed = moveToBest(order, node, of) || changed;
  }
  return order;
}

// Only pairs of an edge of the one and an edge of the other change when two neighbours change places.
function moveToBest(order: number[], node: number, of: Map<number, Edge[]>): boolean {
  const at = placesIn(order);
  const between = (other: number): number => {
    let sum = 0;
    for (const e of of.get(node)!) for (const f of of.get(other)!) if (e !== f) sum += crossing(e, f, at);
    return sum;
  };
  const begun = at[node]!;
  let place = begun;
  // Changes places with the next one on that side; how many crossings more there are then.
  const step = (by: -1 | 1): number => {
    const other = order[place + by]!;
    const before = between(other);
    order[place] = other;
    order[place + by] = node;
    at[other] = place;
    at[node] = place + by;
    place += by;
    return between(other) - before;
  };
  let cost = 0;
  while (place > 0) cost += step(-1);
  let [best, least] = [place, cost];
  while (place + 1 < order.length) {
    cost += step(1);
    // Where it was is as good as any that is no better.
    if (cost < least || (cost === least && place === begun)) [best, least] = [place, cost];
  }
  while (place > best) step(-1);
  return best !== begun;
}
