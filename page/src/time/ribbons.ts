// How much of a node's model came which way: followed back from a moment to the start. No DOM in here.
//
// Backwards, a node's weight in the wanted model is split by each aggregation: its own part stays, and
// each part of a peer goes to the message that brought it, back to where the message was queued. So at
// every cut through the diagram the weights of all nodes and messages sum to 1, and what is left at
// the start is the share of each node's initial parameters. Rules without weights (median) count alike
// all models that they saw; the result is then an estimate. Not followed: `resend` (it counts as
// queued when it was sent again), `import`, and rules that send changes instead of models.

import type { Happening, Way } from '../types.ts';

/** A message that carried some of it. */
export interface Ribbon {
  message: number;
  weight: number;
}

export interface Ribbons {
  target: number;
  exact: boolean;
  messages: Map<number, number>; // weight that came by it
  /** Per training in it (by its seq): the weight with which it counts. */
  trainings: Map<number, number>;
  initial: Map<number, number>; // per node: share of its initial parameters
  steps: Set<number>; // aggregations on the way, by seq
  /** Per node: stretches of its lane that carry some of it, from and to a seq, newest first. */
  lanes: { node: number; from: number; to: number; weight: number }[];
}

const nothing = 1e-12;

export function followBack(way: Way, target: number): Ribbons {
  const found: Ribbons = {
    target, exact: true, messages: new Map(), trainings: new Map(), initial: new Map(), steps: new Set(), lanes: [],
  };
  const weight = new Map<number, number>([[target, 1]]);
  const until = new Map<number, number>([[target, way.lastSeq + 1]]);
  const carried = new Map<number, number>(); // per message on its way back
  const steps = backwards(way);
  for (const step of steps) {
    if (step.kind === 'aggregated') split(step, weight, until, carried, found);
    else if (step.kind === 'queued') gather(step, weight, until, carried, found);
    else if (step.kind === 'training') credit(step, weight, found);
  }
  for (const [node, left] of weight) {
    if (left <= nothing) continue;
    found.initial.set(node, left);
    close(found, node, -1, until, left);
  }
  return found;
}

// Trainings count where they end: what is queued while one goes on does not have it.
function backwards(way: Way): Happening[] {
  const at = (h: Happening): number => (h.kind === 'training' ? h.end : h.seq);
  const kinds = way.happenings.filter(
    (h) => h.kind === 'aggregated' || h.kind === 'queued' || (h.kind === 'training' && h.end >= 0));
  return kinds.sort((a, b) => at(b) - at(a));
}

function split(
  step: Extract<Happening, { kind: 'aggregated' }>, weight: Map<number, number>, until: Map<number, number>,
  carried: Map<number, number>, found: Ribbons,
): void {
  const whole = weight.get(step.node) ?? 0;
  if (whole <= nothing || !step.changed) return;
  const known = step.own !== null && step.weights.every((w) => w !== null);
  if (!known) found.exact = false;
  const even = 1 / (step.peers.length + 1);
  found.steps.add(step.seq);
  close(found, step.node, step.seq, until, whole);
  weight.set(step.node, whole * (known ? step.own! : even));
  step.messages.forEach((message, k) => {
    const part = whole * (known ? step.weights[k]! : even);
    carried.set(message, (carried.get(message) ?? 0) + part);
  });
}

function gather(
  step: Extract<Happening, { kind: 'queued' }>, weight: Map<number, number>, until: Map<number, number>,
  carried: Map<number, number>, found: Ribbons,
): void {
  const part = carried.get(step.message) ?? 0;
  if (part <= nothing) return;
  found.messages.set(step.message, part);
  const before = weight.get(step.node) ?? 0;
  if (before > nothing) close(found, step.node, step.seq, until, before);
  until.set(step.node, step.seq);
  weight.set(step.node, before + part);
}

function credit(step: Extract<Happening, { kind: 'training' }>, weight: Map<number, number>, found: Ribbons): void {
  const part = weight.get(step.node) ?? 0;
  if (part > nothing) found.trainings.set(step.seq, part);
}

// A stretch of a lane ends (backwards) where the weight changes.
function close(found: Ribbons, node: number, from: number, until: Map<number, number>, weight: number): void {
  const to = until.get(node);
  if (to !== undefined && to > from) found.lanes.push({ node, from, to, weight });
  until.set(node, from);
}

/**
 * Weights at a cut just behind `seq`: of the nodes whose lane is crossed and of the messages that were queued before and are used
 * after it. They sum to 1.
 */
export function cut(way: Way, ribbons: Ribbons, seq: number): number {
  let sum = 0;
  for (const stretch of ribbons.lanes) if (stretch.from <= seq && seq < stretch.to) sum += stretch.weight;
  for (const [message, weight] of crossing(way, ribbons, seq)) sum += message >= 0 ? weight : 0;
  return sum;
}

// A message that several aggregations used carries, behind each, only what the later ones took.
function crossing(way: Way, ribbons: Ribbons, seq: number): Map<number, number> {
  const held = new Map<number, number>();
  for (const h of way.happenings) {
    if (h.kind !== 'aggregated' || h.seq <= seq || !h.changed) continue;
    const whole = ribbons.lanes.find((s) => s.node === h.node && s.from === h.seq)?.weight ?? 0;
    const even = 1 / (h.peers.length + 1);
    h.messages.forEach((message, k) => {
      const life = way.messages.get(message);
      if (life === undefined || life.queued > seq) return;
      held.set(message, (held.get(message) ?? 0) + whole * (h.weights[k] ?? even));
    });
  }
  return held;
}
