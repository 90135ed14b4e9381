/**
 * Which points of a curve were measured. The program repeats the last value at each moment; a point stands only where the value is
 * new, and what is repeated up to the end is drawn as such. No DOM in here.
 */

import type { CurvesAnswer, Look, Way } from './types.ts';

type Values = (number | null)[];

/**
 * Where points lie from left to right: moments, seconds or bytes. Time and bytes stand still over many moments; each point then lies
 * a hair right of the one before, because a point at the very place of another one is not drawn.
 */
export function xValues(answer: Pick<CurvesAnswer, 'moment' | 't' | 'bytes'>, x: Look['x']): number[] {
  if (x === 'moment') return answer.moment;
  const values = x === 't' ? answer.t.map((ns) => ns / 1e9) : answer.bytes;
  const hair = (values[values.length - 1]! - values[0]! || 1) * 1e-8;
  let last = -Infinity;
  return values.map((value) => (last = Math.max(value, last + hair)));
}

/** The values where somebody was measured anew, null elsewhere. `tested`: 1 there; without it each value is new. */
export function measured(values: Values, tested: number[] | undefined): Values {
  return tested === undefined ? values : values.map((value, k) => (tested[k] === 1 ? value : null));
}

/** From the last measured value to the end, at that value; null before, and everywhere if the last moment was measured. */
export function carried(values: Values, tested: number[] | undefined): Values {
  const points = measured(values, tested);
  const last = points.findLastIndex((value) => value !== null);
  if (last < 0 || last === values.length - 1) return values.map(() => null);
  return values.map((value, k) => (k >= last ? value : null));
}

/** The moments in which a node was measured by a metric, as the events of the way tell; null: they do not tell of this metric. */
export function momentsOf(way: Way, node: number, metric: string): Set<number> | null {
  const test = /^test_(?:acc|loss)(?::(.*))?$/.exec(metric);
  if (test === null && metric !== 'train_loss') return null;
  const scope = test?.[1] ?? 'general';
  const moments = new Set<number>();
  for (const h of way.happenings) {
    if (h.node !== node) continue;
    if (test !== null && h.kind === 'tested' && h.scope === scope) moments.add(h.moment);
    // A training may end in a later command than it began in.
    if (test === null && h.kind === 'training' && h.end >= 0) moments.add(way.moments[way.firstSeq.findLastIndex((seq) => seq <= h.end)] ?? h.moment);
  }
  return moments;
}

/** The values at the points that have one of these moments, or one since the point before: points may stand for several moments. */
export function valuesAt(values: Values, points: readonly number[], moments: ReadonlySet<number>): Values {
  const sorted = [...moments].sort((a, b) => a - b);
  let next = 0;
  return values.map((value, k) => {
    let found = false;
    for (; next < sorted.length && sorted[next]! <= points[k]!; ++next) found = true;
    return found ? value : null;
  });
}

/**
 * The points of one node where no events tell. That somebody was measured is known, not who: it was this one if its value is another
 * one, or if no value of all `nodes` is.
 */
export function measuredOf(node: number, nodes: Values[], tested: number[] | undefined): Values {
  const own = nodes[node] ?? [];
  if (tested === undefined) return own;
  const before = lastPoints(tested);
  const changed = (values: Values, k: number): boolean => values[k] !== (before[k] === -1 ? null : values[before[k]!]);
  return own.map((value, k) => (tested[k] === 1 && (changed(own, k) || !nodes.some((n) => changed(n, k))) ? value : null));
}

// Per point the one before it that was measured; -1: none.
function lastPoints(tested: number[]): number[] {
  let last = -1;
  return tested.map((on, k) => {
    const before = last;
    if (on === 1) last = k;
    return before;
  });
}
