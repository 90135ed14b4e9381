// A few of many nodes, chosen so that everybody can tell how: the best, the worst, and some that are drawn. No DOM in here.

import { count } from '../format.ts';

export const each = 4; // best, worst, drawn
const seed = 1;

export interface Sample {
  best: number[]; // the best first
  worst: number[]; // the worst last
  drawn: number[]; // in their order
}

/** Nodes with their accuracies; who was not tested can only be drawn. Equal ones are in order, so the same nodes come again. */
export function sampleOf(nodes: readonly { node: number; accuracy: number | null }[]): Sample {
  const tested = nodes.filter((n): n is { node: number; accuracy: number } => n.accuracy !== null);
  const sorted = [...tested].sort((a, b) => b.accuracy - a.accuracy || a.node - b.node).map((n) => n.node);
  const extremes = Math.min(each, sorted.length >> 1);
  const best = sorted.slice(0, extremes);
  const worst = sorted.slice(sorted.length - extremes);
  const taken = new Set([...best, ...worst]);
  const rest = nodes.map((n) => n.node).filter((node) => !taken.has(node));
  return { best, worst, drawn: draw(rest, Math.min(rest.length, 3 * each - 2 * extremes)) };
}

/** Top to bottom: best, drawn, worst. */
export function rowsOfSample({ best, drawn, worst }: Sample): number[] {
  return [...best, ...drawn, ...worst];
}

/** What the rows are, in words: nobody should take them for all nodes. */
export function sampleTitle({ best, drawn, worst }: Sample, nodes: number): string {
  const parts = [[best, 'best'], [drawn, 'drawn'], [worst, 'worst']] as const;
  const told = parts.filter(([list]) => list.length > 0).map(([list, word]) => `${list.length} ${word}`);
  return `${best.length + drawn.length + worst.length} of ${count(nodes)}: ${told.join(', ')} (seed ${seed})`;
}

// The first steps of a shuffle, by a small generator (Park and Miller, 1988) that is the same each time.
function draw(list: readonly number[], wanted: number): number[] {
  const left = [...list];
  let state = 48271 * seed;
  for (let k = 0; k < wanted; ++k) {
    state = (state * 48271) % 2147483647;
    const other = k + (state % (left.length - k));
    [left[k], left[other]] = [left[other]!, left[k]!];
  }
  return left.slice(0, wanted).sort((a, b) => a - b);
}
