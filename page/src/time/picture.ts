// What is painted, where, and what lies below the pointer. No DOM in here.

import type { Way } from '../types.ts';
import type { Axis } from './axis.ts';
import type { Column, Columns, Place } from './columns.ts';
import type { Lane } from './lanes.ts';
import type { Ribbons } from './ribbons.ts';
import type { Aggregated, Scene, Span, Tested, Trained } from './scene.ts';

export type Mark =
  | { kind: 'training'; of: Trained }
  | { kind: 'aggregated'; of: Aggregated; remembered: boolean }
  | { kind: 'tested'; of: Tested }
  | { kind: 'message'; message: number }
  | { kind: 'contact'; of: Span };

/** A mark as a line or a point with a reach, in pixels of the canvas. */
export interface Hit {
  mark: Mark;
  x0: number;
  y0: number;
  x1: number;
  y1: number;
  reach: number;
}

export interface Picture {
  way: Way;
  columns: Columns;
  scene: Scene;
  axis: Axis;
  lanes: Lane[];
  laneOf: Map<number, Lane>; // per node; those that are folded share one
  left: number; // where the diagram begins: right of the names
  scroll: number; // pixels of the axis that are left of `left`
  width: number;
  height: number; // without the labels of the axis
  node: number | null;
  message: number | null;
  shown: number; // moment
  present: number;
  still: boolean; // nothing plays: arrowheads
  onlyHere: Set<number> | null; // seqs that other branches have not
  only: Set<number> | null; // seqs; null: everything is painted
  ribbons: Ribbons | null;
}

export function xOf(picture: Picture, place: Place): number {
  return picture.left + picture.axis.x(place) - picture.scroll;
}

/** Where a moment ends, in pixels of the canvas; null where it is not on this way. */
export function endOf(picture: Picture, moment: number): number | null {
  const span = picture.columns.spans.get(moment);
  if (span === undefined) return null;
  return xOf(picture, { column: span[1], part: 1, t: picture.columns.columns[span[1]]!.t });
}

/** First and last column that is at least partly in view. */
export function columnsInView(picture: Picture): [number, number] {
  const { axis, scroll, width, left } = picture;
  const count = axis.left.length;
  const first = lowerBound(axis.right, scroll);
  const last = lowerBound(axis.left, scroll + width - left);
  return [Math.min(first, Math.max(0, count - 1)), Math.min(last, count - 1)];
}

/** Places in `way.happenings` of what stands in these columns: from, to (excluded). */
export function happeningsIn(picture: Picture, first: number, last: number): [number, number] {
  const columns: readonly Column[] = picture.columns.columns;
  const end = columns[last + 1]?.first ?? picture.way.happenings.length;
  return [columns[first]?.first ?? 0, end];
}

function lowerBound(values: readonly number[], wanted: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The nearest mark within reach; points win over lines at the same distance because they come last. */
export function pick(hits: readonly Hit[], x: number, y: number): Mark | null {
  let best: Mark | null = null;
  let nearest = Infinity;
  for (const hit of hits) {
    const distance = distanceTo(hit, x, y) - hit.reach;
    if (distance <= 0 && distance <= nearest) [best, nearest] = [hit.mark, distance];
  }
  return best;
}

function distanceTo(hit: Hit, x: number, y: number): number {
  const dx = hit.x1 - hit.x0;
  const dy = hit.y1 - hit.y0;
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - hit.x0) * dx + (y - hit.y0) * dy) / length));
  return Math.hypot(x - hit.x0 - share * dx, y - hit.y0 - share * dy);
}
