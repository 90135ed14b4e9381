// Order and height of the lanes of the space-time diagram. No DOM in here.

import type { Ground, StateAnswer } from '../types.ts';

export interface Lane {
  node: number; // -1: the lane that stands for `quiet` nodes
  quiet: number; // how many nodes it stands for
  y: number; // of its middle
  height: number;
}

/** With more nodes the heat map is the diagram. */
export const mostLanes = 40;
const tallest = 34;
const lowest = 2;

/** Indices of nodes in the order that was asked for; ties by order of creation. What crosses is ordered by crossings.ts. */
export function orderLanes(count: number, sort: Ground, state: StateAnswer | null): number[] {
  const nodes = Array.from({ length: count }, (_, k) => k);
  if (state === null || sort === 'given' || sort === 'crossings') return nodes;
  const keys = sort === 'group' ? groupKeys(count, state) : accuracyKeys(count, state);
  return nodes.sort((a, b) => keys[a]! - keys[b]! || a - b);
}

// Nodes without a group come last.
function groupKeys(count: number, state: StateAnswer): number[] {
  const keys = new Array<number>(count).fill(state.groups.length);
  state.groups.forEach((group, k) => {
    for (const node of group.nodes) keys[node] = Math.min(keys[node] ?? k, k);
  });
  return keys;
}

// The best first; those that were never tested last.
function accuracyKeys(count: number, state: StateAnswer): number[] {
  const keys = new Array<number>(count).fill(1);
  const tests = state.last_scope === null ? undefined : state.nodes.tests[state.last_scope];
  state.nodes.index.forEach((node, k) => {
    const accuracy = tests?.accuracy[k] ?? null;
    if (accuracy !== null) keys[node] = -accuracy;
  });
  return keys;
}

/** Lanes from `top` downwards. Nodes in `quiet` share one lane at the end if there are two or more. */
export function layLanes(order: readonly number[], quiet: ReadonlySet<number>, top: number, room: number): Lane[] {
  const fold = quiet.size >= 2;
  const shown = fold ? order.filter((node) => !quiet.has(node)) : [...order];
  const count = shown.length + (fold ? 1 : 0);
  const height = laneHeight(count, room);
  const lanes = shown.map((node, k) => ({ node, quiet: 0, y: top + (k + 0.5) * height, height }));
  if (fold) lanes.push({ node: -1, quiet: quiet.size, y: top + (shown.length + 0.5) * height, height });
  return lanes;
}

/** As tall as there is room for, up to 34 px and down to 2 px, so that 40 lanes fit into a low panel too. */
export function laneHeight(count: number, room: number): number {
  return Math.max(lowest, Math.min(tallest, room / Math.max(1, count)));
}

/**
 * Whether the lane at place `k` is named: where lanes are low, as many as can be read, and always the selected one, at place `chosen`
 * (-1: none). Names that would lie on its own are left out.
 */
export function isNamed(k: number, height: number, chosen: number, readable: number): boolean {
  const every = Math.max(1, Math.ceil(readable / height));
  return k === chosen || (k % every === 0 && (chosen < 0 || Math.abs(k - chosen) >= every));
}
