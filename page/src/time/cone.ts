// With many nodes the cone of Why is a heat map: how much of the wanted model each node held at the end of each moment. No DOM in here.

import type { HeatAnswer, Way } from '../types.ts';
import type { Ribbons } from './ribbons.ts';

/** Rows are nodes, those that held most at the start first; values are square roots, so that small shares are seen. */
export function coneHeat(way: Way, ribbons: Ribbons, nodes: number, mostColumns: number, mostRows: number): HeatAnswer {
  const ends = momentEnds(way);
  const columns = parts(way.moments.length, mostColumns);
  const held = new Map<number, Float64Array>(); // per node, per column: the largest weight
  for (const stretch of ribbons.lanes) {
    const row = held.get(stretch.node) ?? new Float64Array(columns.length);
    held.set(stretch.node, row);
    columns.forEach(([first, last], c) => {
      for (let k = first; k <= last; k++)
        if (stretch.from <= ends[k]! && ends[k]! < stretch.to) row[c] = Math.max(row[c]!, stretch.weight);
    });
  }
  const sum = (node: number): number => held.get(node)?.reduce((total, w) => total + w, 0) ?? 0;
  const order = Array.from({ length: nodes }, (_, k) => k).sort((a, b) => sum(b) - sum(a) || a - b);
  const rows = parts(nodes, mostRows);
  const mean = rows.map(([first, last]) => columns.map((_, c) => {
    let most = 0;
    for (let k = first; k <= last; k++) most = Math.max(most, held.get(order[k]!)?.[c] ?? 0);
    return Math.round(1000 * Math.sqrt(Math.min(1, most)));
  }));
  const moments = columns.map(([first, last]): [number, number] => [way.moments[first]!, way.moments[last]!]);
  const none = columns.map(() => 0);
  return { columns: moments, rows, order, scale: [0, 1], mean, min: mean, max: mean, sent: none, lost: none };
}

/** Per moment of the way the seq of its last happening. */
function momentEnds(way: Way): number[] {
  const place = new Map(way.moments.map((moment, k) => [moment, k]));
  const ends = new Array<number>(way.moments.length).fill(-1);
  for (const h of way.happenings) {
    const k = place.get(h.moment);
    if (k !== undefined && h.kind !== 'tested') ends[k] = h.seq;
  }
  for (let k = 1; k < ends.length; k++) ends[k] = Math.max(ends[k]!, ends[k - 1]!);
  return ends;
}

/** First and last of nearly equal parts of `count` things. */
function parts(count: number, most: number): [number, number][] {
  const number = Math.max(1, Math.min(count, most));
  return Array.from({ length: number }, (_, k) => [Math.floor((k * count) / number), Math.floor(((k + 1) * count) / number) - 1]);
}
