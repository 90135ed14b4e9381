/** The map of nodes by moments of a recorded run, out of its events: the server has none. Distances and ages were not recorded. */
import { orderLanes } from './time/lanes.ts';
import type { App, HeatAnswer, Look, Way } from './types.ts';

type Metric = Look['metric'];
type Bins = [number, number][]; // first and last place, both included

/** `count` places in at most `most` bins of nearly the same size. */
export function binsOf(count: number, most: number): Bins {
  const bins = Math.max(1, Math.min(count, most));
  return Array.from({ length: bins }, (_, k) => [Math.floor((k * count) / bins), Math.floor(((k + 1) * count) / bins) - 1]);
}

/** The value of each node at each moment of the way: of its last test, whatever the scope, or of its last training. */
function valuesOf(way: Way, nodes: number, metric: Metric): (number | null)[][] {
  const now = Array<number | null>(nodes).fill(null);
  let next = 0;
  return way.moments.map((_, k) => {
    const end = way.firstSeq[k + 1] ?? Infinity;
    for (; next < way.happenings.length && way.happenings[next]!.seq < end; ++next) {
      const h = way.happenings[next]!;
      if (metric === 'accuracy' && h.kind === 'tested') now[h.node] = h.accuracy;
      if (metric === 'loss' && h.kind === 'training' && h.end >= 0) now[h.node] = h.loss;
    }
    return [...now];
  });
}

/** Messages per moment: those that were sent, and those of them that were lost, where they were sent. */
function trafficOf(way: Way): { sent: number[]; lost: number[] } {
  const at = new Map(way.moments.map((moment, k) => [moment, k]));
  const [sent, lost] = [way.moments.map(() => 0), way.moments.map(() => 0)];
  for (const h of way.happenings) {
    const k = at.get(h.moment);
    if (h.kind !== 'sent' || k === undefined) continue;
    ++sent[k]!;
    if ((way.messages.get(h.message)?.lost ?? -1) >= 0) ++lost[k]!;
  }
  return { sent, lost };
}

export function recordedHeat(app: Pick<App, 'hello' | 'state' | 'look'>, way: Way, columns: number, rows: number): HeatAnswer {
  const { metric, sort } = app.look;
  const nodes = app.hello.nodes.length;
  const values = valuesOf(way, nodes, metric);
  const order = orderLanes(nodes, sort, app.state);
  const [across, down] = [binsOf(values.length, columns), binsOf(nodes, rows)];
  const most = metric === 'accuracy' ? 1 : values.reduce((top, list) => list.reduce<number>((a, b) => Math.max(a, b ?? 0), top), 1e-9);
  const grid = (of: (known: number[]) => number): (number | null)[][] => down.map(([first, last]) => across.map(([from, to]) => {
    const known = values.slice(from, to + 1).flatMap((list) => order.slice(first, last + 1).map((node) => list[node]!)).filter((v) => v !== null);
    return known.length === 0 ? null : Math.round((1000 * of(known)) / most);
  }));
  const { sent, lost } = trafficOf(way);
  const sums = (list: number[]): number[] => across.map(([from, to]) => list.slice(from, to + 1).reduce((a, b) => a + b, 0));
  return {
    columns: across.map(([from, to]) => [way.moments[from]!, way.moments[to]!]), rows: down, order, scale: [0, most],
    mean: grid((known) => known.reduce((a, b) => a + b, 0) / known.length), min: grid((known) => Math.min(...known)), max: grid((known) => Math.max(...known)),
    sent: sums(sent), lost: sums(lost),
  };
}
