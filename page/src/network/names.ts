/** The names of nodes, below each. Where two would lie on each other only one is written; the pointer tells the other. */
import type { Scenery } from './draw.ts';

export interface Name {
  node: number;
  word: string;
  x: number; // of its middle
  y: number; // of its base line
  width: number;
}

const high = 11; // px

/** Those that can be read, in the order in which they were given: what is selected comes first. */
export function readable(names: readonly Name[]): Name[] {
  const kept: Name[] = [];
  for (const name of names) {
    const covered = kept.some((k) => Math.abs(k.y - name.y) < high && Math.abs(k.x - name.x) < (k.width + name.width) / 2);
    if (!covered) kept.push(name);
  }
  return kept;
}

/** `below`: per node where its name stands. */
export function drawNames(c: CanvasRenderingContext2D, s: Scenery, below: readonly { node: number; x: number; y: number }[]): void {
  const { app } = s;
  c.font = `${below.length <= 24 ? 12 : 11}px ${app.colour('--font') || 'sans-serif'}`;
  c.textAlign = 'center';
  c.textBaseline = 'alphabetic';
  const rank = (node: number): number => (node === app.look.node ? 0 : node === s.hover ? 1 : 2);
  const names = [...below].sort((a, b) => rank(a.node) - rank(b.node) || a.node - b.node).map(({ node, x, y }) => {
    const word = app.nodeName(node, true);
    return { node, word, x, y, width: c.measureText(word).width };
  });
  c.lineWidth = 3;
  c.lineJoin = 'round';
  c.strokeStyle = app.colour('--ground');
  c.fillStyle = app.colour('--ink');
  for (const { word, x, y } of readable(names)) {
    c.strokeText(word, x, y);
    c.fillText(word, x, y);
  }
}
