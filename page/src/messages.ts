/** Messages: what can arrive next on top, then those that waited, arrived, were used or lost; with what can be done to each. */
import { fill, h, perFrame } from './dom.ts';
import { storyLimit } from './known.ts';
import { bytes, count, plural, time } from './format.ts';
import { emptyState } from './layout.ts';
import { messageNo } from './may.ts';
import { messageMenu } from './network/menus.ts';
import type { App, MessageState, StateAnswer, Way } from './types.ts';

const shown = 300;
type State = MessageState | 'lost' | 'used' | 'superseded';

interface Row {
  message: number;
  from: number;
  to: number;
  bytes: number;
  state: State;
  what: string;
  arrives: number | null;
}

const filters: [string, string, (r: Row) => boolean][] = [
  ['all', 'all', () => true],
  ['now', 'now under way', (r) => !['lost', 'used', 'superseded'].includes(r.state)],
  ['outbox', 'in outboxes', (r) => r.state === 'outbox'],
  ['flight', 'in flight', (r) => r.state === 'flight' || r.state === 'arrived'],
  ['inbox', 'in inboxes', (r) => r.state === 'inbox'],
  ['used', 'aggregated', (r) => r.state === 'used'],
  ['superseded', 'superseded', (r) => r.state === 'superseded'],
  ['lost', 'lost', (r) => r.state === 'lost'],
];

const order: State[] = ['flight', 'arrived', 'outbox', 'inbox', 'lost', 'used', 'superseded'];

function past(way: Way, known: Set<number>): Row[] {
  const rows: Row[] = [];
  for (const life of way.messages.values()) {
    if (known.has(life.message)) continue;
    if (life.lost >= 0) rows.push({ ...life, state: 'lost', what: `lost (${life.reason}) at ${time(life.lostAt)}`, arrives: null });
    else if (life.used >= 0) rows.push({ ...life, state: 'used', what: `aggregated ${plural(life.uses.length, 'time')}`, arrives: life.arrivedAt });
    else if (life.superseded >= 0) rows.push({ ...life, state: 'superseded', what: 'superseded by a newer one', arrives: life.arrivedAt });
  }
  return rows;
}

/** All messages of the way to the moment looked at; those under way as the state has them. */
export function messageRows(app: App): Row[] {
  const now = app.state?.messages ?? [];
  const words: Record<MessageState, string> = { outbox: 'waits in the outbox', flight: 'in flight', arrived: 'arrived, waits for a step', inbox: 'in the inbox' };
  const rows: Row[] = now.map((m) => ({
    ...m, what: m.state === 'flight' && m.arrives !== null ? `arrives at ${time(m.arrives)}` : words[m.state], arrives: m.arrives,
  }));
  if (app.hasStory()) rows.push(...past(app.story.way(app.shown()), new Set(now.map((m) => m.message))));
  const rank = (r: Row): number => order.indexOf(r.state);
  return rows.sort((a, b) => rank(a) - rank(b) || (rank(a) >= 4 ? b.message - a.message : (a.arrives ?? 0) - (b.arrives ?? 0) || a.message - b.message));
}

export function mountMessages(host: HTMLElement, app: App): void {
  let filter = 'all';
  let own = false;
  const choose = h('select', { 'aria-label': 'Which messages' }, ...filters.map(([id, label]) => h('option', { value: id }, label)));
  const ofNode = h('button', { type: 'button', 'aria-pressed': 'false' }, 'of the selected node');
  const number = h('span', { class: 'soft' });
  const box = h('div', {});
  fill(host, h('div', { class: 'tools' }, choose, ofNode, number), box);
  const draw = perFrame(() => {
    if (host.hidden) return;
    const all = messageRows(app);
    const test = filters.find(([id]) => id === filter)![2];
    const node = app.look.node;
    const list = all.filter((r) => test(r) && (!own || node === null || r.from === node || r.to === node));
    number.textContent = `${plural(list.length, 'message')}${app.state?.messages_left_out ? `, ${app.state.messages_left_out} more under way` : ''}`;
    const told = app.state?.counts;
    if (all.length === 0 && !app.hasWholeStory() && told && told.sent > 0) return fill(box, onlyCounted(told, app.hasStory()));
    if (all.length === 0) return fill(box, emptyState(app, 'Nothing sent yet. `flood` sends each node’s model to its neighbours.', 'flood'));
    const focus = document.activeElement instanceof HTMLElement && box.contains(document.activeElement) ? document.activeElement.dataset.do : undefined;
    fill(box, table(app, list.slice(0, shown)), list.length > shown ? h('p', { class: 'soft' }, `${list.length - shown} more: filter, or select a node.`) : null);
    if (focus) box.querySelector<HTMLElement>(`[data-do="${focus}"]`)?.focus();
  });
  choose.onchange = () => {
    filter = choose.value;
    draw();
  };
  ofNode.onclick = () => {
    own = !own;
    ofNode.setAttribute('aria-pressed', String(own));
    draw();
  };
  for (const change of ['state', 'look', 'story'] as const) app.on(change, draw);
  draw();
}

/** With many nodes only what is under way is told one by one. */
function onlyCounted(told: StateAnswer['counts'], hasStory: boolean): HTMLElement {
  const why = hasStory
    ? 'They were sent before the page was served, or before what is kept of the story: single messages are listed from then on.'
    : `With more than ${storyLimit} nodes single messages are listed only while they are under way; the row below the map tells how many there were at each moment.`;
  return h('div', { class: 'empty' }, h('p', {}, `Nothing is under way. So far ${plural(told.sent, 'message')} sent, ${count(told.delivered)} delivered, ${count(told.lost)} lost.`),
    h('p', { class: 'soft' }, why));
}

function table(app: App, rows: Row[]): HTMLElement {
  const head = ['message', 'from → to', 'size', 'what', 'do'].map((t, k) => h('th', { scope: 'col', class: k === 2 ? 'num' : '' }, t));
  return h('table', { id: 'message-table' }, h('thead', {}, h('tr', {}, ...head)), h('tbody', {}, ...rows.map((r) => line(app, r))));
}

function line(app: App, row: Row): HTMLElement {
  const button = (what: 'drop' | 'deliver' | 'resend'): HTMLElement => {
    const why = messageNo(app, what, row);
    return h('button', {
      type: 'button', class: 'plain', 'data-do': `${what}-${row.message}`, 'aria-disabled': why ? 'true' : null, title: why ?? `${what} ${row.message}`,
      'aria-label': `${what} message ${row.message}`, onclick: () => (why ? app.say(why, true) : void app.send(`${what} ${row.message}`)),
    }, what);
  };
  const selected = app.look.message === row.message;
  const result = h('tr', { 'aria-selected': String(selected) },
    h('td', {}, h('button', { class: 'plain', type: 'button', onclick: () => app.set({ message: selected ? null : row.message }) }, `#${row.message}`)),
    h('td', {}, `${app.nodeName(row.from, true)} → ${app.nodeName(row.to, true)}`), h('td', { class: 'num' }, bytes(row.bytes)),
    h('td', { class: row.state === 'lost' ? 'bad' : '' }, row.state === 'lost' ? `✕ ${row.what}` : row.what),
    h('td', { class: 'do' }, button('drop'), button('deliver'), button('resend')));
  result.addEventListener('contextmenu', (e) => {
    e.preventDefault();
    app.menu(e.clientX, e.clientY, messageMenu(app, row));
  });
  return result;
}
