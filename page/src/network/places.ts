/**
 * Where nodes are drawn: at their places, on a circle, or where forces put them. All in units of the picture, y downwards; the view
 * fits them into the window.
 */
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, type Simulation, type SimulationNodeDatum } from 'd3-force';
import { linkCount } from '../nodes.ts';
import type { LinksAnswer, StateAnswer } from '../types.ts';

export type Layout = 'places' | 'forces' | 'circle';

interface Body extends SimulationNodeDatum {
  node: number;
}

/** Over so many neighbours per node forces only make a ball; a circle shows more. */
const dense = 0.5;
const circleAtMost = 60;
const unit = 60; // length of a link

export class Places {
  /** Per node index; undefined: not present. */
  at = new Map<number, { x: number; y: number }>();
  layout: Layout = 'forces';
  /** Counts up when something has moved. */
  version = 0;

  private simulation: Simulation<Body, undefined> | null = null;
  private bodies = new Map<number, Body>();
  private linksVersion = -2;
  private pinned = new Map<number, { x: number; y: number }>();

  /** What suits a network, unless somebody has chosen. */
  static suited(state: StateAnswer, links: LinksAnswer | null): Layout {
    if (state.nodes.x) return 'places';
    const n = state.nodes.index.length;
    const edges = linkCount(links, n);
    return n <= circleAtMost && (edges === 0 || (2 * edges) / (n * Math.max(1, n - 1)) > dense) ? 'circle' : 'forces';
  }

  update(state: StateAnswer, links: LinksAnswer | null, layout: Layout): void {
    if (layout !== this.layout) {
      this.at.clear();
      this.linksVersion = -2;
      this.pinned.clear();
    }
    this.layout = layout;
    const present = new Set(state.nodes.index);
    for (const node of this.at.keys()) if (!present.has(node)) this.at.delete(node);
    if (layout === 'places') this.takePlaces(state);
    else if (layout === 'circle') this.circle(state);
    else this.forces(state, links);
  }

  private takePlaces(state: StateAnswer): void {
    const { index, x, y } = state.nodes;
    this.simulation = null;
    index.forEach((node, k) => this.put(node, x?.[k] ?? 0, -(y?.[k] ?? 0)));
  }

  private circle(state: StateAnswer): void {
    this.simulation = null;
    const { index } = state.nodes;
    const radius = Math.max(120, (index.length * unit) / 6);
    index.forEach((node, k) => {
      const angle = (2 * Math.PI * k) / index.length - Math.PI / 2;
      const own = this.pinned.get(node);
      this.put(node, own?.x ?? radius * Math.cos(angle), own?.y ?? radius * Math.sin(angle));
    });
  }

  private put(node: number, x: number, y: number): void {
    const old = this.at.get(node);
    if (old && old.x === x && old.y === y) return;
    this.at.set(node, { x, y });
    ++this.version;
  }

  private forces(state: StateAnswer, links: LinksAnswer | null): void {
    const { index } = state.nodes;
    const version = links?.version ?? -1;
    const same = index.length === this.bodies.size && index.every((node) => this.bodies.has(node));
    if (this.simulation && same && version === this.linksVersion) return;
    this.linksVersion = version;
    const old = this.bodies;
    this.bodies = new Map(index.map((node, k) => [node, old.get(node) ?? this.newBody(node, k)]));
    const edges = [...(links?.pairs ?? []), ...(links?.one_way ?? [])].filter(([a, b]) => this.bodies.has(a) && this.bodies.has(b));
    const list = [...this.bodies.values()];
    this.simulation = forceSimulation(list)
      .force('link', forceLink<Body, { source: Body; target: Body }>(edges.map(([a, b]) => ({ source: this.bodies.get(a)!, target: this.bodies.get(b)! }))).distance(unit))
      .force('charge', forceManyBody().strength(-120).theta(1.1).distanceMax(unit * 12))
      .force('x', forceX(0).strength(0.025))
      .force('y', forceY(0).strength(0.06))
      .force('apart', index.length <= 400 ? forceCollide(unit / 3) : null)
      .alpha(old.size === 0 ? 1 : 0.4)
      .alphaDecay(index.length > 400 ? 0.04 : 0.025)
      .stop();
    // Forces start from a spiral that is the same each time, so that a reload shows the same picture.
    this.take();
  }

  private newBody(node: number, k: number): Body {
    const radius = unit * 0.6 * Math.sqrt(k + 0.5);
    return { node, x: radius * Math.cos(2.39996 * k), y: radius * Math.sin(2.39996 * k) };
  }

  private take(): void {
    for (const body of this.bodies.values()) this.at.set(body.node, { x: body.x!, y: body.y! });
    ++this.version;
  }

  get moving(): boolean {
    return this.layout === 'forces' && this.simulation !== null && this.simulation.alpha() > 0.02;
  }

  /** Lets the forces work for at most `budget` milliseconds; true: they go on. */
  tick(budget: number): boolean {
    if (!this.simulation || !this.moving) return false;
    const end = performance.now() + budget;
    do this.simulation.tick();
    while (this.moving && performance.now() < end);
    this.take();
    return this.moving;
  }

  /** Puts a node by hand into the picture; the network knows nothing of it. */
  pin(node: number, x: number, y: number): void {
    const body = this.bodies.get(node);
    if (this.layout === 'forces' && body) {
      body.fx = body.x = x;
      body.fy = body.y = y;
      this.simulation?.alpha(Math.max(this.simulation.alpha(), 0.15));
    }
    this.pinned.set(node, { x, y });
    this.put(node, x, y);
  }
}
