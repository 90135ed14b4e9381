/** The network: nodes, links and messages on two canvases; what is clicked is a look or the command that would be typed. */
import { attribute, canvas, h, perFrame } from './dom.ts';
import { FlowsSource } from './flows.ts';
import { drawLinks, drawNodes, fieldCorners, type Scenery } from './network/draw.ts';
import { dotAt } from './network/draw_messages.ts';
import { Flights, type Dot } from './network/flights.ts';
import { cellAt, MatrixPicture } from './network/matrix.ts';
import { Places, type Layout } from './network/places.ts';
import { Pointer } from './network/pointer.ts';
import { legend, stale, tools } from './network/tools.ts';
import { marksSummary, withoutTraffic } from './network/traffic.ts';
import { View } from './network/view.ts';
import { networkSummary } from './speak.ts';
import type { App } from './types.ts';

const forcesBudget = 8; // ms a frame
const outlineRoom = 40; // px above the highest node, for an outline and its name

class Network {
  private places = new Places();
  private view = new View();
  private flights: Flights;
  private flows: FlowsSource;
  readonly scenery: Scenery;
  private lower: CanvasRenderingContext2D;
  private upper: CanvasRenderingContext2D;
  chosen: Layout | null = null;
  readonly matrix = new MatrixPicture();
  private wasMatrix = false;
  dots: Dot[] = [];
  private drawnPlaces = -1;
  private linksDirty = true;
  private pending = 0;
  line: { from: number; x: number; y: number } | null = null;
  private size = { width: 0, height: 0 };

  constructor(private host: HTMLElement, private app: App) {
    this.flights = new Flights(app);
    this.flows = new FlowsSource(app, () => this.frame());
    this.scenery = { app, places: this.places, view: this.view, width: 0, height: 0, colourBy: 'accuracy', hover: null, outlines: new Map(), flows: null, marks: [] };
    const resized = (): void => this.resized();
    this.lower = canvas(host, '', resized);
    this.lower.canvas.setAttribute('aria-hidden', 'true');
    this.upper = canvas(host, 'Network', resized);
    this.upper.canvas.tabIndex = 0;
    this.upper.canvas.setAttribute('aria-describedby', 'network-help');
    const signs = legend(this.scenery);
    const bar = tools(this, signs);
    host.append(bar, signs.element, stale(this.scenery));
    this.keepClear(bar, signs.element);
    new Pointer(this, this.upper.canvas);
    for (const change of ['links', 'look', 'theme', 'size'] as const) app.on(change, () => this.changed());
    // Links are drawn anew only when they change: they are the slow part.
    for (const change of ['state', 'story'] as const) app.on(change, () => this.update());
    this.changed();
  }

  /** The picture is fitted between the tools and the legend, however many rows these take. */
  private keepClear(above: HTMLElement, below: HTMLElement): void {
    const watch = new ResizeObserver(() => {
      this.view.above = above.offsetHeight;
      this.view.below = below.offsetHeight;
      this.redraw(true);
    });
    watch.observe(above);
    watch.observe(below);
  }

  // ---------------------------------------------------------------- frames

  private resized(): void {
    if (!this.upper) return;
    this.size = { width: this.host.clientWidth, height: this.host.clientHeight };
    Object.assign(this.scenery, this.size);
    this.linksDirty = true;
    this.frame();
  }

  changed(): void {
    this.linksDirty = true;
    this.update();
  }

  private update(): void {
    const { state, links } = this.app;
    if (state) {
      this.places.update(state, links, this.chosen ?? Places.suited(state, links));
      this.flights.update(performance.now());
      if (this.app.look.outlines && !this.app.look.matrix) this.flows.update(this.app.shown(), 1);
    }
    this.frame();
  }

  redraw(links: boolean): void {
    this.linksDirty ||= links;
    this.frame();
  }

  private frame(): void {
    if (this.pending === 0) this.pending = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    this.pending = 0;
    const now = performance.now();
    if (this.app.look.matrix !== this.wasMatrix) {
      this.wasMatrix = this.app.look.matrix;
      this.view.fitted = true;
    }
    if (this.wasMatrix) return this.drawMatrix();
    const moving = this.places.tick(this.app.reducedMotion ? 200 : forcesBudget);
    if (this.view.fitted) this.view.fit(this.inPicture(), this.size.width, this.size.height, this.app.look.outlines ? outlineRoom : undefined);
    if (this.linksDirty || this.drawnPlaces !== this.places.version) {
      drawLinks(this.lower, this.scenery);
      this.drawnPlaces = this.places.version;
      this.linksDirty = false;
    }
    this.dots = this.flights.dots(now);
    if (this.scenery.marks.length > 0 && this.app.state) this.dots = withoutTraffic(this.dots, this.app.state);
    this.scenery.flows = this.flows.answer;
    drawNodes(this.upper, this.scenery, this.dots);
    if (this.line) this.drawLine(this.line);
    this.describe();
    if (moving || this.flights.moving) this.frame();
  }

  /** What the picture shows as a whole: all nodes, and the whole field where they have places, so that one sees them move in it. */
  private *inPicture(): Iterable<{ x: number; y: number }> {
    yield* this.places.at.values();
    if (this.places.layout === 'places') yield* fieldCorners(this.app.hello.area);
  }

  private drawMatrix(): void {
    this.matrix.update(this.app);
    if (this.view.fitted) this.view.fit(this.matrix.corners(), this.size.width, this.size.height, 8, 8);
    this.matrix.draw(this.lower, this.scenery);
    this.upper.clearRect(0, 0, this.size.width, this.size.height);
    this.linksDirty = true; // for when the lines come back
    this.dots = [];
    this.describe();
  }

  /** The cell of the matrix at a place; null: none there. Undefined: there is no matrix. */
  cell(x: number, y: number): { from: number; to: number } | null | undefined {
    return this.wasMatrix ? cellAt(this.matrix.matrix, this.view, x, y) : undefined;
  }

  get moving(): boolean {
    return this.pending !== 0 || this.places.moving || this.flights.moving;
  }

  /** Where a node is drawn, from the corner of the panel. */
  screen(node: number): { x: number; y: number } | null {
    const p = this.places.at.get(node);
    return p ? this.view.toScreen(p) : null;
  }

  dot(k: number): { x: number; y: number } | null {
    return this.dots[k] ? dotAt(this.scenery, this.dots[k]) : null;
  }

  private drawLine(line: { from: number; x: number; y: number }): void {
    const from = this.places.at.get(line.from);
    if (!from) return;
    const start = this.view.toScreen(from);
    this.upper.strokeStyle = this.app.colour('--selected');
    this.upper.lineWidth = 2;
    this.upper.beginPath();
    this.upper.moveTo(start.x, start.y);
    this.upper.lineTo(line.x, line.y);
    this.upper.stroke();
  }

  private described = perFrame(() => attribute(this.upper.canvas, 'aria-label', networkSummary(this.app) + marksSummary(this.scenery.flows, this.scenery.marks)));
  private describe(): void {
    this.described();
  }
}

declare global {
  interface Window {
    /** For tests: where things are drawn. */
    __network?: Pick<Network, 'moving' | 'dots' | 'screen' | 'dot' | 'matrix' | 'scenery'>;
  }
}

export function mountNetwork(host: HTMLElement, app: App & { places: App['places'] }): void {
  const network = new Network(host, app);
  window.__network = network;
  app.places = () => network.scenery.places.at;
  app.register(
    { id: 'matrix', label: 'The network as a matrix', keys: 'v', run: () => app.set({ matrix: !app.look.matrix }) },
    {
      id: 'outlines', label: 'Outlines of groups', keys: 'h', run: () => app.set({ outlines: !app.look.outlines }),
      why: () => (app.look.matrix ? 'The matrix has no outlines.' : (app.state?.groups.length ?? 0) > 0 || app.look.outlines ? null : 'There is no group yet: `group create NAME`, or right click on a node.'),
    },
  );
  host.append(h('p', { class: 'unseen', id: 'network-help' }, 'Drag a node to move it, shift-drag from node to node to link them, right click for what can be done. By keyboard: arrows go from node to node, Enter looks at one, the menu key has its commands.'));
}
