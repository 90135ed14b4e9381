/** Nodes as text: the list that is always in the page, for readers and for looking up, and the table that sorts. */
import { attribute, fill, h, perFrame, text } from './dom.ts';
import { number, plural } from './format.ts';
import type { App, LinksAnswer, StateAnswer } from './types.ts';

const inText = 200;

export interface NodeRow {
  node: number;
  up: boolean;
  accuracy: number | null;
  loss: number | null;
  trained: number;
  examples: number;
  neighbours: number;
  mail: number;
  met: number;
  group: string;
}

/** The accuracy of the scope that was tested last. */
export function accuracies(state: StateAnswer | null): (number | null)[] {
  if (!state?.last_scope) return state?.nodes.index.map(() => null) ?? [];
  return state.nodes.tests[state.last_scope]?.accuracy ?? state.nodes.index.map(() => null);
}

/** Links, each counted once; one way counts as one. */
export function linkCount(links: LinksAnswer | null, nodes: number): number {
  if (links?.full) return (nodes * (nodes - 1)) / 2;
  return (links?.pairs.length ?? 0) + (links?.one_way.length ?? 0);
}

export function rows(app: App): NodeRow[] {
  const state = app.state;
  if (!state) return [];
  const n = state.nodes;
  const degree = new Map<number, number>();
  for (const [a, b] of [...(app.links?.pairs ?? []), ...(app.links?.one_way ?? [])]) {
    degree.set(a, (degree.get(a) ?? 0) + 1);
    degree.set(b, (degree.get(b) ?? 0) + 1);
  }
  if (app.links?.full) for (const node of n.index) degree.set(node, n.index.length - 1);
  const groups = new Map<number, string>();
  for (const g of state.groups) for (const node of g.nodes) groups.set(node, [groups.get(node), g.group].filter(Boolean).join(' '));
  const accuracy = accuracies(state);
  return n.index.map((node, k) => ({
    node, up: n.up[k] === 1, accuracy: accuracy[k] ?? null, loss: n.loss[k] ?? null, trained: n.trained[k]!,
    examples: n.examples[k]!, neighbours: degree.get(node) ?? 0, mail: n.outbox[k]! + n.inbox[k]!, met: n.guestbook[k]!,
    group: groups.get(node) ?? '',
  }));
}

/** `#nodes-text`: each node, up to 200, by name and address, with what is known of it. The server has filled it in already. */
export function mountNodesText(app: App): void {
  const list = document.getElementById('nodes-text') ?? h('ul', { id: 'nodes-text' });
  list.classList.add('unseen');
  list.setAttribute('aria-label', 'Nodes');
  if (!list.isConnected) document.getElementById('network')!.append(list);
  app.on('state', perFrame(() => {
    const all = rows(app).slice(0, inText);
    while (list.childElementCount > all.length) list.lastElementChild!.remove();
    while (list.childElementCount < all.length) list.append(h('li'));
    all.forEach((row, k) => text(list.children[k]!, sentence(app, row)));
  }));
}

function sentence(app: App, row: NodeRow): string {
  const test = row.accuracy === null ? 'not tested' : `accuracy ${number(row.accuracy)}`;
  return `${app.nodeName(row.node)}: ${row.up ? 'up' : 'down'}, ${test}, trained ${plural(row.trained, 'time')}, ${plural(row.neighbours, 'neighbour')}`;
}

type Column = { key: keyof NodeRow; label: string; show: (row: NodeRow, app: App) => string; numeric: boolean };

const columns: Column[] = [
  // The name alone, so that all columns have room on a small screen; the address is told by the pointer.
  { key: 'node', label: 'node', show: (r, app) => app.hello.nodes[r.node]?.name || app.nodeName(r.node), numeric: false },
  { key: 'up', label: 'state', show: (r) => (r.up ? 'up' : 'down'), numeric: false },
  { key: 'accuracy', label: 'accuracy', show: (r) => number(r.accuracy), numeric: true },
  { key: 'loss', label: 'train loss', show: (r) => number(r.loss), numeric: true },
  { key: 'trained', label: 'trained', show: (r) => String(r.trained), numeric: true },
  { key: 'examples', label: 'trains on', show: (r) => String(r.examples), numeric: true },
  { key: 'neighbours', label: 'neighbours', show: (r) => String(r.neighbours), numeric: true },
  { key: 'mail', label: 'mail', show: (r) => String(r.mail), numeric: true },
  { key: 'met', label: 'met', show: (r) => String(r.met), numeric: true },
  { key: 'group', label: 'groups', show: (r) => r.group, numeric: false },
];

const longTable = 200; // rows; of a longer one only those in view are in the page, and it is drawn anew once a second at most
const beyond = 12; // rows above and below what is in view
const usualHeight = 29; // px of a row, until one is there

/** The rows of a long table that are in view, as places in the list: a thousand rows take a quarter of a second to lay out. */
export function inView(count: number, scrolled: number, high: number, row: number): [number, number] {
  if (count <= longTable) return [0, count];
  const first = Math.max(0, Math.min(count, Math.floor(scrolled / row)) - beyond);
  return [first, Math.min(count, Math.ceil((scrolled + high) / row) + beyond)];
}

/** Stands for rows that are out of view. */
function spacer(height: number): HTMLElement | null {
  return height <= 0 ? null : h('tr', { 'aria-hidden': 'true', class: 'spacer' }, h('td', { colspan: columns.length, style: `height:${height}px` }));
}

/** The table: the same data as the network, sortable, for everybody who reads better than looks. */
export function mountTable(host: HTMLElement, app: App): void {
  let sort: keyof NodeRow = 'node';
  let down = false;
  let rowHeight = usualHeight;
  const head = h('tr', { 'aria-rowindex': 1 });
  const body = h('tbody', {});
  const caption = h('caption', { class: 'unseen' }, 'Nodes at the moment that is looked at');
  const table = h('table', { id: 'node-table' }, caption, h('thead', {}, head), body);
  host.append(table);
  const order = (a: NodeRow, b: NodeRow): number => {
    const [x, y] = [a[sort], b[sort]];
    if (x === null || y === null) return x === y ? a.node - b.node : x === null ? 1 : -1;
    const sign = x < y ? -1 : x > y ? 1 : 0;
    return (down ? -sign : sign) || a.node - b.node;
  };
  const heading = (c: Column): HTMLElement =>
    h('th', { scope: 'col', class: c.numeric ? 'num' : '', 'aria-sort': c.key === sort ? (down ? 'descending' : 'ascending') : 'none' },
      h('button', { type: 'button', onclick: () => {
        down = c.key === sort ? !down : c.numeric;
        sort = c.key;
        draw();
      } }, c.key === sort ? `${c.label} ${down ? '▾' : '▴'}` : c.label));
  let list: NodeRow[] = [];
  const drawRows = (): void => {
    // Rows are made anew: whoever walks through them by keyboard stays where they are.
    const focused = body.contains(document.activeElement) ? document.activeElement!.getAttribute('data-node') : null;
    const [first, last] = inView(list.length, host.scrollTop, host.clientHeight, rowHeight);
    fill(body, spacer(first * rowHeight), ...list.slice(first, last).map((row, k) => tableRow(app, row, first + k + 2)), spacer((list.length - last) * rowHeight));
    if (focused !== null) body.querySelector<HTMLElement>(`[data-node="${focused}"]`)?.focus({ preventScroll: true });
  };
  const draw = perFrame(() => {
    if (host.hidden) return;
    fill(head, ...columns.map(heading));
    list = rows(app).sort(order);
    attribute(table, 'aria-rowcount', String(list.length + 1));
    drawRows();
    const measured = body.querySelector<HTMLElement>('tr:not(.spacer)')?.offsetHeight ?? 0;
    if (list.length <= longTable || measured === 0 || measured === rowHeight) return;
    rowHeight = measured;
    drawRows();
  });
  let due = 0;
  const drawSoon = (): void => {
    if ((app.state?.nodes.index.length ?? 0) <= longTable) return draw();
    if (due === 0) {
      due = window.setTimeout(() => {
        due = 0;
        draw();
      }, 1000);
    }
  };
  app.on('look', draw);
  for (const change of ['state', 'links'] as const) app.on(change, drawSoon);
  const scrolled = perFrame(drawRows);
  host.addEventListener('scroll', () => {
    if (list.length > longTable) scrolled();
  });
  draw();
}

function tableRow(app: App, row: NodeRow, index: number): HTMLElement {
  return h('tr', { 'aria-selected': String(row.node === app.look.node), 'aria-rowindex': index }, ...columns.map((c) => {
    const value = c.show(row, app);
    const cell = c.key === 'node' ? h('button', { class: 'plain', type: 'button', 'data-node': row.node, title: app.nodeName(row.node), onclick: () => app.set({ node: row.node }) }, value) : value;
    const chip = c.key === 'accuracy' ? h('span', { class: 'chip', style: `background:${app.accuracyColour(row.accuracy)}` }) : null;
    return h('td', { class: c.numeric ? 'num' : '' }, chip, cell);
  }));
}
