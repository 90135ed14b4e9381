/** Outlines of groups: the convex hull of a group's nodes, as wide that they stand inside. */
import { groupColour, radius, type Scenery } from './draw.ts';

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

/** Drawn below the links; the name stands on top of each outline. */
export function drawHulls(c: CanvasRenderingContext2D, s: Scenery): void {
  const { app, places, view } = s;
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
    if (rim.length > 0) outline(c, hull(rim), group, groupColour(k), app.colour('--ground'), app.colour('--ink'));
  });
}

function circle(p: Point, r: number): Point[] {
  return Array.from({ length: around }, (_, k) => ({
    x: p.x + r * Math.cos((2 * Math.PI * k) / around), y: p.y + r * Math.sin((2 * Math.PI * k) / around),
  }));
}

function outline(c: CanvasRenderingContext2D, corners: Point[], name: string, colour: string, ground: string, ink: string): void {
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
  const top = corners.reduce((best, p) => (p.y < best.y ? p : best));
  c.lineWidth = 3;
  c.strokeStyle = ground;
  c.strokeText(name, top.x, top.y - 3);
  c.fillStyle = ink;
  c.fillText(name, top.x, top.y - 3);
}
