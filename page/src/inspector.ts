/** One node: what it is, its tests, whom it has met, its mail, its labels; and buttons that type commands. */
import { Unreachable } from './api.ts';
import { fill, h } from './dom.ts';
import { bytes, count, number, plural, time } from './format.ts';
import { emptyState } from './layout.ts';
import { labelBars } from './labels.ts';
import { messageNo } from './may.ts';
import { accuracies } from './nodes.ts';
import { recordedNode } from './recorded_answers.ts';
import { type } from './bar.ts';
import type { App, NodeAnswer } from './types.ts';

class Inspector {
  private asked = 0;
  private drawn: number | null = null; // node

  constructor(private host: HTMLElement, private app: App) {
    for (const change of ['state', 'look'] as const) app.on(change, () => void this.load());
    void this.load();
  }

  private async load(): Promise<void> {
    const { app, host } = this;
    if (host.hidden) return;
    const node = app.look.node;
    if (node === null) return this.choose();
    const number = ++this.asked;
    try {
      const answer = await this.ask(node);
      if (number === this.asked) this.draw(node, answer);
    } catch (error) {
      // After the end what is there is how it was.
      if (number !== this.asked || (error instanceof Unreachable && this.drawn === node)) return;
      this.drawn = null;
      fill(host, emptyState(app, `${app.nodeName(node)}: ${error instanceof Error ? error.message : 'not known at this moment'}.`));
    }
  }

  /** Of a recorded run the server has only the start, so that nothing is asked; the rest is told by events. */
  private async ask(node: number): Promise<NodeAnswer> {
    const { app } = this;
    if (!app.hello.recorded) return app.get<NodeAnswer>('/api/node', { node: app.hello.nodes[node]?.node ?? '', moment: app.look.moment });
    if (!app.state?.nodes.index.includes(node)) throw new Error('it is not there at this moment');
    return recordedNode(app, node, app.state, app.story.way(app.shown()), app.links);
  }

  /** Nothing is selected: the nodes to choose from. */
  private choose(): void {
    this.drawn = null;
    const list = this.app.state?.nodes.index.slice(0, 60) ?? [];
    fill(this.host, emptyState(this.app, 'Click a node in the network, or choose one.'),
      h('div', { class: 'tools' }, ...list.map((node) => h('button', { type: 'button', onclick: () => this.app.set({ node }) }, this.app.nodeName(node, true)))));
  }

  private draw(node: number, a: NodeAnswer): void {
    const focus = document.activeElement instanceof HTMLElement && this.host.contains(document.activeElement) ? document.activeElement.dataset.do : undefined;
    this.drawn = node;
    fill(this.host, this.heading(node, a), this.buttons(node, a), this.facts(a), this.tests(node, a), this.guestbook(a), this.mail(a), this.labels(a));
    if (focus) this.host.querySelector<HTMLElement>(`[data-do="${focus}"]`)?.focus();
  }

  private heading(node: number, a: NodeAnswer): HTMLElement {
    const accuracy = accuracies(this.app.state)[this.app.state?.nodes.index.indexOf(node) ?? -1] ?? null;
    return h('h2', {}, h('span', { class: 'chip', style: `background:${this.app.accuracyColour(accuracy)}` }), this.app.nodeName(node),
      h('span', { class: 'soft' }, a.up ? '' : ' · down'));
  }

  private buttons(node: number, a: NodeAnswer): HTMLElement {
    const { app } = this;
    const word = app.nodeWord(node);
    const no = app.mayNot();
    const down = no ?? (a.up ? null : 'The node is down.');
    const make = (id: string, label: string, why: string | null, run: () => void): HTMLElement =>
      h('button', { type: 'button', 'data-do': id, 'aria-disabled': why ? 'true' : null, title: why ?? label, onclick: () => (why ? app.say(why, true) : run()) }, id);
    const cmd = (id: string, line: string, why: string | null): HTMLElement => make(id, line, why, () => void app.send(line));
    return h('div', { class: 'tools' }, cmd('train', `train ${word}`, down), cmd('test', `test ${word} local`, down), cmd('flood', `flood ${word}`, down),
      cmd('ag', `ag ${word}`, down), cmd('step', `step ${word}`, down), make('exchange', `exchange ${word} …`, down, () => type(`exchange ${word} `)),
      a.up ? cmd('fail', `node down ${word}`, no) : cmd('revive', `node up ${word}`, no),
      make('group', `group … add ${word}`, no, () => type(`group create GROUP; group GROUP add ${word}`)),
      make('why', 'whose knowledge is in its model', null, () => app.set({ panel: 'why', source: null })));
  }

  private facts(a: NodeAnswer): HTMLElement {
    const list: [string, string][] = [
      ['data', `${count(a.examples)} to train on${a.held_out ? `, ${count(a.held_out)} held out` : ''}`],
      ['trained', `${plural(a.trained, 'time')}${a.last_trained ? `, last loss ${number(a.last_trained.loss)}` : ''}`],
      ['model', `${this.app.hello.parameters ? plural(this.app.hello.parameters, 'parameter') : ''}${a.model ? `, hash ${a.model}` : ''}`],
      ['groups', a.groups.join(' ') || '–'],
      ['neighbours', a.neighbours.length > 24 ? `${a.neighbours.length}` : a.neighbours.map((n) => this.short(n)).join(' ') || '–'],
    ];
    if (a.rate !== 1) list.push(['rate', String(a.rate)]);
    return h('table', {}, h('tbody', {}, ...list.map(([k, v]) => h('tr', {}, h('th', { scope: 'row' }, k), h('td', {}, v)))));
  }

  private short(address: string): string {
    const node = this.app.story.nodeIndex(address);
    return node < 0 ? address : this.app.nodeName(node, true);
  }

  private tests(node: number, a: NodeAnswer): HTMLElement | null {
    if (a.tests.length === 0) return emptyState(this.app, 'Not tested yet.', `test ${this.app.nodeWord(node)} local`);
    return h('p', {}, ...a.tests.map((t) => h('span', {},
      h('span', { class: 'chip', style: `background:${this.app.accuracyColour(t.accuracy)}` }), `${t.scope}: ${number(t.accuracy)}`,
      h('span', { class: 'soft' }, ` (loss ${number(t.loss)}${t.old ? ', before its model changed' : ''})  `))));
  }

  private guestbook(a: NodeAnswer): HTMLElement {
    const now = this.app.state?.t ?? 0;
    const row = (g: NodeAnswer['guestbook'][number]): HTMLElement => {
      const peer = this.app.story.nodeIndex(g.node);
      return h('tr', {}, h('td', {}, h('button', { class: 'plain', type: 'button', onclick: () => this.app.set({ node: peer < 0 ? null : peer }) }, peer < 0 ? g.node : this.app.nodeName(peer))),
        h('td', { class: 'num' }, String(g.expiry ?? '–')), h('td', { class: 'num' }, count(g.examples)), h('td', { class: 'num' }, time(Math.max(0, now - g.received))),
        h('td', { class: 'num' }, g.distance === null || g.distance === undefined ? '–' : String(Number(g.distance.toPrecision(3)))));
    };
    const not = a.not_met.length > 0 ? h('p', { class: 'soft' }, `Not met yet: ${a.not_met.slice(0, 24).map((n) => this.short(n)).join(' ')}${a.not_met.length > 24 ? ' …' : ''}`) : null;
    const body = a.guestbook.length === 0
      ? h('p', { class: 'soft' }, 'Nobody met yet: `flood; nstep; ag` brings models of the neighbours.')
      : h('table', {}, h('thead', {}, h('tr', {}, ...['met', 'serves', 'trains on', 'age', 'distance'].map((t, k) => h('th', { scope: 'col', class: k ? 'num' : '' }, t)))), h('tbody', {}, ...a.guestbook.map(row)));
    return h('section', {}, h('h3', {}, `Guestbook (${a.guestbook.length})`), body, not);
  }

  private mail(a: NodeAnswer): HTMLElement {
    const { app } = this;
    const index = (address: string): number => app.story.nodeIndex(address);
    const button = (what: 'drop' | 'deliver', m: NodeAnswer['messages'][number]): HTMLElement => {
      const why = messageNo(app, what, { state: m.state, from: index(m.from), to: index(m.to) });
      return h('button', { type: 'button', class: 'plain', 'aria-disabled': why ? 'true' : null, title: why ?? `${what} ${m.message}`, onclick: () => (why ? app.say(why, true) : void app.send(`${what} ${m.message}`)) }, what);
    };
    const rows = a.messages.slice(0, 60).map((m) => h('tr', {}, h('td', {}, `#${m.message}`), h('td', {}, `${this.short(m.from)} → ${this.short(m.to)}`), h('td', {}, m.state),
      h('td', { class: 'num' }, bytes(m.bytes)), h('td', { class: 'do' }, button('drop', m), button('deliver', m))));
    return h('section', {}, h('h3', {}, `Mail (${a.messages.length})`), rows.length ? h('table', {}, h('tbody', {}, ...rows)) : h('p', { class: 'soft' }, 'Nothing waits, nothing is on its way.'));
  }

  private labels(a: NodeAnswer): HTMLElement | null {
    if (!a.labels?.length) return null;
    return h('section', {}, h('h3', {}, 'Labels of its training examples'), labelBars(this.app.hello.classes, a.labels, this.app));
  }
}

export function mountInspector(host: HTMLElement, app: App): void {
  new Inspector(host, app);
}
