/**
 * The server numbers the nodes of a moment in the order in which they were created on its branch. The page has one list for all
 * branches, so where another branch has other nodes, or other names, what the server answers is told anew in the page's numbers.
 */
import type { CurvesAnswer, HeatAnswer, LinksAnswer, StateAnswer } from './types.ts';

/** A node of a moment: its place in `hello.nodes`, and what it is called there; null where only the start told. */
export interface BranchNode {
  index: number;
  name: string | null;
}

type Pair = [number, number];

/** The page's number of one of the server's; the same where nothing else is known. */
const of = (nodes: readonly BranchNode[]) => (node: number): number => nodes[node]?.index ?? node;

/** The numbers mean the same for both. */
const same = (nodes: readonly BranchNode[] | null): nodes is null => nodes === null || nodes.every(({ index }, k) => index === k);

export function stateHere(state: StateAnswer, nodes: readonly BranchNode[] | null): StateAnswer {
  if (same(nodes)) return state;
  const here = of(nodes);
  return {
    ...state,
    nodes: { ...state.nodes, index: state.nodes.index.map(here) },
    groups: state.groups.map((group) => ({ ...group, nodes: group.nodes.map(here) })),
    messages: state.messages.map((m) => ({ ...m, from: here(m.from), to: here(m.to) })),
  };
}

export function linksHere(links: LinksAnswer, nodes: readonly BranchNode[] | null): LinksAnswer {
  if (same(nodes)) return links;
  const here = of(nodes);
  const pairs = (list: Pair[]): Pair[] => list.map(([a, b]) => [here(a), here(b)]);
  return {
    ...links, pairs: pairs(links.pairs), one_way: pairs(links.one_way), down: pairs(links.down),
    own: links.own.map((link) => ({ ...link, from: here(link.from), to: here(link.to) })),
  };
}

export function heatHere(heat: HeatAnswer, nodes: readonly BranchNode[] | null): HeatAnswer {
  return same(nodes) ? heat : { ...heat, order: heat.order.map(of(nodes)) };
}

/** Which numbering of the page a moment has, as a text to compare; empty where it is the server's. */
export function numbering(nodes: readonly BranchNode[] | null): string {
  return same(nodes) ? '' : nodes.map(({ index }) => index).join(' ');
}

export function curvesHere(curves: CurvesAnswer, nodes: readonly BranchNode[] | null): CurvesAnswer {
  if (same(nodes)) return curves;
  const here = of(nodes);
  const metrics = Object.entries(curves.metrics).map(([metric, columns]) => {
    if (!columns.nodes) return [metric, columns] as const;
    const told: (number | null)[][] = [];
    columns.nodes.forEach((values, node) => (told[here(node)] = values));
    const none = columns.nodes[0]?.map(() => null) ?? [];
    return [metric, { ...columns, nodes: Array.from(told, (values) => values ?? none) }] as const;
  });
  return { ...curves, metrics: Object.fromEntries(metrics) };
}
