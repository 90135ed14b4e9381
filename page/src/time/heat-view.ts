// Past 40 lanes: nodes by moments as a heat map, and a lens that opens nine of its rows.
//
// The server sends bins, never single nodes' events, so that a view of a thousand nodes stays below
// 100 kB. A click looks at nothing but the rows: it pins the lens; the axis below is for moments.

import { heatHere } from '../branch_nodes.ts';
import { pixels, place } from '../colours.ts';
import { attribute, canvas, h, perFrame, text } from '../dom.ts';
import { FlowsSource } from '../flows.ts';
import { number } from '../format.ts';
import { recordedHeat } from '../recorded_heat.ts';
import type { App, HeatAnswer, Look } from '../types.ts';
import { coneHeat } from './cone.ts';
import { ConsensusView } from './consensus.ts';
import { coloursOf } from './diagram.ts';
import { goalOf } from './goal.ts';
import { binOf, cell, type Measure, placeAt, title } from './heat.ts';
import { bandsOf, columnsFor, flowsNote, heatMarkAt, type HeatMark, heatMarks, heatMarkWords, paintBands, paintFlows } from './heat-flows.ts';
import { barHeight, type Box, gutter, labelHeight, paintChosen, paintHeat, paintLens, paintTick } from './heat-paint.ts';
import { Lens } from './lens.ts';
import type { Miniature } from './miniature.ts';
import { type Point, pointIn } from './point.ts';
import { followBack } from './ribbons.ts';

export class HeatView {
  readonly draw: () => void;
  readonly element: HTMLElement;
  readonly consensus: ConsensusView;
  readonly lens: Lens;
  hover: (sentence: string) => void = () => {};
  /** Bytes of the last answer; a test looks at it. */
  bytes = 0;
  measure: Measure = 'mean';
  private heat: HeatAnswer | null = null;
  private readonly context: CanvasRenderingContext2D;
  private readonly pane = h('div', { class: 'st-heat', tabindex: 0, role: 'group', 'aria-label': 'Nodes by moments' });
  private readonly heading = h('p', { class: 'st-note' });
  private readonly side = h('div', { class: 'st-side' });
  private readonly image = document.createElement('canvas');
  private place = 0;
  private followed: number | null = null; // the selected node, when the lens went to it
  private pinned = false;
  private asked = '';
  private words: string | null = null; // what the picture shows, where it is not a metric
  private waiting = false;
  private due = 0;
  private readonly flows: FlowsSource;
  /** What groups sent to each other, as it was drawn last. */
  marks: HeatMark[] = [];

  constructor(host: HTMLElement, private readonly app: App, private readonly small: Miniature) {
    const left = h('div', { class: 'st-left' }, this.heading, this.pane);
    this.element = h('div', { class: 'st-many' }, left, this.side);
    host.append(this.element);
    this.consensus = new ConsensusView(this.side, app);
    this.lens = new Lens(left, this.side, app);
    this.lens.hover = (sentence) => this.hover(sentence);
    this.draw = perFrame(() => this.drawNow());
    this.flows = new FlowsSource(app, this.draw);
    this.context = canvas(this.pane, 'Nodes by moments', () => {
      this.asked = '';
      this.update();
      this.draw();
    });
    this.listen();
  }

  /** Asks for the picture where what it shows has changed; the fast gears at most four times a second, Blind when it is over. */
  update(): void {
    const { app } = this;
    if (!this.element.hidden && this.hasFlows()) this.flows.update(goalOf(app), columnsFor(app.state?.groups.length ?? 0, this.box().width));
    if (this.element.hidden || this.waiting || (app.look.gear === 'blind' && app.present.busy !== null)) return;
    const { metric, sort } = app.look;
    const why = app.look.panel === 'why' ? `${app.look.node} ${app.shown()} ${app.story.version}` : '';
    const key = `${why} ${goalOf(app)} ${app.present.history} ${app.present.moment} ${metric} ${sort} ${this.pane.clientWidth}`;
    if (key === this.asked) return;
    if (this.cone(key)) return;
    const wait = this.due - performance.now();
    if (wait > 0) {
      this.waiting = true;
      window.setTimeout(() => {
        this.waiting = false;
        this.update();
      }, wait);
      return;
    }
    this.due = performance.now() + 250;
    this.asked = key;
    void this.ask(key, metric);
    this.consensus.update();
  }

  // Why: the cone, from the events that are here.
  private cone(key: string): boolean {
    const { app } = this;
    const { panel, node } = app.look;
    if (panel !== 'why' || node === null || !app.hasStory()) return false;
    this.asked = key;
    const way = app.story.way(app.shown());
    const [columns, rows] = this.room();
    this.heat = coneHeat(way, followBack(way, node), app.hello.nodes.length, columns, rows);
    this.words = `share of the model of ${app.nodeName(node, true)} that each node held, by the square root`;
    this.render();
    this.draw();
    return true;
  }

  // Bins that have two pixels each.
  private room(): [number, number] {
    const columns = Math.floor((this.pane.clientWidth - gutter) / 2);
    const rows = Math.floor((this.pane.clientHeight - barHeight - labelHeight) / 2);
    return [Math.max(10, Math.min(600, columns)), Math.max(10, Math.min(200, rows))];
  }

  private async ask(key: string, metric: Look['metric']): Promise<void> {
    this.waiting = true;
    try {
      const [columns, rows] = this.room();
      // The newest is asked for without its number: events tell of a moment a little before it can be asked for.
      const goal = goalOf(this.app);
      const moment = goal === this.app.story.present ? null : goal;
      const { app } = this;
      this.heat = app.hello.recorded ? recordedHeat(app, app.story.way(goal), columns, rows) : heatHere(await app.get<HeatAnswer>('/api/heat', { metric, sort: app.look.sort === 'crossings' ? 'given' : app.look.sort, columns, rows, moment }), app.story.nodesAt(goal));
      this.words = app.hello.recorded && (metric === 'distance' || metric === 'age') ? `the ${metric} was not recorded` : null;
      this.bytes = JSON.stringify(this.heat).length;
      this.render();
    } catch {
      if (key === this.asked) this.heat = null;
    }
    this.waiting = false;
    this.draw();
    this.update();
  }

  setMeasure(measure: Measure): void {
    this.measure = measure;
    this.render();
    this.draw();
  }

  // One dot per bin; it is scaled when it is drawn. Dots of bins without a value stay clear.
  private render(): void {
    const { heat, image, app } = this;
    if (heat === null) return;
    image.width = Math.max(1, heat.columns.length);
    image.height = Math.max(1, heat.rows.length);
    const context = image.getContext('2d')!;
    const picture = context.createImageData(image.width, image.height);
    const dots = new Uint32Array(picture.data.buffer);
    for (let row = 0; row < heat.rows.length; row++)
      for (let column = 0; column < heat.columns.length; column++) {
        const value = cell(heat, app.look.metric, this.measure, row, column);
        if (value !== null) dots[row * image.width + column] = pixels[place(value)]!;
      }
    context.putImageData(picture, 0, 0);
  }

  private hasFlows(): boolean {
    const { look } = this.app;
    return look.outlines && look.sort === 'group' && look.panel !== 'why';
  }

  private box(): Box {
    const { clientWidth, clientHeight } = this.pane;
    const columns = this.heat?.columns.length ?? 1;
    const width = Math.min(clientWidth - gutter - 8, columns * 60);
    return { x: gutter, width, height: clientHeight - barHeight - labelHeight };
  }

  private drawNow(): void {
    const { context, heat, app } = this;
    const { clientWidth, clientHeight } = this.pane;
    if (this.element.hidden || clientWidth < 40) return;
    const note = flowsNote(heat, app.look.sort === 'group', app.look.outlines && this.words === null, app.state?.groups.length ?? 0);
    text(this.heading, note + (this.words ?? title(heat, app.look.metric, this.measure, app.state?.nodes.index.length ?? app.present.nodes)));
    attribute(this.pane, 'aria-label', this.heading.textContent ?? '');
    context.clearRect(0, 0, clientWidth, clientHeight);
    if (heat === null) return;
    this.followNode(heat);
    const box = this.box();
    paintHeat(context, heat, this.image, box, coloursOf(app), app.present.moment, app.past() ? app.shown() : null);
    this.drawFlows(heat, box);
    const nodes = this.lens.nodes(heat, this.place);
    this.rows(box, nodes);
    this.lens.draw(nodes);
  }

  private drawFlows(heat: HeatAnswer, box: Box): void {
    const { answer } = this.flows;
    this.marks = [];
    if (!this.hasFlows() || answer === null) return;
    const bands = bandsOf(heat.order, this.app.state?.groups ?? []);
    paintBands(this.context, bands, box, coloursOf(this.app));
    this.marks = heatMarks(answer, bands, box);
    paintFlows(this.context, this.marks, coloursOf(this.app));
  }

  // The lens goes to a node that was selected elsewhere.
  private followNode(heat: HeatAnswer): void {
    const { node } = this.app.look;
    if (node === this.followed) return;
    this.followed = node;
    const place = node === null ? -1 : heat.order.indexOf(node);
    if (place >= 0) this.place = place;
  }

  // Where the lens or the sample lies, and the selected node.
  private rows(box: Box, nodes: number[]): void {
    const heat = this.heat!;
    const count = heat.order.length;
    const colours = coloursOf(this.app);
    const [first, last] = [nodes[0], nodes[nodes.length - 1]];
    if (this.app.look.sample) {
      for (const node of nodes) paintTick(this.context, box, (heat.order.indexOf(node) + 0.5) / count, colours);
    } else if (first !== undefined && last !== undefined)
      paintLens(this.context, box, heat.order.indexOf(first) / count, (heat.order.indexOf(last) + 1) / count, this.pinned, colours);
    const { node } = this.app.look;
    const row = node === null ? -1 : binOf(heat.rows, heat.order.indexOf(node));
    if (row >= 0) paintChosen(this.context, box, (row + 0.5) / heat.rows.length, this.app.nodeName(node!, true), colours);
  }

  private listen(): void {
    const { pane } = this;
    pane.addEventListener('pointermove', (event) => this.move(event));
    pane.addEventListener('pointerleave', () => this.small.hide());
    pane.addEventListener('click', (event) => this.click(pointIn(pane, event)));
    pane.addEventListener('dblclick', (event) => {
      const moment = this.momentAt(pointIn(pane, event));
      if (moment !== null) void this.app.sendNow(`goto ${moment}`);
    });
    pane.addEventListener('keydown', (event) => this.key(event));
  }

  private move(event: PointerEvent): void {
    const heat = this.heat;
    const box = this.box();
    const at = pointIn(this.pane, event);
    const below = at.y > box.height;
    this.small.show(below && at.x >= box.x ? this.momentAt(at) : null, event.clientX, this.pane.getBoundingClientRect().bottom - 34);
    if (heat === null || below) return;
    const mark = heatMarkAt(this.marks, at.x, at.y);
    if (mark !== null && this.flows.answer !== null) return this.hover(heatMarkWords(this.flows.answer, mark));
    const place = placeAt(heat, at.y / box.height);
    const node = heat.order[place];
    const column = Math.floor(((at.x - box.x) / box.width) * heat.columns.length);
    const value = cell(heat, this.app.look.metric, this.measure, binOf(heat.rows, place), column);
    if (node !== undefined && value !== null) {
      const worth = heat.scale[0] + value * (heat.scale[1] - heat.scale[0]);
      this.hover(`${this.app.nodeName(node, true)}, moment ${heat.columns[column]?.[0]}: ${number(worth)}`);
    }
    if (this.pinned || place === this.place) return;
    this.place = place;
    this.draw();
  }

  private click(at: Point): void {
    const { heat } = this;
    const box = this.box();
    if (heat === null) return;
    if (at.y > box.height) {
      const moment = this.momentAt(at);
      if (moment !== null) this.app.set({ moment });
      return;
    }
    this.place = placeAt(heat, at.y / box.height);
    this.pinned = !this.pinned;
    this.app.set({ node: heat.order[this.place] ?? null });
    this.draw();
  }

  // Arrows move the lens while the map has the focus, Enter pins it.
  private key(event: KeyboardEvent): void {
    const by = ({ ArrowUp: -1, ArrowDown: 1 } as Record<string, number>)[event.key];
    const count = this.heat?.order.length ?? 0;
    if (by !== undefined) {
      this.place = Math.max(0, Math.min(count - 1, this.place + by * (event.shiftKey ? 9 : 1)));
      this.app.set({ node: this.heat?.order[this.place] ?? null });
    } else if (event.key === 'Enter') this.pinned = !this.pinned;
    else return;
    event.preventDefault();
    event.stopPropagation();
    this.draw();
  }

  private momentAt(at: Point): number | null {
    const box = this.box();
    const heat = this.heat;
    if (heat === null) return null;
    const column = Math.floor(((at.x - box.x) / box.width) * heat.columns.length);
    return heat.columns[Math.max(0, Math.min(heat.columns.length - 1, column))]?.[1] ?? null;
  }
}
