// The network at a moment that the pointer is over, small: so that one finds a moment without looking at each. Nothing changes by it.

import { canvas, h, text } from '../dom.ts';
import { time } from '../format.ts';
import { accuracies } from '../nodes.ts';
import type { App, StateAnswer } from '../types.ts';
import { type Colours } from './paint.ts';
import { coloursOf } from './diagram.ts';
import { type Happened, happenedIn } from './happened.ts';

const [width, height] = [236, 150]; // px
const margin = 12;
const mostEdges = 600; // more are a grey ground
const rest = 90; // ms that the pointer rests before it is asked for

interface Spot {
  x: number;
  y: number;
}

export class Miniature {
  readonly element: HTMLElement;
  /** The moment that is shown; null: none. Tests look at it. */
  moment: number | null = null;
  private readonly line = h('p', {});
  private readonly pane = h('div', { class: 'st-small-pane' });
  private readonly context: CanvasRenderingContext2D;
  private wanted: number | null = null;
  private drawn: StateAnswer | null = null;
  private timer = 0;

  constructor(private readonly app: App) {
    this.element = h('div', { class: 'st-small', 'aria-hidden': 'true' }, this.pane, this.line);
    this.pane.style.width = `${width}px`;
    this.pane.style.height = `${height}px`;
    document.body.append(this.element);
    // It has no size while it is hidden, and gets its canvas anew when it is shown.
    this.context = canvas(this.pane, '', () => this.redraw());
    this.element.hidden = true;
    // It can be sent away without moving the pointer.
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.hide();
    }, true);
  }

  /** Above the pointer at a place of the window. The moment that is looked at is seen already, large. */
  show(moment: number | null, x: number, y: number): void {
    if (moment === null || moment === this.app.shown()) return this.hide();
    this.place(x, y);
    if (moment === this.wanted) return;
    this.wanted = moment;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.load(moment), rest);
  }

  hide(): void {
    clearTimeout(this.timer);
    this.wanted = this.moment = null;
    this.element.hidden = true;
  }

  private place(x: number, y: number): void {
    const box = { width: width + 16, height: height + 44 };
    this.element.style.left = `${Math.max(4, Math.min(x - box.width / 2, innerWidth - box.width - 4))}px`;
    this.element.style.top = `${Math.max(4, y - box.height - 14)}px`;
  }

  private async load(moment: number): Promise<void> {
    const state = await this.app.stateOf(moment);
    if (moment !== this.wanted || state === null) return;
    this.moment = moment;
    this.drawn = state;
    this.element.hidden = false;
    this.redraw();
  }

  private redraw(): void {
    const { app, context, moment, drawn: state } = this;
    if (moment === null || state === null) return;
    const segment = app.story.segments.get(moment);
    const happened = segment === undefined || moment < app.story.from ? null : happenedIn(segment, (address) => app.story.nodeIndex(address));
    const spots = this.spots(state);
    const colours = coloursOf(app);
    context.clearRect(0, 0, width, height);
    this.edges(spots, colours);
    if (happened !== null) this.messages(spots, happened, colours);
    this.nodes(state, spots, happened, colours);
    const known = accuracies(state).filter((a): a is number => a !== null);
    const mean = known.length === 0 ? '' : ` · accuracy ${(known.reduce((a, b) => a + b, 0) / known.length).toFixed(2)}`;
    text(this.line, `Moment ${moment}: ${segment?.cmd || 'the start'} · ${time(state.t)}${mean}`);
  }

  // As in the network, shrunk; nodes that have places stand where they stood then.
  private spots(state: StateAnswer): Map<number, Spot> {
    const { index, x, y } = state.nodes;
    const now = this.app.places();
    const raw = new Map<number, Spot>();
    index.forEach((node, k) => {
      const spot = x !== undefined && y !== undefined ? { x: x[k]!, y: -y[k]! } : now.get(node);
      if (spot !== undefined) raw.set(node, spot);
    });
    const all = [...raw.values()];
    const range = (of: (s: Spot) => number): [number, number] => all.reduce<[number, number]>(([low, high], s) => [Math.min(low, of(s)), Math.max(high, of(s))], [Infinity, -Infinity]);
    const [left, right] = range((s) => s.x);
    const [top, bottom] = range((s) => s.y);
    const scale = Math.min((width - 2 * margin) / Math.max(1e-9, right - left), (height - 2 * margin) / Math.max(1e-9, bottom - top));
    return new Map([...raw].map(([node, s]) => [node, { x: width / 2 + (s.x - (left + right) / 2) * scale, y: height / 2 + (s.y - (top + bottom) / 2) * scale }]));
  }

  private edges(spots: Map<number, Spot>, colours: Colours): void {
    const { links } = this.app;
    const edges = [...(links?.pairs ?? []), ...(links?.one_way ?? [])];
    if (edges.length > mostEdges) return;
    this.lines(edges.map(([from, to]) => ({ from, to })), spots, colours.soft, 0.3, 1);
  }

  private messages(spots: Map<number, Spot>, happened: Happened, colours: Colours): void {
    this.lines(happened.messages.filter((m) => !m.lost), spots, colours.message, 0.9, 1.5);
    this.lines(happened.messages.filter((m) => m.lost), spots, colours.lost, 0.9, 1.5, [2, 3]);
  }

  private lines(list: { from: number; to: number }[], spots: Map<number, Spot>, colour: string, alpha: number, wide: number, dash: number[] = []): void {
    const { context } = this;
    Object.assign(context, { strokeStyle: colour, globalAlpha: alpha, lineWidth: wide });
    context.setLineDash(dash);
    context.beginPath();
    for (const { from, to } of list) {
      const [a, b] = [spots.get(from), spots.get(to)];
      if (a === undefined || b === undefined) continue;
      context.moveTo(a.x, a.y);
      context.lineTo(b.x, b.y);
    }
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  // Colour: accuracy. A ring: it trained (as its marks in the diagram) or aggregated. Down: a cross.
  private nodes(state: StateAnswer, spots: Map<number, Spot>, happened: Happened | null, colours: Colours): void {
    const { context } = this;
    const values = accuracies(state);
    const r = spots.size > 200 ? 1.5 : spots.size > 40 ? 3 : 5;
    state.nodes.index.forEach((node, k) => {
      const spot = spots.get(node);
      if (spot === undefined) return;
      context.beginPath();
      context.arc(spot.x, spot.y, r, 0, 2 * Math.PI);
      context.fillStyle = colours.accuracy(values[k] ?? null);
      context.fill();
      const ring = happened?.trained.has(node) ? colours.train : happened?.aggregated.has(node) ? colours.mix : null;
      Object.assign(context, { strokeStyle: ring ?? colours.soft, lineWidth: ring === null ? 0.7 : 2.5 });
      context.stroke();
      if (state.nodes.up[k] !== 1) this.cross(spot, r, colours.ink);
    });
  }

  private cross({ x, y }: Spot, r: number, colour: string): void {
    const { context } = this;
    Object.assign(context, { strokeStyle: colour, lineWidth: 1.5 });
    context.beginPath();
    context.moveTo(x - r, y - r);
    context.lineTo(x + r, y + r);
    context.moveTo(x + r, y - r);
    context.lineTo(x - r, y + r);
    context.stroke();
  }
}
