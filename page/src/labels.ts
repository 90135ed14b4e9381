/** Which classes a node's examples have: a heat map of all nodes, and bars for one. */
import { cividisColour, inkOn } from './colours.ts';
import { canvas, fill, h, perFrame } from './dom.ts';
import { count, number } from './format.ts';
import { showTip } from './layout.ts';
import type { App, LabelsAnswer } from './types.ts';

const asTable = 60; // nodes; more are drawn

/** Bars of one node's labels. */
export function labelBars(classes: string[], counts: number[], app: App): HTMLElement {
  const most = Math.max(1, ...counts);
  const row = (value: number, k: number): HTMLElement => h('tr', {}, h('th', { scope: 'row' }, classes[k] ?? String(k)), h('td', { class: 'num' }, count(value)),
    h('td', { style: 'width:60%' }, h('span', { style: `display:inline-block;height:9px;width:${((100 * value) / most).toFixed(1)}%;background:${app.colour('--accent')}` })));
  return h('table', {}, h('tbody', {}, ...counts.map(row)));
}

class Labels {
  private answer: LabelsAnswer | null = null;
  private loaded = -1;
  private context: CanvasRenderingContext2D | null = null;

  constructor(private host: HTMLElement, private app: App) {
    for (const change of ['state', 'look'] as const) app.on(change, () => void this.load());
    app.on('answer', () => (this.loaded = -1));
    app.on('theme', () => this.draw());
    void this.load();
  }

  private async load(): Promise<void> {
    if (this.host.hidden) return;
    const moment = this.app.shown();
    if (this.loaded === moment) return;
    this.loaded = moment;
    try {
      this.answer = await this.app.get<LabelsAnswer>('/api/labels', { moment: this.app.hello.recorded ? 0 : this.app.look.moment });
      this.draw();
    } catch {
      this.loaded = -1;
    }
  }

  private draw(): void {
    if (!this.answer) return;
    if (this.answer.nodes.length <= asTable) this.table(this.answer);
    else this.picture(this.answer);
  }

  private table(a: LabelsAnswer): void {
    const most = Math.max(1, ...a.nodes.flatMap((n) => n.counts));
    const cell = (value: number): HTMLElement => h('td', { class: 'num', style: `background:${cividisColour(value / most)};color:${inkOn(value / most)};padding-right:6px` }, count(value));
    const row = (n: LabelsAnswer['nodes'][number]): HTMLElement => {
      const node = this.app.story.nodeIndex(n.node);
      return h('tr', { 'aria-selected': String(node === this.app.look.node) },
        h('th', { scope: 'row' }, h('button', { type: 'button', onclick: () => this.app.set({ node: node < 0 ? null : node }) }, node < 0 ? n.node : this.app.nodeName(node, true))),
        ...n.counts.map(cell), h('td', { class: 'num' }, number(n.entropy, 2)));
    };
    fill(this.host, h('p', { class: 'soft' }, 'Examples of each class that a node trains on. Entropy is in bits; 0: one class only.'),
      h('table', {}, h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'node'), ...a.classes.map((c) => h('th', { scope: 'col', class: 'num' }, c)), h('th', { scope: 'col', class: 'num' }, 'entropy'))),
        h('tbody', {}, ...a.nodes.map(row))));
  }

  /** Many nodes: one line of pixels or more per node. */
  private picture(a: LabelsAnswer): void {
    if (!this.context) {
      const box = h('div', { style: 'position:relative;height:calc(100% - 30px);min-height:160px' });
      fill(this.host, h('p', { class: 'soft' }, `A line per node, a column per class: ${a.classes.slice(0, 12).join(' ')}.`), box);
      this.context = canvas(box, `Labels of ${a.nodes.length} nodes`, perFrame(() => this.paint()));
      this.context.canvas.addEventListener('pointermove', (e) => this.hover(e));
      this.context.canvas.addEventListener('pointerleave', () => showTip(0, 0, null));
      this.context.canvas.addEventListener('click', (e) => this.app.set({ node: this.nodeAt(e.offsetY) }));
    }
    this.paint();
  }

  private paint(): void {
    const { context: c, answer: a } = this;
    if (!c || !a) return;
    const most = Math.max(1, ...a.nodes.map((n) => Math.max(...n.counts)));
    const { clientWidth: width, clientHeight: height } = c.canvas;
    const high = height / a.nodes.length;
    const wide = width / Math.max(1, a.classes.length);
    c.clearRect(0, 0, width, height);
    a.nodes.forEach((n, row) => n.counts.forEach((value, k) => {
      c.fillStyle = cividisColour(value / most);
      c.fillRect(k * wide, row * high, wide + 0.5, high + 0.5);
    }));
  }

  private nodeAt(y: number): number | null {
    const a = this.answer!;
    const row = Math.floor((y / this.context!.canvas.clientHeight) * a.nodes.length);
    const node = a.nodes[row] ? this.app.story.nodeIndex(a.nodes[row]!.node) : -1;
    return node < 0 ? null : node;
  }

  private hover(e: PointerEvent): void {
    const node = this.nodeAt(e.offsetY);
    const a = this.answer!;
    const k = Math.floor((e.offsetX / this.context!.canvas.clientWidth) * a.classes.length);
    const of = node === null ? null : a.nodes.find((n) => this.app.story.nodeIndex(n.node) === node);
    showTip(e.clientX, e.clientY, of ? `${this.app.nodeName(node!)}: ${count(of.counts[k] ?? 0)} of class ${a.classes[k]}` : null);
  }
}

export function mountLabels(host: HTMLElement, app: App): void {
  new Labels(host, app);
}
