/**
 * The network as a matrix: a row per sender, a column per receiver. With many links per node lines make a grey ball; here each link
 * has its own cell. It is drawn in units of cells, so that the same view zooms and moves it.
 */
import { plural } from '../format.ts';
import { orderLanes } from '../time/lanes.ts';
import type { App } from '../types.ts';
import type { Scenery } from './draw.ts';
import type { View } from './view.ts';

/** What is in a cell, for one order of the nodes. `sent` and `lost`: messages until the moment that is looked at. */
export interface Matrix {
  order: number[]; // nodes; row and column k are of order[k]
  link: Uint8Array; // per cell, row by row: 0 none, 1 up, 2 down
  sent: Uint32Array;
  lost: Uint32Array;
}

const namedFrom = 9; // px of a cell from which rows and columns are named
const griddedFrom = 5;

export function matrixOf(app: App): Matrix {
  const sort = app.look.sort === 'crossings' ? 'given' : app.look.sort;
  const present = new Set(app.state?.nodes.index);
  const order = orderLanes(app.hello.nodes.length, sort, app.state).filter((node) => present.has(node));
  const n = order.length;
  const at = new Map(order.map((node, k) => [node, k]));
  const cell = (from: number, to: number): number => (at.has(from) && at.has(to) ? at.get(from)! * n + at.get(to)! : -1);
  const matrix: Matrix = { order, link: new Uint8Array(n * n), sent: new Uint32Array(n * n), lost: new Uint32Array(n * n) };
  const put = (from: number, to: number, value: number): void => {
    const k = cell(from, to);
    if (k >= 0) matrix.link[k] = value;
  };
  for (const [a, b] of app.links?.pairs ?? []) {
    put(a, b, 1);
    put(b, a, 1);
  }
  if (app.links?.full) for (let k = 0; k < n * n; ++k) if (k % (n + 1) !== 0) matrix.link[k] = 1;
  for (const [a, b] of app.links?.one_way ?? []) put(a, b, 1);
  for (const [a, b] of app.links?.down ?? []) put(a, b, 2);
  if (app.hasWholeStory()) countMessages(app, matrix, cell);
  return matrix;
}

function countMessages(app: App, matrix: Matrix, cell: (from: number, to: number) => number): void {
  for (const life of app.story.way(app.shown()).messages.values()) {
    const k = life.sent < 0 ? -1 : cell(life.from, life.to);
    if (k < 0) continue;
    ++matrix.sent[k]!;
    if (life.lost >= 0) ++matrix.lost[k]!;
  }
}

/** What the colour of a cell is made of: 0 nothing, 1 a link, 2 a link that is down, 3 messages; and how strong, 0 to 1. */
export function cellLook(matrix: Matrix, k: number, most: number): { kind: 0 | 1 | 2 | 3; strength: number; lost: number } {
  const sent = matrix.sent[k]!;
  const lost = sent === 0 ? 0 : matrix.lost[k]! / sent;
  if (matrix.link[k] === 2) return { kind: 2, strength: 1, lost };
  if (sent > 0) return { kind: 3, strength: 0.35 + 0.65 * (Math.log(1 + sent) / Math.log(1 + Math.max(1, most))), lost };
  return { kind: matrix.link[k] === 1 ? 1 : 0, strength: 1, lost };
}

/** The cell at a place of the screen, as nodes; from: the row, to: the column; both are the node where its name stands. Null: outside. */
export function cellAt(matrix: Matrix, view: View, x: number, y: number): { from: number; to: number } | null {
  const p = view.toPicture(x, y);
  const row = Math.floor(p.y);
  // Left of the first column stand the names.
  const column = p.x < 0 ? row : Math.floor(p.x);
  const [from, to] = [matrix.order[row], matrix.order[column]];
  return from === undefined || to === undefined ? null : { from, to };
}

/** What a cell holds, in words. */
export function cellWords(app: App, matrix: Matrix, from: number, to: number): string {
  const n = matrix.order.length;
  const k = matrix.order.indexOf(from) * n + matrix.order.indexOf(to);
  const link = ['no link', 'linked', 'the link is down'][matrix.link[k] ?? 0]!;
  const sent = matrix.sent[k] ?? 0;
  const messages = !app.hasWholeStory() ? '' : sent === 0 ? ', no messages' : `, ${plural(sent, 'message')} until now, ${matrix.lost[k]} lost`;
  return `${app.nodeName(from, true)} → ${app.nodeName(to, true)}: ${link}${messages}`;
}

/** A colour of the theme, `#rrggbb`, as a canvas' pixel (red in the lowest byte). */
function pixel(colour: string, strength: number): number {
  const value = parseInt(colour.replace('#', ''), 16) || 0;
  const [r, g, b] = [value >> 16, (value >> 8) & 255, value & 255];
  return ((Math.round(255 * strength) << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/** How much of a block of cells is linked or used, for pictures with fewer dots than cells; 1 where it is most. */
export function density(matrix: Matrix, dots: number): Float64Array {
  const n = matrix.order.length;
  const counts = new Float64Array(dots * dots);
  for (let k = 0; k < n * n; ++k) {
    if (matrix.link[k] === 0 && matrix.sent[k] === 0) continue;
    const [row, column] = [Math.floor(k / n), k % n];
    ++counts[Math.floor((row * dots) / n) * dots + Math.floor((column * dots) / n)]!;
  }
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  return counts.map((count) => count / most);
}

function paintDots(image: HTMLCanvasElement, size: number, dot: (k: number) => number): void {
  image.width = image.height = Math.max(1, size);
  const context = image.getContext('2d')!;
  const picture = context.createImageData(image.width, image.height);
  const dots = new Uint32Array(picture.data.buffer);
  for (let k = 0; k < size * size; ++k) dots[k] = dot(k);
  context.putImageData(picture, 0, 0);
}

const coarse = 200; // dots of the picture that stands for more cells than there are pixels

export class MatrixPicture {
  matrix: Matrix = { order: [], link: new Uint8Array(), sent: new Uint32Array(), lost: new Uint32Array() };
  /** A dot per cell, and for many nodes a dot per block of them. */
  private readonly fine = document.createElement('canvas');
  private readonly blocks = document.createElement('canvas');
  private made = '';

  /** Made anew where what it shows has changed. */
  update(app: App): void {
    const { links, look, state } = app;
    const moment = app.hasWholeStory() || look.sort === 'accuracy' ? `${app.shown()} ${app.story.version}` : '';
    const key = [links?.version, state?.nodes.index.length, state?.groups.length, look.sort, moment, app.colour('--ground')].join(' ');
    if (key === this.made) return;
    this.made = key;
    const matrix = (this.matrix = matrixOf(app));
    const n = matrix.order.length;
    const most = matrix.sent.reduce((a, b) => Math.max(a, b), 0);
    const [up, down] = [pixel(app.colour('--edge'), 1), pixel(app.colour('--ground'), 1)];
    const message = app.colour('--message');
    paintDots(this.fine, n, (k) => {
      if (matrix.sent[k] === 0) return matrix.link[k] === 2 ? down : matrix.link[k] === 1 ? up : 0;
      const { kind, strength } = cellLook(matrix, k, most);
      return kind === 3 ? pixel(message, strength) : down;
    });
    if (n <= coarse) return;
    const strong = app.colour('--edge-strong');
    const shares = density(matrix, coarse);
    // One link in a block is seen, too.
    paintDots(this.blocks, coarse, (k) => (shares[k] === 0 ? 0 : pixel(strong, 0.3 + 0.7 * shares[k]!)));
  }

  /** What the view is fitted to: the cells, and room for names. */
  corners(): { x: number; y: number }[] {
    const n = this.matrix.order.length;
    return [{ x: -0.06 * n, y: -0.02 * n }, { x: n, y: n }];
  }

  draw(c: CanvasRenderingContext2D, s: Scenery): void {
    const { view, app } = s;
    const n = this.matrix.order.length;
    const size = n * view.scale;
    c.clearRect(0, 0, s.width, s.height);
    c.fillStyle = app.colour('--panel');
    c.fillRect(view.x, view.y, size, size);
    c.imageSmoothingEnabled = false;
    c.drawImage(n > coarse && view.scale < 1 ? this.blocks : this.fine, view.x, view.y, size, size);
    if (view.scale >= namedFrom) this.grid(c, s);
    c.strokeStyle = app.colour('--line');
    c.lineWidth = 1;
    c.strokeRect(view.x, view.y, size, size);
    if (view.scale >= griddedFrom) this.signs(c, s);
    if (view.scale >= namedFrom) this.names(c, s);
    this.chosen(c, s);
  }

  private grid(c: CanvasRenderingContext2D, s: Scenery): void {
    const { view } = s;
    const n = this.matrix.order.length;
    c.strokeStyle = s.app.colour('--panel');
    c.beginPath();
    for (let k = 1; k < n; ++k) {
      c.moveTo(view.x + k * view.scale, view.y);
      c.lineTo(view.x + k * view.scale, view.y + n * view.scale);
      c.moveTo(view.x, view.y + k * view.scale);
      c.lineTo(view.x + n * view.scale, view.y + k * view.scale);
    }
    c.stroke();
  }

  private cells(s: Scenery, each: (k: number, x: number, y: number) => void): void {
    const { view } = s;
    const n = this.matrix.order.length;
    for (let row = 0; row < n; ++row) {
      const y = view.y + row * view.scale;
      if (y < -view.scale || y > s.height) continue;
      for (let column = 0; column < n; ++column) {
        const x = view.x + column * view.scale;
        if (x >= -view.scale && x <= s.width) each(row * n + column, x, y);
      }
    }
  }

  // Where there is room: a link that is down is crossed out, and the lost share of the messages is a bar at the bottom of its cell.
  private signs(c: CanvasRenderingContext2D, s: Scenery): void {
    const { app, view } = s;
    const { matrix } = this;
    const n = matrix.order.length;
    const cell = view.scale;
    c.strokeStyle = app.colour('--edge-strong');
    this.cells(s, (k, x, y) => {
      if (matrix.link[k] === 2) {
        c.strokeRect(x + 0.5, y + 0.5, cell - 1, cell - 1);
        c.beginPath();
        c.moveTo(x + 1, y + cell - 1);
        c.lineTo(x + cell - 1, y + 1);
        c.stroke();
      }
      const { lost } = cellLook(matrix, k, 1);
      c.fillStyle = app.colour('--lost');
      if (lost > 0) c.fillRect(x, y + cell * (1 - 0.4 * lost) - 0.5, cell, cell * 0.4 * lost + 0.5);
      if (k % (n + 1) === 0) {
        c.fillStyle = app.accuracyColour(this.accuracy(app, matrix.order[k / (n + 1)]!));
        c.fillRect(x + 1, y + 1, cell - 2, cell - 2);
      }
    });
  }

  private accuracy(app: App, node: number): number | null {
    const { state } = app;
    const tests = state?.last_scope ? state.nodes.tests[state.last_scope] : undefined;
    return tests?.accuracy[state!.nodes.index.indexOf(node)] ?? null;
  }

  private names(c: CanvasRenderingContext2D, s: Scenery): void {
    const { app, view } = s;
    c.font = `${Math.min(12, view.scale)}px ${app.colour('--font') || 'sans-serif'}`;
    c.textAlign = 'right';
    c.textBaseline = 'middle';
    this.matrix.order.forEach((node, k) => {
      c.fillStyle = app.colour(node === app.look.node ? '--selected' : '--soft');
      c.fillText(app.nodeName(node, true), view.x - 4, view.y + (k + 0.5) * view.scale);
    });
  }

  // The row and the column of the selected node.
  private chosen(c: CanvasRenderingContext2D, s: Scenery): void {
    const { view } = s;
    const k = this.matrix.order.indexOf(s.app.look.node ?? -1);
    if (k < 0) return;
    const size = this.matrix.order.length * view.scale;
    const wide = Math.max(2, view.scale);
    c.strokeStyle = s.app.colour('--selected');
    c.lineWidth = 1.5;
    c.strokeRect(view.x, view.y + k * view.scale, size, wide);
    c.strokeRect(view.x + k * view.scale, view.y, wide, size);
  }
}
