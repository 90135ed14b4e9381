/** Draws links on the lower layer, nodes and messages on the upper one. */
import { cividisColour } from '../colours.ts';
import { accuracies } from '../nodes.ts';
import type { App, FlowsAnswer } from '../types.ts';
import { flying, stubs } from './draw_messages.ts';
import type { Dot } from './flights.ts';
import { drawHulls, type Point } from './hulls.ts';
import { drawNames } from './names.ts';
import type { Places } from './places.ts';
import { drawMarks, type Mark, marksOf } from './traffic.ts';
import type { View } from './view.ts';

export type ColourBy = 'accuracy' | 'loss' | 'group' | 'data';

export function groupColour(k: number): string {
  return groupColours[k % groupColours.length]!;
}

/** What a drawing needs; made once, updated in place. */
export interface Scenery {
  app: App;
  places: Places;
  view: View;
  width: number;
  height: number;
  colourBy: ColourBy;
  hover: number | null;
  /** While groups are outlined: their outlines by name, what they sent to each other, and the marks of it. */
  outlines: ReadonlyMap<string, Point[]>;
  flows: FlowsAnswer | null;
  marks: Mark[];
}

const mostEdges = 20_000;
export const fewNodes = 24;
const paleUnderMarks = 0.4;
const segmentsInPath = 100; // longer paths are slow to stroke on a CPU
const groupColours = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#f0e442', '#999999'];

/** Radius of a node: many nodes are small, and data make them bigger by area. */
export function radius(app: App, k: number): number {
  const n = app.state!.nodes;
  const count = n.index.length;
  const base = count <= 24 ? 13 : count <= 60 ? 9 : count <= 200 ? 6 : 3;
  const most = mostExamples(app);
  const share = most > 0 ? (n.examples[k] ?? 0) / most : 1;
  return count > 200 ? base : base * (0.55 + 0.45 * Math.sqrt(share));
}

let mostOf: unknown = null;
let most = 0;
function mostExamples(app: App): number {
  const { examples } = app.state!.nodes;
  if (mostOf !== examples) {
    mostOf = examples;
    most = Math.max(...examples);
  }
  return most;
}

/** Of the field in which nodes have places, in units of the picture; none where they have none. */
export function fieldCorners(area: [number, number] | null): { x: number; y: number }[] {
  return area === null ? [] : [{ x: 0, y: 0 }, { x: area[0], y: -area[1] }];
}

function drawField(c: CanvasRenderingContext2D, s: Scenery): void {
  const [a, b] = fieldCorners(s.app.hello.area).map((p) => s.view.toScreen(p));
  if (!a || !b || s.places.layout !== 'places') return;
  c.strokeStyle = s.app.colour('--line');
  c.lineWidth = 1;
  c.strokeRect(a.x, b.y, b.x - a.x, a.y - b.y);
}

export function drawLinks(c: CanvasRenderingContext2D, s: Scenery): void {
  c.clearRect(0, 0, s.width, s.height);
  drawField(c, s);
  s.outlines = s.app.look.outlines ? drawHulls(c, s) : new Map();
  const links = s.app.links;
  if (!links) return;
  const many = s.places.at.size > 200;
  const down = new Set(links.down.map(([a, b]) => `${a} ${b}`));
  const isDown = (a: number, b: number): boolean => down.size > 0 && (down.has(`${a} ${b}`) || down.has(`${b} ${a}`));
  const selected = s.app.look.node;
  const edges = [...links.pairs, ...links.one_way];
  const own = (e: [number, number]): boolean => e[0] === selected || e[1] === selected;
  c.lineWidth = 1;
  c.strokeStyle = s.app.colour('--edge');
  // More than this is a grey ground and no picture: then only those of the selected node are drawn, and all of them from close by.
  const crowded = edges.length > mostEdges && !isClose(s);
  c.globalAlpha = many ? (edges.length > 2500 ? 0.2 : 0.45) : edges.length > 400 ? 0.6 : selected === null ? 1 : 0.5;
  if (!crowded) strokeEdges(c, s, edges.filter((e) => !own(e) && !isDown(...e)));
  c.globalAlpha = crowded ? 0.35 : 1;
  c.strokeStyle = s.app.colour('--edge-strong');
  c.lineWidth = crowded ? 1 : 2;
  strokeEdges(c, s, edges.filter((e) => own(e) && !isDown(...e)));
  c.globalAlpha = 1;
  c.lineWidth = 1.5;
  c.setLineDash([3, 5]);
  strokeEdges(c, s, edges.filter((e) => isDown(...e)));
  c.setLineDash([]);
  if (!many) oneWayHeads(c, s, links.one_way);
}

/** Whether somebody has zoomed in, so that less than half of the nodes are in view. */
function isClose(s: Scenery): boolean {
  if (s.view.fitted) return false;
  let seen = 0;
  for (const p of s.places.at.values()) {
    const { x, y } = s.view.toScreen(p);
    if (x >= 0 && y >= 0 && x <= s.width && y <= s.height) ++seen;
  }
  return 2 * seen < s.places.at.size;
}

function strokeEdges(c: CanvasRenderingContext2D, s: Scenery, edges: [number, number][]): void {
  for (let first = 0; first < edges.length; first += segmentsInPath) {
    c.beginPath();
    for (let k = first; k < Math.min(edges.length, first + segmentsInPath); ++k) {
      const a = s.places.at.get(edges[k]![0]);
      const b = s.places.at.get(edges[k]![1]);
      if (!a || !b) continue;
      c.moveTo(a.x * s.view.scale + s.view.x, a.y * s.view.scale + s.view.y);
      c.lineTo(b.x * s.view.scale + s.view.x, b.y * s.view.scale + s.view.y);
    }
    c.stroke();
  }
}

function oneWayHeads(c: CanvasRenderingContext2D, s: Scenery, edges: [number, number][]): void {
  c.fillStyle = s.app.colour('--edge-strong');
  for (const [from, to] of edges) {
    const a = s.places.at.get(from);
    const b = s.places.at.get(to);
    if (a && b) head(c, s.view.toScreen(a), s.view.toScreen(b), 0.6, 7);
  }
}

/** An arrow's head on the line from a to b. */
function head(c: CanvasRenderingContext2D, a: { x: number; y: number }, b: { x: number; y: number }, at: number, size: number): void {
  const angle = Math.atan2(b.y - a.y, b.x - a.x);
  const x = a.x + (b.x - a.x) * at;
  const y = a.y + (b.y - a.y) * at;
  c.beginPath();
  c.moveTo(x + size * Math.cos(angle), y + size * Math.sin(angle));
  c.lineTo(x + size * Math.cos(angle + 2.5), y + size * Math.sin(angle + 2.5));
  c.lineTo(x + size * Math.cos(angle - 2.5), y + size * Math.sin(angle - 2.5));
  c.fill();
}

function fills(s: Scenery): (string | null)[] {
  const { app } = s;
  const state = app.state!;
  if (s.colourBy === 'accuracy') return accuracies(state).map((a) => (a === null ? null : cividisColour(a)));
  if (s.colourBy === 'group') {
    const of = new Map<number, string>();
    state.groups.forEach((g, k) => g.nodes.forEach((node) => of.set(node, groupColour(k))));
    return state.nodes.index.map((node) => of.get(node) ?? null);
  }
  const column = s.colourBy === 'loss' ? state.nodes.loss : state.nodes.examples;
  const top = Math.max(1e-9, ...column.map((v) => v ?? 0));
  return column.map((v) => (v === null ? null : cividisColour(v / top)));
}

export function drawNodes(c: CanvasRenderingContext2D, s: Scenery, dots: Dot[]): void {
  c.clearRect(0, 0, s.width, s.height);
  if (!s.app.state) return;
  s.marks = s.app.look.outlines && s.flows ? marksOf(s.flows, s.outlines, s.width, s.height) : [];
  // With few nodes there is room between them, with many the marks stand on top.
  const marksOnTop = s.places.at.size > fewNodes;
  if (s.marks.length > 0 && !marksOnTop) drawMarks(c, s);
  // Messages lie under the nodes, so that a crowd of them hides nobody; the selected one and lost ones stand on top.
  const onTop = (dot: Dot): boolean => dot.state === 'lost' || dot.message === s.app.look.message;
  if (s.places.at.size <= 200) stubs(c, s, dots);
  flying(c, s, dots.filter((dot) => !onTop(dot)));
  if (s.places.at.size > 200) squares(c, s);
  else circles(c, s);
  flying(c, s, dots.filter(onTop));
  if (s.marks.length > 0 && marksOnTop) drawMarks(c, s);
}

function squares(c: CanvasRenderingContext2D, s: Scenery): void {
  const n = s.app.state!.nodes;
  const colours = fills(s);
  const untested = s.app.colour('--untested');
  c.strokeStyle = s.app.colour('--edge-strong');
  c.lineWidth = 1;
  const room = Math.min(s.width, s.height) / Math.sqrt(n.index.length);
  const size = Math.min(9, Math.max(3, s.view.fitted ? 0.45 * room : 4 * Math.sqrt(s.view.scale)));
  // Dark colours on a dark ground need a rim.
  const rim = s.app.isDark();
  c.globalAlpha = s.marks.length > 0 ? paleUnderMarks : 1;
  n.index.forEach((node, k) => {
    const p = s.places.at.get(node);
    if (!p) return;
    const x = p.x * s.view.scale + s.view.x;
    const y = p.y * s.view.scale + s.view.y;
    if (n.up[k] !== 1) return cross(c, x, y, size);
    c.fillStyle = colours[k] ?? untested;
    c.fillRect(x - size / 2, y - size / 2, size, size);
    if (rim || colours[k] === null) c.strokeRect(x - size / 2, y - size / 2, size, size);
  });
  c.globalAlpha = 1;
  for (const node of [s.app.look.node, s.hover]) if (node !== null) mark(c, s, node, size);
}

/** A small node that is down: a cross, told apart by its shape. */
function cross(c: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  c.beginPath();
  c.moveTo(x - size / 2, y - size / 2);
  c.lineTo(x + size / 2, y + size / 2);
  c.moveTo(x + size / 2, y - size / 2);
  c.lineTo(x - size / 2, y + size / 2);
  c.stroke();
}

function mark(c: CanvasRenderingContext2D, s: Scenery, node: number, r: number): void {
  const p = s.places.at.get(node);
  if (!p) return;
  const { x, y } = s.view.toScreen(p);
  c.strokeStyle = s.app.colour('--selected');
  c.lineWidth = 3;
  c.beginPath();
  c.arc(x, y, r + 4, 0, 2 * Math.PI);
  c.stroke();
  c.lineWidth = 1;
}

/** Diagonal lines: a node that is down is told apart without colour. */
function hatch(c: CanvasRenderingContext2D, x: number, y: number, r: number, colour: string): void {
  c.save();
  c.beginPath();
  c.arc(x, y, r, 0, 2 * Math.PI);
  c.clip();
  c.strokeStyle = colour;
  c.lineWidth = 1.5;
  c.beginPath();
  for (let d = -2 * r; d <= 2 * r; d += 5) {
    c.moveTo(x + d - r, y + r);
    c.lineTo(x + d + r, y - r);
  }
  c.stroke();
  c.restore();
}

function circles(c: CanvasRenderingContext2D, s: Scenery): void {
  const { app } = s;
  const n = app.state!.nodes;
  const colours = fills(s);
  const labelled = n.index.length <= 60 || s.view.scale > 2;
  const below: { node: number; x: number; y: number }[] = [];
  const isMarked = (k: number): boolean => n.index[k] === app.look.node || n.index[k] === s.hover;
  // What is selected lies on top of its neighbours.
  const order = n.index.map((_, k) => k).sort((a, b) => Number(isMarked(a)) - Number(isMarked(b)) || a - b);
  order.forEach((k) => {
    const node = n.index[k]!;
    const p = s.places.at.get(node);
    if (!p) return;
    const { x, y } = s.view.toScreen(p);
    const r = radius(app, k);
    oneNode(c, s, k, x, y, r, colours[k] ?? null);
    if (isMarked(k)) mark(c, s, node, r);
    below.push({ node, x, y: y + r + (isMarked(k) ? 17 : 12) });
  });
  if (labelled) drawNames(c, s, below);
}

function oneNode(c: CanvasRenderingContext2D, s: Scenery, k: number, x: number, y: number, r: number, colour: string | null): void {
  const n = s.app.state!.nodes;
  const up = n.up[k] === 1;
  c.beginPath();
  c.arc(x, y, r, 0, 2 * Math.PI);
  c.fillStyle = up ? colour ?? s.app.colour('--untested') : s.app.colour('--ground');
  c.fill();
  c.strokeStyle = s.app.colour('--edge-strong');
  c.lineWidth = 1.5;
  if (colour === null) c.setLineDash([3, 2]);
  c.stroke();
  c.setLineDash([]);
  if (!up) hatch(c, x, y, r, s.app.colour('--edge-strong'));
  if (n.busy_until?.[k] !== null && n.busy_until?.[k] !== undefined) {
    c.strokeStyle = s.app.colour('--training');
    c.lineWidth = 3;
    c.beginPath();
    c.arc(x, y, r + 3, -Math.PI / 2, Math.PI);
    c.stroke();
  }
  if (n.attack && n.attack[k] !== 'off') {
    c.fillStyle = s.app.colour('--bad');
    c.font = `bold ${Math.round(r * 1.5)}px sans-serif`;
    c.textAlign = 'center';
    c.fillText('!', x + r, y - r * 0.3);
  }
}
