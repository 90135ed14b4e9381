// The panel Why: whose initial parameters and trainings are in a node's model, and by which messages they came. The ribbons of it
// are in the space-time diagram.

import './why.css';
import { ApiError } from './api.ts';
import { fill, h } from './dom.ts';
import { time } from './format.ts';
import { follow, noStory } from './time/causes.ts';
import { goalOf } from './time/goal.ts';
import { followBack } from './time/ribbons.ts';
import { number, percent } from './time/say.ts';
import { type Row, rowsOf, sourcesOf } from './time/sources.ts';
import type { App, WhyAnswer, WhyHop } from './types.ts';

/** Keeps the newest answer for what is looked at; older ones that come late are dropped. */
class Why {
  answer: WhyAnswer | null = null;
  chain: WhyAnswer | null = null;
  problem: string | null = null;
  hop = -1;
  private asked = '';

  constructor(private readonly app: App, private readonly changed: () => void) {}

  update(): void {
    const { app } = this;
    const { node, source } = app.look;
    const moment = app.shown();
    const key = `${node} ${source} ${moment} ${app.story.version}`;
    if (key === this.asked || node === null) return;
    this.asked = key;
    void this.ask(key, node, source, moment);
  }

  private async ask(key: string, node: number, source: number | null, moment: number): Promise<void> {
    const word = this.address(node);
    if (this.app.hello.recorded) {
      this.fromEvents(node, moment, 'Not known from the events of a recorded run.');
      this.hop = -1;
      return this.changed();
    }
    try {
      const answer = await this.app.get<WhyAnswer>('/api/why', { node: word, moment });
      const chain = source === null ? null : await this.app.get<WhyAnswer>('/api/why', { node: word, source: this.address(source), moment });
      if (key !== this.asked) return;
      [this.answer, this.chain, this.problem] = [answer, chain, null];
    } catch (error) {
      if (key !== this.asked) return;
      // The moment is there, so it is the node that is not.
      if (error instanceof ApiError && error.status === 404 && this.app.story.segments.get(moment)?.kept) this.none(error.message);
      else this.fromEvents(node, moment, error instanceof Error ? error.message : String(error));
    }
    this.hop = -1;
    this.changed();
  }

  // Recorded runs, and moments that are not kept: the events tell the same where all rules give weights.
  private fromEvents(node: number, moment: number, problem: string): void {
    const { story } = this.app;
    if (!story.complete) return this.none(problem);
    const way = story.way(moment);
    const ribbons = followBack(way, node);
    this.answer = { node: this.address(node), exact: ribbons.exact, sources: sourcesOf(way, ribbons, (k) => this.address(k)) };
    this.chain = this.problem = null;
  }

  private none(problem: string): void {
    [this.answer, this.chain, this.problem] = [null, null, `${problem[0]?.toUpperCase()}${problem.slice(1)}.`];
  }

  private address(node: number): string {
    return this.app.hello.nodes[node]?.node ?? '';
  }

  /** Walks the chain: each hop is looked at where its message was used. */
  walk(by: -1 | 1): boolean {
    const way = this.chain?.way;
    if (way === undefined || way.length === 0 || this.app.look.panel !== 'why') return false;
    this.hop = Math.max(0, Math.min(way.length - 1, this.hop + by));
    const hop = way[this.hop]!;
    this.app.set({ message: hop.message });
    this.app.say(spoken(this.app, hop, this.hop));
    this.changed();
    return true;
  }
}

function spoken(app: App, hop: WhyHop, k: number): string {
  const name = (address: string): string => app.nodeName(app.story.nodeIndex(address), true);
  return `${k + 1}: ${name(hop.from)} to ${name(hop.to)}, message ${hop.message}, arrived ${time(hop.arrived_at)}, weight ${percent(hop.weight)}.`;
}

export function mountWhy(host: HTMLElement, app: App): void {
  const root = h('div', { class: 'why' });
  host.append(root);
  const why = new Why(app, () => draw());
  const draw = (): void => drawPanel(root, app, why);
  // The chain of a source is here also where single happenings are not.
  const cannot = (): string | null => (app.hasStory() || why.chain !== null ? null : noStory);
  app.register(
    { id: 'cause', label: 'To its cause', keys: '[', why: cannot, run: () => void (why.walk(-1) || trace(app, -1)) },
    { id: 'effect', label: 'To what came of it', keys: ']', why: cannot, run: () => void (why.walk(1) || trace(app, 1)) },
  );
  const look = (): void => {
    if (app.look.panel !== 'why' && app.look.scene !== 'why') return;
    why.update();
    draw();
  };
  app.on('look', look);
  app.on('story', look);
  look();
}

function trace(app: App, by: -1 | 1): void {
  const { node, message } = app.look;
  if (!app.hasStory()) return;
  const spot = follow(app.story.way(goalOf(app)), { moment: app.shown(), node, message }, by);
  if (spot === null) app.say(by < 0 ? 'Nothing caused it.' : 'Nothing came of it.', true);
  else app.set(spot);
}

function drawPanel(root: HTMLElement, app: App, why: Why): void {
  const { node } = app.look;
  if (node === null) return fill(root, h('p', { class: 'empty' }, 'Select a node: this shows whose knowledge is in its model.'));
  const name = app.nodeName(node, true);
  if (why.problem !== null) return fill(root, h('p', { class: 'empty' }, why.problem));
  if (why.answer === null) return fill(root, h('p', { class: 'empty' }, 'Asking…'));
  const { exact, sources } = why.answer;
  const rows = rowsOf(sources, (address) => app.story.nodeIndex(address));
  const sum = sources.reduce((total, s) => total + s.initial, 0);
  fill(root,
    h('h2', {}, `Where the model of ${name} comes from${exact ? '' : ' – an estimate'}`),
    h('p', { class: 'soft' }, `At moment ${app.shown()}. The initial parameters sum to ${sum.toFixed(3)}. `,
      exact ? 'A training counts 1 in the node that trained; averages scale it.' : 'Some rule on the way gives no weights; all models that it saw count alike.'),
    barTable(app, rows, exact),
    h('p', { class: 'beyond' }, rows.some((r) => r.trained > 1)
      ? 'Trained above 100 %: several trainings of one source add up. Each counts 1 in the node that trained.' : ''),
    app.look.source === null
      ? h('p', { class: 'soft' }, 'Choose a row: by which messages did it come?')
      : chainOf(app, why));
}

function barTable(app: App, rows: readonly Row[], exact: boolean): HTMLElement {
  // Trainings add up beyond 1, so each column has its own scale.
  const most = [Math.max(1e-9, ...rows.map((r) => r.initial)), Math.max(1e-9, ...rows.map((r) => r.trained))] as const;
  const head = h('tr', {}, h('th', {}, 'source'), h('th', {}, 'initial'), h('th', {}, 'trained'), h('th', { class: 'num' }, 'trainings'));
  return h('table', { class: exact ? 'bars' : 'bars estimate' }, h('thead', {}, head),
    h('tbody', {}, ...rows.map((row) => barRow(app, row, most))));
}

function barRow(app: App, row: Row, most: readonly [number, number]): HTMLElement {
  const name = row.node < 0 ? `${row.count} others` : app.nodeName(row.node, true);
  const chosen = row.node >= 0 && row.node === app.look.source;
  const button = row.node < 0 ? name : h('button', {
    class: 'plain', type: 'button', title: 'By which messages did it come?', onclick: () => app.set({ source: chosen ? null : row.node }),
  }, name);
  return h('tr', { 'aria-selected': String(chosen) }, h('td', {}, button),
    h('td', {}, bar('initial', row.initial, most[0], percent(row.initial))),
    h('td', {}, bar('trained', row.trained, most[1], row.trainings === 0 ? '–' : percent(row.trained))),
    h('td', { class: 'num' }, String(row.trainings)));
}

function bar(kind: string, share: number, most: number, words: string): HTMLElement {
  const inner = h('i', { class: kind });
  inner.style.width = `${(share / most) * 100}%`;
  return h('div', { class: 'bar' }, h('span', { class: 'track' }, inner), h('b', {}, words));
}

function chainOf(app: App, why: Why): HTMLElement {
  const source = app.look.source!;
  const title = h('h3', {}, `By which messages ${app.nodeName(source, true)} came`);
  const way = why.chain?.way;
  if (way === undefined) return h('div', {}, title, h('p', { class: 'soft' }, 'The chain is not known for this moment.'));
  if (way.length === 0) return h('div', {}, title, h('p', { class: 'soft' }, 'It never left: this is the node itself.'));
  const items = way.map((hop, k) => h('li', {}, h('button', {
    class: 'plain', type: 'button', 'aria-pressed': String(k === why.hop),
    onclick: () => {
      why.hop = k - 1;
      why.walk(1);
    },
  }, hopWords(app, hop))));
  const weight = why.chain?.way_weight;
  return h('div', {}, title, h('ol', {}, ...items), h('p', { class: 'soft' },
    weight === undefined ? '' : `This way leaves ${number(weight)} of it. `, 'Walk it by ] and [.'));
}

function hopWords(app: App, hop: WhyHop): string {
  const name = (address: string): string => app.nodeName(app.story.nodeIndex(address), true);
  return `${name(hop.from)} → ${name(hop.to)}, message ${hop.message}: sent ${time(hop.sent_at)}, arrived ${time(hop.arrived_at)}, ` +
    `used ${time(hop.aggregated_at)} with weight ${percent(hop.weight)}`;
}
