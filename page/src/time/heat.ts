// The heat map of many nodes: which value a cell has, where it lies, what a place in it is. No DOM in here.

import type { HeatAnswer, Look } from '../types.ts';

export type Measure = 'mean' | 'worst' | 'spread';

/** Value of a cell from 0 to 1 on the fixed scale of the metric, where 1 is good for accuracy and large for the others. */
export function cell(heat: HeatAnswer, metric: Look['metric'], measure: Measure, row: number, column: number): number | null {
  const pick = (grid: (number | null)[][] | null): number | null => grid?.[row]?.[column] ?? null;
  if (measure === 'mean') return thousandth(pick(heat.mean));
  const [low, high] = [pick(heat.min), pick(heat.max)];
  if (measure === 'spread') return low === null || high === null ? null : thousandth(high - low);
  return thousandth(metric === 'accuracy' ? low : high);
}

function thousandth(value: number | null): number | null {
  return value === null ? null : Math.max(0, Math.min(1, value / 1000));
}

/** Index of the bin that has this value; -1 where none has. Bins are sorted, first and last included. */
export function binOf(bins: readonly [number, number][], value: number): number {
  let low = 0;
  let high = bins.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = bins[middle]!;
    if (value < first) high = middle - 1;
    else if (value > last) low = middle + 1;
    else return middle;
  }
  return -1;
}

/** The bin of the column that has the moment; moments between two columns belong to the one before. */
export function columnOf(heat: HeatAnswer, moment: number): number {
  let found = -1;
  heat.columns.forEach(([first], k) => {
    if (first <= moment) found = k;
  });
  return found;
}

/** Nodes around a place in `order`: `count` of them, fewer at the ends of a short list. */
export function lensRows(order: readonly number[], place: number, count = 9): number[] {
  const first = Math.max(0, Math.min(order.length - count, place - (count >> 1)));
  return order.slice(first, first + count);
}

/** Place in `order` at a height from 0 to 1. */
export function placeAt(heat: HeatAnswer, share: number): number {
  const row = Math.max(0, Math.min(heat.rows.length - 1, Math.floor(share * heat.rows.length)));
  const [first, last] = heat.rows[row] ?? [0, 0];
  const inside = share * heat.rows.length - row;
  return Math.min(last, first + Math.floor(Math.max(0, inside) * (last - first + 1)));
}

/** Height of a bar of messages, 0 to 1, by the logarithm; and the lost part of it. */
export function barOf(sent: number, lost: number, most: number): { height: number; lost: number } {
  if (sent <= 0) return { height: 0, lost: 0 };
  const height = Math.log(1 + sent) / Math.log(1 + Math.max(1, most));
  return { height, lost: height * Math.min(1, lost / sent) };
}

const whats: Record<Look['metric'], string> = {
  accuracy: 'accuracy of the last test', distance: 'distance to the mean model', age: 'age of what is known, in moments', loss: 'training loss',
};
const measures: Record<Measure, [string, string]> = {
  mean: ['mean', 'mean'], worst: ['lowest', 'highest'], spread: ['spread', 'spread'],
};

/** One sentence: what the picture shows, and on which scale. */
export function title(heat: HeatAnswer | null, metric: Look['metric'], measure: Measure, nodes: number): string {
  const word = measures[measure][metric === 'accuracy' ? 0 : 1];
  const scale = heat === null ? '' : `, from ${round(heat.scale[0])} (dark) to ${round(heat.scale[1])} (light)`;
  const rows = heat === null || heat.rows.length >= nodes ? '' : `; ${heat.rows.length} rows for ${nodes} nodes`;
  return `${whats[metric]}: ${word}${scale}${rows}`;
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
