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

/** Where a thousand nodes share, all of them are small: so many of the largest are shown then. */
export const fewestRows = 12;

/** Largest first. Small ones are folded where there are two or more of them; never more than half of all together without a name. */
export function rowsOf(sources: readonly WhySource[], indexOf: (address: string) => number): Row[] {
  const rows = sources.map((s): Row => ({
    node: indexOf(s.node), count: 1, initial: s.initial, trained: s.trained, trainings: s.trainings,
  }));
  rows.sort((a, b) => b.initial + b.trained - (a.initial + a.trained) || a.node - b.node);
  let small = rows.filter((row) => row.initial < smallShare && row.trained < smallShare);
  const share = (list: readonly Row[]): number => list.reduce((sum, row) => sum + row.initial + row.trained, 0);
  if (share(small) > share(rows) / 2) small = small.filter((row) => rows.indexOf(row) >= fewestRows);
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

/** What a model holds: of the wanted source, and of all. Initial parameters count 1, and each training 1; averages scale them. */
interface Credit {
  own: number;
  all: number;
}

/** The part of each ribbon that is due to one source: its share of the initial parameters and trainings in what is carried. */
export function onlyFrom(way: Way, ribbons: Ribbons, source: number): Ribbons {
  const models = new Map<number, Credit>();
  const of = (node: number): Credit => models.get(node) ?? { own: node === source ? 1 : 0, all: 1 };
  const carried = new Map<number, Credit>(); // per message
  const shares = new Map<number, [number, number][]>(); // per node: from this seq on, this share
  const put = (node: number, seq: number, credit: Credit): void => {
    models.set(node, credit);
    const list = shares.get(node) ?? [];
    list.push([seq, credit.own / credit.all]);
    shares.set(node, list);
  };
  put(source, -1, of(source));
  // Trainings count where they end.
  const at = (h: Way['happenings'][number]): number => (h.kind === 'training' && h.end >= 0 ? h.end : h.seq);
  for (const h of [...way.happenings].sort((a, b) => at(a) - at(b))) {
    if (h.kind === 'queued') carried.set(h.message, of(h.node));
    else if (h.kind === 'training' && h.end >= 0) {
      const { own, all } = of(h.node);
      put(h.node, h.end, { own: own + (h.node === source ? 1 : 0), all: all + 1 });
    } else if (h.kind === 'aggregated' && h.changed) put(h.node, h.seq, mixed(h, of(h.node), carried));
  }
  const inLane = (node: number, seq: number): number => shares.get(node)?.findLast(([from]) => from <= seq)?.[1] ?? 0;
  const inMessage = (message: number): number => {
    const credit = carried.get(message);
    return credit === undefined ? 0 : credit.own / credit.all;
  };
  const trainers = new Map(way.happenings.map((h) => [h.seq, h.kind === 'training' ? h.node : -1]));
  return {
    ...ribbons,
    messages: new Map([...ribbons.messages].map(([m, w]): [number, number] => [m, w * inMessage(m)]).filter(([, w]) => w > 1e-9)),
    trainings: new Map([...ribbons.trainings].filter(([seq]) => trainers.get(seq) === source)),
    lanes: ribbons.lanes.map((l) => ({ ...l, weight: l.weight * inLane(l.node, l.from) })).filter((l) => l.weight > 1e-9),
  };
}

function mixed(h: Extract<Way['happenings'][number], { kind: 'aggregated' }>, kept: Credit, carried: Map<number, Credit>): Credit {
  const even = 1 / (h.peers.length + 1);
  const own = h.own ?? even;
  const sum = { own: own * kept.own, all: own * kept.all };
  h.messages.forEach((message, k) => {
    const credit = carried.get(message) ?? { own: 0, all: 1 };
    sum.own += (h.weights[k] ?? even) * credit.own;
    sum.all += (h.weights[k] ?? even) * credit.all;
  });
  return sum;
}
