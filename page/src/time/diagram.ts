// The space-time diagram: lanes of nodes from top to bottom, happenings from left to right.
//
// A click selects and sends nothing; a double click or Enter on a moment goes there. The names on the
// left are buttons, so that the lanes can be walked by keyboard and heard.

import { canvas, h, perFrame } from '../dom.ts';
import type { App, Way } from '../types.ts';
import { type Axis, makeAxis } from './axis.ts';
import { actorsOf, Columns } from './columns.ts';
import { difference } from './compare.ts';
import { edgesOf, steadyOrder } from './crossings.ts';
import { type Ghost, makeGhost, paintGhost } from './ghost.ts';
import { goalOf } from './goal.ts';
import { DiagramInput } from './input.ts';
import { isNamed, type Lane, layLanes, orderLanes } from './lanes.ts';
import { contextMenu } from './menu.ts';
import type { Miniature } from './miniature.ts';
import { axisHeight, type Colours, paint } from './paint.ts';
import { endOf, type Hit, type Picture } from './picture.ts';
import { followBack, type Ribbons } from './ribbons.ts';
import { Scene } from './scene.ts';
import { onlyFrom } from './sources.ts';

export class Diagram {
  /** Pixels per column; null: as much as fits, between 14 and 44. */
  zoom: number | null = null;
  /** Lanes on which nothing happens share one. */
  folded = false;
  /** The nodes to draw, in this order; null: all, in the order that was chosen. */
  only: readonly number[] | null = null;
  picture: Picture | null = null;
  hits: Hit[] = [];
  hover: (text: string) => void = () => {};
  readonly draw: () => void;
  private readonly context: CanvasRenderingContext2D;
  private readonly names: HTMLElement;
  private readonly pane: HTMLElement;
  private columns = new Columns();
  private scene = new Scene();
  private axis: Axis = makeAxis([], 'order', 20);
  private made = '';
  private order: number[] = [];
  private orderKey = '';
  private orderState: App['state'] = null;
  private scroll = 0;
  private pinned = true; // the newest column stays in view
  private ribbons: { key: string; value: Ribbons } | null = null;
  private ghost: Ghost | null = null;
  private compared: { key: string; value: Set<number> } | null = null;

  constructor(host: HTMLElement, private readonly app: App, small: Miniature | null = null) {
    this.draw = perFrame(() => this.drawNow());
    this.names = h('div', { class: 'st-names', role: 'listbox', 'aria-label': 'Nodes' });
    this.pane = h('div', { class: 'st-pane', tabindex: 0, role: 'group', 'aria-label': 'Space-time diagram' });
    host.append(h('div', { class: 'st-diagram' }, this.names, this.pane));
    this.context = canvas(this.pane, 'Space-time diagram', () => this.draw());
    new DiagramInput(this.pane, this, app, small);
  }

  /** Brings a moment into view. */
  reveal(moment: number): void {
    const picture = this.picture;
    const x = picture === null ? null : endOf(picture, moment);
    if (picture === null || x === null) return;
    if (x > picture.width - 8) this.scroll += x - picture.width + 40;
    else if (x < picture.left + 20) this.scroll = Math.max(0, this.scroll + x - picture.width * 0.4);
    this.pinned = moment === this.app.present.moment && !this.app.past();
    this.draw();
  }

  /** Wider or narrower columns, so that what is below `x` stays there. */
  zoomAt(x: number, factor: number): void {
    const before = this.perColumn();
    const at = x + this.scroll;
    this.zoom = Math.max(4, Math.min(120, before * factor));
    this.scroll = (at * this.zoom) / before - x;
    this.pinned = false;
    this.draw();
  }

  scrollBy(pixels: number): void {
    const most = Math.max(0, this.axis.width - (this.pane.clientWidth - 30));
    this.scroll = Math.max(0, Math.min(most, this.scroll + pixels));
    this.pinned = this.scroll >= most - 1;
    this.draw();
  }

  zoomBy(factor: number): void {
    this.zoom = Math.max(4, Math.min(120, (this.zoom ?? this.perColumn()) * factor));
    this.draw();
  }

  fit(): void {
    this.zoom = null;
    this.scroll = 0;
    this.pinned = true;
    this.draw();
  }

  private perColumn(): number {
    if (this.zoom !== null) return this.zoom;
    const room = (this.pane.clientWidth - 30) / Math.max(1, this.columns.columns.length);
    return Math.max(18, Math.min(56, room));
  }

  private drawNow(): void {
    if (this.pane.clientWidth < 40 || this.pane.clientHeight < 30) return;
    const way = this.app.story.way(goalOf(this.app));
    this.update(way);
    const height = this.pane.clientHeight - axisHeight;
    const lanes = this.lanes(height, way);
    const width = this.pane.clientWidth;
    const most = Math.max(0, this.axis.width - (width - 30));
    this.scroll = this.pinned ? most : Math.max(0, Math.min(most, this.scroll));
    const laneOf = new Map<number, Lane>(lanes.filter((l) => l.node >= 0).map((l) => [l.node, l]));
    this.picture = {
      way, columns: this.columns, scene: this.scene, axis: this.axis, lanes, laneOf, left: 0, scroll: this.scroll, width, height,
      node: this.app.look.node, message: this.app.look.message, shown: this.app.shown(), present: this.app.present.moment,
      still: this.app.present.busy === null, onlyHere: this.onlyHere(way), only: null, ribbons: this.follow(),
    };
    this.hits = paint(this.context, this.picture, coloursOf(this.app));
    const ghost = this.ghostOf(way);
    if (ghost !== null) paintGhost(this.context, this.picture, ghost, coloursOf(this.app), this.perColumn());
    this.label(lanes);
    this.describe(way);
  }

  private describe(way: Way): void {
    const { lost, trainings, aggregations } = this.scene;
    const words = `Space-time diagram of ${this.app.hello.nodes.length} nodes, moments ${way.moments[0] ?? way.moment} to ${way.moment}: ` +
      `${way.messages.size} messages, ${lost} lost, ${trainings} trainings, ${aggregations} aggregations.`;
    if (this.context.canvas.getAttribute('aria-label') !== words) this.context.canvas.setAttribute('aria-label', words);
  }

  private update(way: Way): void {
    const key = `${way.moment} ${way.version} ${this.app.look.axis} ${this.zoom} ${this.pane.clientWidth}`;
    if (key === this.made && this.picture?.way === way) return;
    this.made = key;
    this.columns.update(way);
    this.scene.update(way);
    this.axis = makeAxis(this.columns.columns, this.app.look.axis, this.perColumn());
  }

  // The order never changes while something runs.
  private lanes(height: number, way: Way): Lane[] {
    if (this.only !== null) return layLanes(this.only, new Set(), 4, height - 6);
    const count = this.app.hello.nodes.length;
    const { look: { sort }, state, present, playing } = this.app;
    // Crossings are those of the whole way, so looking about changes nothing; the others are those of the state that is shown.
    const key = `${count} ${sort} ${sort === 'crossings' ? way.moment : ''}`;
    const same = this.orderKey.startsWith(`${count} ${sort} `) && this.order.length === count;
    const fresh = key !== this.orderKey || (sort !== 'crossings' && state !== this.orderState);
    if (!same || (fresh && present.busy === null && !playing)) {
      const before = same ? this.order : orderLanes(count, 'given', null);
      this.orderKey = key;
      this.orderState = state;
      this.order = sort === 'crossings' ? steadyOrder(before, edgesOf(way, this.app.links)) : orderLanes(count, sort, state);
    }
    return layLanes(this.order, this.folded ? this.quiet() : new Set(), 4, height - 6);
  }

  private quiet(): Set<number> {
    const busy = new Set(this.columns.way?.happenings.flatMap((h) => actorsOf(h, this.columns.way!.messages)));
    return new Set(this.order.filter((node) => !busy.has(node) && node !== this.app.look.node));
  }

  // While Why is open: the cone of the node that is looked at, at the moment that is looked at.
  private follow(): Ribbons | null {
    const { panel, node, scene } = this.app.look;
    if ((panel !== 'why' && scene !== 'why') || node === null) return null;
    const way = this.app.story.way(this.app.shown());
    const { source } = this.app.look;
    const key = `${way.moment} ${way.version} ${node} ${source}`;
    if (this.ribbons?.key !== key) {
      const whole = followBack(way, node);
      this.ribbons = { key, value: source === null ? whole : onlyFrom(way, whole, source) };
    }
    return this.ribbons.value;
  }

  private others(way: Way): number[] {
    return this.app.story.branches.map((b) => b.last).filter((last) => !way.moments.includes(last)).slice(-3);
  }

  // Only on the way that is drawn, and on none of the other branches.
  private onlyHere(way: Way): Set<number> | null {
    if (!this.app.look.compare) return null;
    const others = this.others(way);
    const key = `${way.moment} ${way.version} ${others.join()}`;
    if (this.compared?.key !== key) {
      let only: Set<number> | null = null as Set<number> | null;
      for (const other of others) {
        const here = difference(way, this.app.story.way(other)).onlyA;
        only = only === null ? here : new Set([...only].filter((seq) => here.has(seq)));
      }
      this.compared = { key, value: only ?? new Set() };
    }
    return this.compared.value;
  }

  // Of the newest of the other branches.
  private ghostOf(way: Way): Ghost | null {
    const other = this.app.look.compare ? this.others(way).at(-1) : undefined;
    if (other === undefined) return null;
    const key = `${way.moment} ${way.version} ${other}`;
    if (this.ghost?.key !== key) this.ghost = makeGhost(key, way, this.app.story.way(other));
    return this.ghost;
  }

  // Names of lanes as buttons; one of them can be reached by Tab, arrows lead on.
  private label(lanes: readonly Lane[]): void {
    const chosen = this.app.look.node;
    const key = lanes.map((l) => `${l.node},${l.y}`).join(' ') + ` ${chosen} ${this.app.look.scene !== null}`;
    const chosenAt = chosen === null ? -1 : lanes.findIndex((lane) => lane.node === chosen);
    const accuracies = accuraciesOf(this.app);
    if (this.names.dataset['key'] !== key) {
      this.names.dataset['key'] = key;
      const focused = this.names.contains(document.activeElement);
      this.names.replaceChildren(...lanes.map((lane, k) => this.nameOf(lane, k, chosenAt, chosen === null && k === 0)));
      if (focused) this.names.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    }
    lanes.forEach((lane, k) => {
      const button = this.names.children[k] as HTMLElement;
      const accuracy = accuracies.get(lane.node) ?? null;
      (button.firstChild as HTMLElement).style.background = this.app.accuracyColour(accuracy);
      button.setAttribute('aria-label', lane.node < 0 ? `${lane.quiet} quiet nodes` : spoken(this.app.nodeName(lane.node), accuracy));
    });
  }

  private nameOf(lane: Lane, k: number, chosenAt: number, first: boolean): HTMLElement {
    const chosen = k === chosenAt;
    // On a projector each pixel is two.
    const readable = this.app.look.scene === null ? 10 : 12;
    const size = Math.max(readable, Math.min(13, lane.height - 1));
    const name = isNamed(k, lane.height, chosenAt, readable + 1) ? this.app.nodeName(lane.node, true) : '';
    const button = h('button', {
      class: 'st-name', role: 'option', 'aria-selected': String(chosen), tabindex: chosen || first ? 0 : -1,
      onclick: () => {
        if (lane.node >= 0) this.app.set({ node: lane.node, message: null });
      },
      oncontextmenu: (event: MouseEvent) => {
        event.preventDefault();
        contextMenu(this.app, { kind: 'node', node: lane.node }, event.clientX, event.clientY);
      },
    }, h('i', { class: 'st-dot' }), h('span', {}, lane.node < 0 ? `${lane.quiet} quiet` : name));
    button.style.top = `${lane.y - lane.height / 2}px`;
    button.style.height = `${lane.height}px`;
    button.style.fontSize = `${size}px`;
    return button;
  }

  /** The lane above (-1) or below (1) of the one that is selected. */
  moveLane(by: number): void {
    const lanes = this.picture?.lanes ?? [];
    const at = lanes.findIndex((lane) => lane.node === this.app.look.node);
    const next = lanes[at < 0 ? 0 : Math.max(0, Math.min(lanes.length - 1, at + by))];
    if (next !== undefined) this.app.set({ node: next.node, message: null });
  }
}

function accuraciesOf(app: App): Map<number, number | null> {
  const state = app.state;
  const tests = state === null || state.last_scope === null ? undefined : state.nodes.tests[state.last_scope];
  return new Map(state?.nodes.index.map((node, k) => [node, tests?.accuracy[k] ?? null]) ?? []);
}

function spoken(name: string, accuracy: number | null): string {
  return accuracy === null ? `${name}, not tested` : `${name}, accuracy ${accuracy.toFixed(2)}`;
}

/** The colours of the theme that is on; `app.colour` remembers them. */
export function coloursOf(app: App): Colours {
  const c = (name: string): string => app.colour(name);
  return {
    ink: c('--ink'), soft: c('--soft'), ground: c('--ground'), still: c('--still'), train: c('--training'),
    mix: c('--aggregated'), message: c('--message'), lost: c('--lost'), chosen: c('--selected'), past: c('--past'),
    ribbon: c('--ribbon'), accuracy: (value) => app.accuracyColour(value),
  };
}
