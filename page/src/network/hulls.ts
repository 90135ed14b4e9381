/** Outlines of groups: the convex hull of a group's nodes, as wide that they stand inside. */
import { groupColour, radius, type Scenery } from './draw.ts';
import { type Name, readable } from './names.ts';

export interface Point {
  x: number;
  y: number;
}

const around = 10; // points of the circle around a node, so that corners are round
const room = 9; // px between a node and the outline

/** The convex hull, against the clock on the screen's axes (Andrew's monotone chain, 1979). Three points or more stay where they span an area. */
export function hull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  const half = (list: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const p of list) {
      while (chain.length > 1 && turn(chain[chain.length - 2]!, chain[chain.length - 1]!, p) <= 0) chain.pop();
      chain.push(p);
    }
    chain.pop();
    return chain;
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

function turn(a: Point, b: Point, c: Point): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/** Drawn below the links; the name of each group stands at its outline, where no other name is. Returns the outlines, by name. */
export function drawHulls(c: CanvasRenderingContext2D, s: Scenery): Map<string, Point[]> {
  const { app, places, view } = s;
  const names: Name[] = [];
  const outlines = new Map<string, Point[]>();
  const place = new Map(app.state?.nodes.index.map((node, k) => [node, k]));
  c.font = `600 12px ${app.colour('--font') || 'sans-serif'}`;
  c.textAlign = 'center';
  c.textBaseline = 'alphabetic';
  app.state?.groups.forEach(({ group, nodes }, k) => {
    const rim = nodes.flatMap((node) => {
      const p = places.at.get(node);
      const at = place.get(node);
      return p === undefined || at === undefined ? [] : circle(view.toScreen(p), radius(app, at) + room);
    });
    if (rim.length === 0) return;
    const corners = hull(rim);
    outlines.set(group, corners);
    outline(c, corners, groupColour(k));
    const name = placeOf(corners, group, c.measureText(group).width, names);
    names.push(name);
  });
  c.lineWidth = 3;
  c.strokeStyle = app.colour('--ground');
  c.fillStyle = app.colour('--ink');
  for (const { word, x, y } of names) {
    c.strokeText(word, x, y);
    c.fillText(word, x, y);
  }
  return outlines;
}

/** Above the highest corner, else below the lowest, else beside the outer ones. */
export function placeOf(corners: readonly Point[], word: string, width: number, taken: readonly Name[]): Name {
  const outer = (of: (p: Point) => number): Point => corners.reduce((best, p) => (of(p) < of(best) ? p : best));
  const [top, low, left, right] = [outer((p) => p.y), outer((p) => -p.y), outer((p) => p.x), outer((p) => -p.x)];
  const half = width / 2 + 4;
  const spots: Point[] = [{ x: top.x, y: top.y - 3 }, { x: low.x, y: low.y + 12 }, { x: right.x + half, y: right.y }, { x: left.x - half, y: left.y }];
  const all = spots.map((p, node) => ({ node, word, width, ...p }));
  return all.find((name) => readable([...taken, name]).includes(name)) ?? all[0]!;
}

function circle(p: Point, r: number): Point[] {
  return Array.from({ length: around }, (_, k) => ({
    x: p.x + r * Math.cos((2 * Math.PI * k) / around), y: p.y + r * Math.sin((2 * Math.PI * k) / around),
  }));
}

function outline(c: CanvasRenderingContext2D, corners: Point[], colour: string): void {
  c.beginPath();
  for (const p of corners) c.lineTo(p.x, p.y);
  c.closePath();
  c.fillStyle = c.strokeStyle = colour;
  c.globalAlpha = 0.12;
  c.fill();
  c.globalAlpha = 0.9;
  c.lineWidth = 1.5;
  c.lineJoin = 'round';
  c.stroke();
  c.globalAlpha = 1;
}
