/** The pointer over the network: what is under it, what a click, a drag and a right click do. */
import { latency, number, plural, time } from '../format.ts';
import { showTip } from '../layout.ts';
import { accuracies } from '../nodes.ts';
import { radius, type Scenery } from './draw.ts';
import { dotAt } from './draw_messages.ts';
import type { Dot } from './flights.ts';
import { cellWords, type MatrixPicture } from './matrix.ts';
import { groundMenu, linkMenu, messageMenu, nodeMenu } from './menus.ts';
import { type Mark, markAt, markWords } from './traffic.ts';

const nearNode = 6; // px around a node that still count as it
const nearLink = 5;
const linksAtMost = 400; // nodes; over so many a link cannot be met by the pointer

/** In the matrix a pair without a link can be met too. */
type Hit = { node: number } | { dot: Dot } | { mark: Mark } | { link: [number, number]; is: 'up' | 'down' | 'none' } | null;

/** What the pointer works on. */
export interface Picture {
  scenery: Scenery;
  dots: Dot[];
  matrix: MatrixPicture;
  cell(x: number, y: number): { from: number; to: number } | null | undefined;
  /** A link that is being drawn by hand, to a point of the screen. */
  line: { from: number; x: number; y: number } | null;
  redraw(links: boolean): void;
  changed(): void;
}

export class Pointer {
  private readonly app;
  private readonly places;
  private readonly view;

  constructor(private picture: Picture, private element: HTMLCanvasElement) {
    ({ app: this.app, places: this.places, view: this.view } = picture.scenery);
    this.listen();
  }

  private hit(x: number, y: number): Hit {
    const n = this.app.state?.nodes;
    if (!n) return null;
    const cell = this.picture.cell(x, y);
    if (cell !== undefined) return cell === null ? null : this.hitCell(cell.from, cell.to);
    let best: number | null = null;
    let distance = Infinity;
    n.index.forEach((node, k) => {
      const p = this.places.at.get(node);
      if (!p) return;
      const d = Math.hypot(p.x * this.view.scale + this.view.x - x, p.y * this.view.scale + this.view.y - y) - radius(this.app, k);
      if (d < nearNode && d < distance) [best, distance] = [node, d];
    });
    if (best !== null) return { node: best };
    for (const dot of this.picture.dots) {
      if (dot.state !== 'flight') continue;
      const p = dotAt(this.picture.scenery, dot);
      if (p && Math.hypot(p.x - x, p.y - y) < 7) return { dot };
    }
    const mark = markAt(this.picture.scenery.marks, x, y);
    return mark ? { mark } : this.hitLink(x, y);
  }

  private hitCell(from: number, to: number): Hit {
    if (from === to) return { node: from };
    const { order, link } = this.picture.matrix.matrix;
    const is = link[order.indexOf(from) * order.length + order.indexOf(to)];
    return { link: [from, to], is: is === 2 ? 'down' : is === 1 ? 'up' : 'none' };
  }

  private hitLink(x: number, y: number): Hit {
    const links = this.app.links;
    if (!links || this.places.at.size > linksAtMost) return null;
    for (const link of [...links.pairs, ...links.one_way]) {
      const a = this.places.at.get(link[0]);
      const b = this.places.at.get(link[1]);
      if (a && b && toSegment({ x, y }, this.view.toScreen(a), this.view.toScreen(b)) < nearLink) return { link, is: this.isDown(link) ? 'down' : 'up' };
    }
    return null;
  }

  private listen(): void {
    const { element } = this;
    element.addEventListener('wheel', (e) => {
      e.preventDefault();
      this.view.zoom(Math.exp(-e.deltaY * 0.0015), e.offsetX, e.offsetY);
      this.picture.redraw(true);
    }, { passive: false });
    element.addEventListener('pointerdown', (e) => {
      if (e.button === 0) this.press(e);
    });
    element.addEventListener('pointermove', (e) => this.hover(e));
    element.addEventListener('pointerleave', () => this.leave());
    element.addEventListener('dblclick', (e) => {
      const hit = this.hit(e.offsetX, e.offsetY);
      if (hit && 'node' in hit) this.app.set({ node: hit.node, panel: 'node' });
    });
    element.addEventListener('keydown', (e) => this.key(e));
    element.addEventListener('contextmenu', (e) => {
      e.preventDefault();
      this.openMenu(e);
    });
  }

  /** With the network in focus, arrows go from node to node, and Enter looks at the selected one. */
  private key(e: KeyboardEvent): void {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    const { app } = this;
    if (e.ctrlKey || e.altKey || e.metaKey || e.shiftKey) return;
    if (way) this.goTo(this.towards(way[0]!, way[1]!));
    else if (e.key === 'Enter' && app.look.node !== null) app.set({ panel: 'node' });
    else return;
    e.preventDefault();
    e.stopPropagation();
  }

  private goTo(node: number | null): void {
    if (node === null) return;
    this.app.set({ node });
    this.app.say(this.tip({ node }) ?? '');
  }

  /** The nearest node in a direction: within 45 degrees of it, or the first node where none is selected. */
  private towards(dx: number, dy: number): number | null {
    if (this.app.look.matrix) {
      // Rows are walked in their order.
      const { order } = this.picture.matrix.matrix;
      return order[Math.max(0, order.indexOf(this.app.look.node ?? -1) + dx + dy)] ?? null;
    }
    const from = this.app.look.node === null ? undefined : this.places.at.get(this.app.look.node);
    if (!from) return this.app.state?.nodes.index[0] ?? null;
    let best: number | null = null;
    let least = Infinity;
    for (const [node, p] of this.places.at) {
      const [x, y] = [p.x - from.x, p.y - from.y];
      const along = x * dx + y * dy;
      const distance = Math.hypot(x, y);
      if (along > 0 && along >= distance * Math.SQRT1_2 && distance < least) [best, least] = [node, distance];
    }
    return best;
  }

  private openMenu(e: MouseEvent): void {
    const { app } = this;
    // By keyboard the menu is that of the selected node.
    const byKey = e.button !== 2 && app.look.node !== null;
    const hit: Hit = byKey ? { node: app.look.node! } : this.hit(e.offsetX, e.offsetY);
    showTip(0, 0, null);
    if (!hit || 'mark' in hit) return app.menu(e.clientX, e.clientY, groundMenu());
    if ('node' in hit) app.menu(e.clientX, e.clientY, nodeMenu(app, hit.node));
    else if ('dot' in hit) app.menu(e.clientX, e.clientY, messageMenu(app, hit.dot));
    else app.menu(e.clientX, e.clientY, linkMenu(app, hit.link[0], hit.link[1], hit.is));
  }

  private isDown(link: [number, number]): boolean {
    return this.app.links?.down.some(([a, b]) => (a === link[0] && b === link[1]) || (a === link[1] && b === link[0])) ?? false;
  }

  private hover(e: PointerEvent): void {
    if (e.buttons !== 0) return;
    const hit = this.hit(e.offsetX, e.offsetY);
    const node = hit && 'node' in hit ? hit.node : null;
    if (node !== this.picture.scenery.hover) {
      this.picture.scenery.hover = node;
      this.picture.redraw(false);
    }
    this.element.style.cursor = hit ? 'pointer' : 'default';
    showTip(e.clientX, e.clientY, this.tip(hit));
  }

  private leave(): void {
    this.picture.scenery.hover = null;
    showTip(0, 0, null);
    this.picture.redraw(false);
  }

  private tip(hit: Hit): string | null {
    const { app } = this;
    if (!hit) return null;
    if ('mark' in hit) return markWords(this.picture.scenery.flows!, hit.mark);
    if ('link' in hit && app.look.matrix) return cellWords(app, this.picture.matrix.matrix, hit.link[0], hit.link[1]);
    if ('link' in hit) {
      const own = app.links?.own.find((o) => (o.from === hit.link[0] && o.to === hit.link[1]) || (o.to === hit.link[0] && o.from === hit.link[1]));
      const p = own ?? app.links!.default;
      return `${app.nodeName(hit.link[0], true)} – ${app.nodeName(hit.link[1], true)}${hit.is === 'down' ? ', down' : ''}: loss ${p.loss}, latency ${latency(p.latency)}`;
    }
    if ('dot' in hit) {
      const m = app.state!.messages.find((x) => x.message === hit.dot.message);
      const when = m?.arrives ? `, arrives at ${time(m.arrives)}` : '';
      return `message ${hit.dot.message}: ${app.nodeName(hit.dot.from, true)} → ${app.nodeName(hit.dot.to, true)}${when}`;
    }
    const n = app.state!.nodes;
    const k = n.index.indexOf(hit.node);
    const accuracy = accuracies(app.state)[k] ?? null;
    const tested = accuracy === null ? 'not tested' : `accuracy ${number(accuracy)} (${app.state!.last_scope})`;
    return `${app.nodeName(hit.node)}: ${n.up[k] === 1 ? '' : 'down, '}${tested}, trains on ${plural(n.examples[k]!, 'example')}, trained ${plural(n.trained[k]!, 'time')}`;
  }

  // ---------------------------------------------------------------- dragging

  private press(e: PointerEvent): void {
    const { element } = this;
    const hit = this.hit(e.offsetX, e.offsetY);
    const node = hit && 'node' in hit && !this.app.look.matrix ? hit.node : null;
    const start = { x: e.clientX, y: e.clientY };
    let last = start;
    let moved = false;
    element.setPointerCapture(e.pointerId);
    showTip(0, 0, null);
    const move = (m: PointerEvent): void => {
      moved ||= Math.hypot(m.clientX - start.x, m.clientY - start.y) > 4;
      if (!moved) return;
      if (node !== null && e.shiftKey) this.picture.line = { from: node, x: m.offsetX, y: m.offsetY };
      else if (node !== null) this.dragNode(node, m.offsetX, m.offsetY);
      else this.view.move(m.clientX - last.x, m.clientY - last.y);
      last = { x: m.clientX, y: m.clientY };
      this.picture.redraw(true);
    };
    const done = (u: PointerEvent): void => {
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', done);
      element.removeEventListener('pointercancel', done);
      this.picture.line = null;
      if (!moved) this.click(hit);
      else if (node !== null && e.shiftKey) this.linkTo(node, this.hit(u.offsetX, u.offsetY));
      else if (node !== null) this.dropNode(node, u.offsetX, u.offsetY);
      this.picture.redraw(false);
    };
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', done);
    element.addEventListener('pointercancel', done);
  }

  private click(hit: Hit): void {
    if (hit && 'node' in hit) this.app.set({ node: this.app.look.node === hit.node ? null : hit.node });
    else if (hit && 'dot' in hit) this.app.set({ message: hit.dot.message });
    else if (hit && 'link' in hit && this.app.look.matrix) this.app.set({ node: hit.link[0] });
    else this.app.set({ node: null, message: null });
  }

  private dragNode(node: number, x: number, y: number): void {
    this.view.fitted = false;
    const p = this.view.toPicture(x, y);
    this.places.pin(node, p.x, p.y);
  }

  /** At places, dragging is `move`; elsewhere only the picture changes. */
  private dropNode(node: number, x: number, y: number): void {
    if (this.places.layout !== 'places') return;
    const p = this.view.toPicture(x, y);
    const digits = Math.max(0, Math.min(4, Math.ceil(Math.log10(this.view.scale)) + 1));
    void this.app.send(`move ${this.app.nodeWord(node)} ${p.x.toFixed(digits)} ${(-p.y).toFixed(digits)}`).then((reply) => {
      if (!reply.ok) this.picture.changed();
    });
  }

  private linkTo(from: number, hit: Hit): void {
    if (!hit || !('node' in hit) || hit.node === from) return;
    void this.app.send(`link ${this.app.nodeWord(from)} ${this.app.nodeWord(hit.node)} up`);
  }
}

/** Distance of a point from a segment. */
function toSegment(p: { x: number; y: number }, a: { x: number; y: number }, b: { x: number; y: number }): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const along = Math.min(1, Math.max(0, ((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(p.x - a.x - along * dx, p.y - a.y - along * dy);
}
