// The rows of Why: whose initial parameters and trainings are in a model. No DOM in here.

import type { Way, WhySource } from '../types.ts';
import type { Ribbons } from './ribbons.ts';

export interface Row {
  node: number; // -1: the small ones together
  count: number; // how many nodes the row stands for
  initial: number;
  trained: number;
  trainings: number;
}

/** Sources whose share and trainings are below this become one row. */
export const smallShare = 0.02;

/** Largest first. Small ones are folded where there are two or more of them. */
export function rowsOf(sources: readonly WhySource[], indexOf: (address: string) => number): Row[] {
  const rows = sources.map((s): Row => ({
    node: indexOf(s.node), count: 1, initial: s.initial, trained: s.trained, trainings: s.trainings,
  }));
  rows.sort((a, b) => b.initial + b.trained - (a.initial + a.trained) || a.node - b.node);
  const small = rows.filter((row) => row.initial < smallShare && row.trained < smallShare);
  if (small.length < 2) return rows;
  const folded: Row = { node: -1, count: small.length, initial: 0, trained: 0, trainings: 0 };
  for (const row of small) {
    folded.initial += row.initial;
    folded.trained += row.trained;
    folded.trainings += row.trainings;
  }
  return [...rows.filter((row) => !small.includes(row)), folded];
}

/** The same from the events alone, for recorded runs. */
export function sourcesOf(way: Way, ribbons: Ribbons, addressOf: (node: number) => string): WhySource[] {
  const found = new Map<number, WhySource>();
  const row = (node: number): WhySource => {
    const known = found.get(node) ?? { node: addressOf(node), initial: 0, trained: 0, trainings: 0 };
    found.set(node, known);
    return known;
  };
  for (const [node, share] of ribbons.initial) row(node).initial += share;
  for (const happening of way.happenings) {
    const weight = happening.kind === 'training' ? ribbons.trainings.get(happening.seq) : undefined;
    if (weight === undefined || happening.kind !== 'training') continue;
    const of = row(happening.node);
    of.trained += weight;
    of.trainings++;
  }
  return [...found.values()];
}

/**
 * The part of each ribbon that came through one source: forwards from the start, the source's model counts whole, since its last
 * training or from the beginning; averages scale it.
 */
export function onlyFrom(way: Way, ribbons: Ribbons, source: number): Ribbons {
  const share = new Map<number, number>([[source, 1]]);
  const held = new Map<number, number>(); // share in what each message carries
  const history = new Map<number, [number, number][]>(); // per node: from this seq on, this share
  const note = (node: number, seq: number): void => {
    const list = history.get(node) ?? [];
    list.push([seq, share.get(node) ?? 0]);
    history.set(node, list);
  };
  note(source, -1);
  const at = (h: Way['happenings'][number]): number => (h.kind === 'training' && h.end >= 0 ? h.end : h.seq);
  for (const h of [...way.happenings].sort((a, b) => at(a) - at(b))) {
    if (h.kind === 'training' && h.node === source && h.end >= 0) {
      share.set(source, 1);
      note(source, h.end);
    } else if (h.kind === 'queued') {
      held.set(h.message, share.get(h.node) ?? 0);
    } else if (h.kind === 'aggregated' && h.changed) {
      const even = 1 / (h.peers.length + 1);
      let sum = (h.own ?? even) * (share.get(h.node) ?? 0);
      h.messages.forEach((message, k) => (sum += (h.weights[k] ?? even) * (held.get(message) ?? 0)));
      share.set(h.node, sum);
      note(h.node, h.seq);
    }
  }
  const inLane = (node: number, seq: number): number =>
    history.get(node)?.findLast(([from]) => from <= seq)?.[1] ?? 0;
  return {
    ...ribbons,
    messages: new Map([...ribbons.messages].map(([m, w]): [number, number] => [m, w * (held.get(m) ?? 0)]).filter(([, w]) => w > 1e-9)),
    trainings: new Map([...ribbons.trainings].filter(([seq]) =>
      way.happenings.some((h) => h.seq === seq && 'node' in h && h.node === source))),
    lanes: ribbons.lanes.map((l) => ({ ...l, weight: l.weight * inLane(l.node, Math.max(l.from, -1)) })).filter((l) => l.weight > 1e-9),
  };
}
