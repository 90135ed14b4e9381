/**
 * Answers of the server made here, out of the story: curves and one node at a moment that the server does not have, as in a
 * recorded run. What events do not tell (hashes, distances, expiries) is left out.
 */
import { messagesAt } from './recorded.ts';
import type { App, CurveColumns, CurvesAnswer, LinksAnswer, NodeAnswer, StateAnswer, Way } from './types.ts';

/** Value at share `p` of sorted values, as the program takes it: between neighbours in a straight line. */
export function percentile(sorted: number[], p: number): number {
  const at = p * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low]! + (at - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!);
}

function columns(rows: (number | null)[][], tested: number[], nodes: number): CurveColumns {
  const result = { tested, count: [], mean: [], min: [], max: [], p10: [], p90: [], nodes: [] } as unknown as Required<CurveColumns>;
  for (const row of rows) {
    const known = row.filter((v): v is number => v !== null).sort((a, b) => a - b);
    const some = known.length > 0;
    result.count.push(known.length);
    result.mean.push(some ? known.reduce((a, b) => a + b, 0) / known.length : null);
    result.min.push(known[0] ?? null);
    result.max.push(known.at(-1) ?? null);
    result.p10.push(some ? percentile(known, 0.1) : null);
    result.p90.push(some ? percentile(known, 0.9) : null);
  }
  const columnsOf: CurveColumns = { ...result };
  if (nodes <= 60) columnsOf.nodes = Array.from({ length: nodes }, (_, node) => rows.map((row) => row[node] ?? null));
  else delete columnsOf.nodes;
  return columnsOf;
}

/** Curves along a way, a point per moment: the last value of each node at each moment, and whether one of them is new. */
export function recordedCurves(app: App, way: Way): CurvesAnswer {
  const nodes = app.hello.nodes.length;
  const now = new Map<string, (number | null)[]>();
  const rows = new Map<string, (number | null)[][]>();
  const tested = new Map<string, Set<number>>(); // per metric the points at which it was measured
  const points = way.moments.length;
  const sent: number[] = [];
  let bytes = 0;
  let next = 0;
  const value = (metric: string, node: number, v: number | null, point: number): void => {
    tested.set(metric, (tested.get(metric) ?? new Set()).add(point));
    let list = now.get(metric);
    if (!list) now.set(metric, (list = Array<number | null>(nodes).fill(null)));
    list[node] = v;
  };
  for (let k = 0; k < points; ++k) {
    const end = way.firstSeq[k + 1] ?? Infinity;
    for (; next < way.happenings.length && way.happenings[next]!.seq < end; ++next) {
      const h = way.happenings[next]!;
      if (h.kind === 'tested') value(`test_acc:${h.scope}`, h.node, h.accuracy, k);
      else if (h.kind === 'training' && h.end >= 0) value('train_loss', h.node, h.loss, k);
      else if (h.kind === 'sent') bytes += way.messages.get(h.message)?.bytes ?? 0;
    }
    sent.push(bytes);
    for (const [metric, list] of now) {
      let all = rows.get(metric);
      if (!all) rows.set(metric, (all = Array.from({ length: k }, () => Array<number | null>(nodes).fill(null))));
      all.push([...list]);
    }
  }
  const segments = way.moments.map((m) => app.story.segments.get(m));
  return {
    moment: [...way.moments], t: segments.map((s) => s?.t ?? 0), cycle: segments.map((s) => s?.cycle ?? 0), bytes: sent,
    metrics: Object.fromEntries([...rows].map(([metric, all]) => [metric, columns(all, all.map((_, k) => (tested.get(metric)!.has(k) ? 1 : 0)), nodes)])),
  };
}

/** One node at the end of a way. */
export function recordedNode(app: App, node: number, state: StateAnswer, way: Way, links: LinksAnswer | null): NodeAnswer {
  const k = state.nodes.index.indexOf(node);
  const name = (i: number): string => app.hello.nodes[i]?.node ?? '?';
  const near = new Set([...(links?.pairs ?? []), ...(links?.one_way ?? [])].filter((p) => p.includes(node)).map(([a, b]) => (a === node ? b : a)));
  const met = new Map<number, number>();
  let trained: NodeAnswer['last_trained'] = null;
  for (const h of way.happenings) {
    if (h.kind === 'delivered' && h.node === node) met.set(way.messages.get(h.message)!.from, h.t);
    if (h.kind === 'training' && h.node === node && h.end >= 0) trained = { loss: h.loss ?? NaN, examples: h.examples };
  }
  return {
    node: name(node), name: app.hello.nodes[node]?.name ?? '', up: state.nodes.up[k] === 1, examples: state.nodes.examples[k] ?? 0,
    held_out: state.nodes.held_out?.[k] ?? 0, trained: state.nodes.trained[k] ?? 0,
    groups: state.groups.filter((g) => g.nodes.includes(node)).map((g) => g.group), rate: 1, model: '', neighbours: [...near].map(name),
    last_trained: trained,
    tests: Object.entries(state.nodes.tests).filter(([, t]) => t.accuracy[k] !== null).map(([scope, t]) => ({ scope, accuracy: t.accuracy[k]!, loss: t.loss[k] ?? NaN, old: t.old[k] === 1 })),
    guestbook: [...met].map(([peer, received]) => ({
      node: name(peer), name: app.hello.nodes[peer]?.name ?? '', expiry: null, examples: state.nodes.examples[state.nodes.index.indexOf(peer)] ?? 0, sent: 0, received, distance: null,
    })),
    not_met: [...near].filter((n) => !met.has(n)).map(name),
    messages: messagesAt(way).filter((m) => m.from === node || m.to === node).map((m) => ({ ...m, from: name(m.from), to: name(m.to) })),
    labels: [],
  };
}
