/** Which classes a node's examples have: a heat map of all nodes, and bars for one. */
import { cividisColour, inkOn } from './colours.ts';
import { canvas, fill, h, perFrame, text } from './dom.ts';
import { count, number } from './format.ts';
import { showTip } from './layout.ts';
import type { App, LabelsAnswer } from './types.ts';

const asTable = 60; // nodes; more are drawn
const heading = 16; // px, above the lines

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
  private line = h('p', { class: 'soft' });
  private scales = h('p', { class: 'soft' });

  constructor(private host: HTMLElement, private app: App) {
    for (const change of ['state', 'look'] as const) app.on(change, () => void this.load());
    app.on('answer', () => {
      this.loaded = -1;
      // While the past is looked at no new state comes that would ask; labels are those of now.
      if (app.past()) void this.load();
    });
    for (const change of ['theme', 'look'] as const) app.on(change, () => this.draw());
    void this.load();
  }

  private async load(): Promise<void> {
    if (this.host.hidden) return;
    const moment = this.app.shown();
    if (this.loaded === moment) return;
    this.loaded = moment;
    try {
      this.answer = await this.app.get<LabelsAnswer>('/api/labels');
      this.draw();
    } catch {
      this.loaded = -1;
    }
  }

  private draw(): void {
    if (!this.answer || this.host.hidden) return;
    if (this.answer.nodes.length <= asTable) this.table(this.answer);
    else this.picture(this.answer);
  }

  /** Labels are no part of a moment: whoever looks at another one is told so. */
  private whose(): string {
    const { hello } = this.app;
    return hello.recorded ? ', as the run began' : this.app.past() ? ', now and not at the moment that is looked at' : '';
  }

  private table(a: LabelsAnswer): void {
    const most = mostOf(a);
    const cell = (value: number): HTMLElement => h('td', { class: 'num', style: `background:${cividisColour(value / most)};color:${inkOn(value / most)};padding-right:6px` }, count(value));
    const row = (n: LabelsAnswer['nodes'][number]): HTMLElement => {
      const node = this.app.story.nodeIndex(n.node);
      return h('tr', { 'aria-selected': String(node === this.app.look.node) },
        h('th', { scope: 'row' }, h('button', { type: 'button', onclick: () => this.app.set({ node: node < 0 ? null : node }) }, node < 0 ? n.node : this.app.nodeName(node, true))),
        ...n.counts.map(cell), h('td', { class: 'num' }, number(n.entropy, 2)));
    };
    fill(this.host, h('p', { class: 'soft' }, `Examples of each class that a node trains on${this.whose()}. Entropy is in bits; 0: one class only.`),
      h('table', {}, h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'node'), ...a.classes.map((c) => h('th', { scope: 'col', class: 'num' }, c)), h('th', { scope: 'col', class: 'num' }, 'entropy'))),
        h('tbody', {}, ...a.nodes.map(row))));
  }

  /** Many nodes: one line of pixels or more per node; at the right a column for the entropy. */
  private picture(a: LabelsAnswer): void {
    if (!this.context) {
      const box = h('div', { style: 'position:relative;height:calc(100% - 52px);min-height:160px' });
      fill(this.host, this.line, this.scales, box);
      this.context = canvas(box, `Labels of ${a.nodes.length} nodes`, perFrame(() => this.paint()));
      this.context.canvas.addEventListener('pointermove', (e) => this.hover(e));
      this.context.canvas.addEventListener('pointerleave', () => showTip(0, 0, null));
      this.context.canvas.addEventListener('click', (e) => this.app.set({ node: this.nodeAt(e.offsetY) }));
    }
    const entropies = a.nodes.map((n) => n.entropy).sort((x, y) => x - y);
    const middle = entropies[entropies.length >> 1] ?? 0;
    const evenly = Math.log2(Math.max(2, a.classes.length));
    text(this.line, `A line per node, a column per class${this.whose()}. Entropy (right): median ${number(middle, 2)} bits; 0: one class only, ${number(evenly, 2)}: all alike.`);
    fill(this.scales, 'examples  0 ', scale(this.app), ` ${count(mostOf(a))} · entropy  0 `, scale(this.app), ` ${number(evenly, 2)} bits`);
    this.paint();
  }

  /** Widths: of a class, and where the column of the entropy begins. */
  private columns(width: number, a: LabelsAnswer): { wide: number; entropy: number } {
    const entropy = width - Math.max(34, Math.min(70, width / (a.classes.length + 1)));
    return { wide: (entropy - 6) / Math.max(1, a.classes.length), entropy };
  }

  private paint(): void {
    const { context: c, answer: a } = this;
    if (!c || !a) return;
    const most = mostOf(a);
    const evenly = Math.log2(Math.max(2, a.classes.length));
    const { clientWidth: width, clientHeight: height } = c.canvas;
    const high = (height - heading) / a.nodes.length;
    const { wide, entropy } = this.columns(width, a);
    c.clearRect(0, 0, width, height);
    a.nodes.forEach((n, row) => {
      const y = heading + row * high;
      n.counts.forEach((value, k) => {
        c.fillStyle = cividisColour(value / most);
        c.fillRect(k * wide, y, wide + 0.5, high + 0.5);
      });
      c.fillStyle = cividisColour(n.entropy / evenly);
      c.fillRect(entropy, y, width - entropy, high + 0.5);
    });
    this.headings(c, a, wide, entropy, width);
    this.chosen(c, a, high, width);
  }

  // As many names of classes as have room.
  private headings(c: CanvasRenderingContext2D, a: LabelsAnswer, wide: number, entropy: number, width: number): void {
    c.font = '11px system-ui, sans-serif';
    c.fillStyle = this.app.colour('--soft');
    c.textAlign = 'center';
    c.textBaseline = 'middle';
    const longest = Math.max(...a.classes.map((name) => c.measureText(name).width)) + 6;
    const every = Math.max(1, Math.ceil(longest / wide));
    a.classes.forEach((name, k) => {
      if (k % every === 0) c.fillText(name, (k + 0.5) * wide, heading / 2);
    });
    c.fillText(width - entropy < 48 ? 'entr.' : 'entropy', (entropy + width) / 2, heading / 2);
  }

  // A frame around the line of the selected node.
  private chosen(c: CanvasRenderingContext2D, a: LabelsAnswer, high: number, width: number): void {
    const { node } = this.app.look;
    const row = node === null ? -1 : a.nodes.findIndex((n) => this.app.story.nodeIndex(n.node) === node);
    if (row < 0) return;
    c.strokeStyle = this.app.colour('--selected');
    c.lineWidth = 2;
    c.strokeRect(1, heading + row * high - 2, width - 2, Math.max(4, high + 4));
  }

  private nodeAt(y: number): number | null {
    const a = this.answer!;
    const row = Math.floor(((y - heading) / (this.context!.canvas.clientHeight - heading)) * a.nodes.length);
    const node = a.nodes[row] ? this.app.story.nodeIndex(a.nodes[row]!.node) : -1;
    return node < 0 ? null : node;
  }

  private hover(e: PointerEvent): void {
    const node = this.nodeAt(e.offsetY);
    const a = this.answer!;
    const { wide } = this.columns(this.context!.canvas.clientWidth, a);
    const k = Math.floor(e.offsetX / wide);
    const of = node === null ? null : a.nodes.find((n) => this.app.story.nodeIndex(n.node) === node);
    const what = k < a.classes.length ? `${count(of?.counts[k] ?? 0)} of class ${a.classes[k]}` : `entropy ${number(of?.entropy ?? null, 2)} bits`;
    showTip(e.clientX, e.clientY, of ? `${this.app.nodeName(node!)}: ${what}` : null);
  }
}

function mostOf(a: LabelsAnswer): number {
  return a.nodes.reduce((most, n) => Math.max(most, ...n.counts), 1);
}

/** The colours from nothing to the most. */
function scale(app: App): HTMLElement {
  return h('span', { class: 'scale', style: `background:linear-gradient(90deg, ${[0, 0.25, 0.5, 0.75, 1].map((v) => app.accuracyColour(v)).join(',')})` });
}

export function mountLabels(host: HTMLElement, app: App): void {
  new Labels(host, app);
}
