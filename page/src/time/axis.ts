// From places to pixels: the three axes of the space-time diagram. No DOM in here.
//
// *order*: each column has the same width. *time*: linear in the clock. *compressed*: gaps count by
// the logarithm, so that a training of a minute and a message of 20 ms are both seen. Where several
// columns have one time, a linear axis would put them on one line; there time stands still, and the
// columns are laid beside each other on grey ground.

import { time } from '../format.ts';
import type { Axis as Kind } from '../types.ts';
import type { Column, Place } from './columns.ts';

/** A stretch of the axis in pixels. */
export interface Stretch {
  from: number;
  to: number;
}

export interface Tick {
  x: number;
  text: string;
}

export interface Axis {
  kind: Kind;
  width: number; // of all columns, in pixels
  left: number[]; // per column its left edge
  right: number[]; // and its right one
  still: Stretch[]; // where time stands still
  x(place: Place): number;
}

/** Width of a column in which time stands still, on the axes of time, beside what `perColumn` asks. */
const stillShare = 0.6;

export function makeAxis(columns: readonly Column[], kind: Kind, perColumn: number): Axis {
  const left: number[] = [];
  const right: number[] = [];
  const still: Stretch[] = [];
  let x = 0;
  const scale = kind === 'order' ? null : gapScale(columns, kind, perColumn);
  columns.forEach((column, k) => {
    const before = k > 0 ? columns[k - 1]! : null;
    const gap = before === null ? 0 : column.t - before.t;
    if (scale !== null && gap > 0) x += scale(gap);
    const width = scale === null ? perColumn : perColumn * stillShare;
    left.push(x);
    x += width;
    right.push(x);
    if (scale !== null && before !== null && gap === 0) widen(still, left[k - 1]!, x);
  });
  const axis = { kind, width: x, left, right, still };
  return { ...axis, x: (place) => pixel(columns, left, right, kind, place) };
}

// Neighbouring stretches become one.
function widen(still: Stretch[], from: number, to: number): void {
  const last = still[still.length - 1];
  if (last !== undefined && last.to >= from) last.to = to;
  else still.push({ from, to });
}

// Linear: the median gap gets two columns' width, the longest at most 60. Compressed: a + b·log(1 + gap/τ)
// with τ the median gap, so that the median gap is about as wide as a column.
function gapScale(columns: readonly Column[], kind: Kind, perColumn: number): (gap: number) => number {
  const gaps: number[] = [];
  for (let k = 1; k < columns.length; k++) {
    const gap = columns[k]!.t - columns[k - 1]!.t;
    if (gap > 0) gaps.push(gap);
  }
  if (gaps.length === 0) return () => 0;
  gaps.sort((a, b) => a - b);
  const median = gaps[gaps.length >> 1]!;
  if (kind === 'compressed') return (gap) => perColumn * (0.2 + Math.log2(1 + gap / median));
  const largest = gaps[gaps.length - 1]!;
  const perNs = Math.min((2 * perColumn) / median, (60 * perColumn) / largest);
  return (gap) => gap * perNs;
}

function pixel(columns: readonly Column[], left: number[], right: number[], kind: Kind, place: Place): number {
  if (columns.length === 0) return 0;
  const k = Math.min(Math.max(place.column, 0), columns.length - 1);
  const inside = left[k]! + place.part * (right[k]! - left[k]!);
  if (kind === 'order' || place.t === columns[k]!.t) return inside;
  return between(columns, left, right, place.t);
}

// A time that no column has (a message's arrival inside a run): on the way between two columns.
function between(columns: readonly Column[], left: number[], right: number[], t: number): number {
  let low = 0;
  let high = columns.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (columns[middle]!.t < t) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return left[0]!;
  if (low === columns.length) return right[columns.length - 1]!;
  const before = columns[low - 1]!;
  const share = (t - before.t) / (columns[low]!.t - before.t);
  return right[low - 1]! + share * (left[low]! - right[low - 1]!);
}

/** The column at a pixel; -1 where there is none. */
export function columnAt(axis: Axis, x: number): number {
  const count = axis.left.length;
  if (count === 0 || x < 0) return count === 0 ? -1 : 0;
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (axis.left[middle]! <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Labels at least `apart` pixels from each other. In time: the clock. In order: moments (`m4`); inside a long command the clock, less
 * often.
 */
export function ticks(axis: Axis, columns: readonly Column[], apart: number): Tick[] {
  const found: Tick[] = [];
  let before: Column | null = null;
  let last = -Infinity;
  columns.forEach((column, k) => {
    const x = axis.left[k]!;
    const made = axis.kind === 'order' && before?.moment !== column.moment && column.moment >= 0;
    const later = before === null || before.t !== column.t;
    before = column;
    if (!made && !later) return;
    if (x - last < (axis.kind === 'order' && !made ? 3 * apart : apart)) return;
    found.push({ x, text: made ? `m${column.moment}` : time(column.t) });
    last = x;
  });
  return found;
}
