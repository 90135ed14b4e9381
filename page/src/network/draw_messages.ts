/** Draws messages: what waits, what is on its way, what was lost. */
import type { Scenery } from './draw.ts';
import type { Dot } from './flights.ts';

/** What waits: dotted stubs at the sender for an outbox, hollow heads at the receiver for an inbox. */
export function stubs(c: CanvasRenderingContext2D, s: Scenery, dots: Dot[]): void {
  c.strokeStyle = s.app.colour('--message');
  c.lineWidth = 1.5;
  for (const dot of dots) {
    if (dot.state !== 'outbox' && dot.state !== 'inbox' && dot.state !== 'arrived') continue;
    const a = s.places.at.get(dot.from);
    const b = s.places.at.get(dot.to);
    if (!a || !b) continue;
    const from = s.view.toScreen(a);
    const to = s.view.toScreen(b);
    const angle = Math.atan2(to.y - from.y, to.x - from.x);
    c.beginPath();
    if (dot.state === 'outbox') {
      c.setLineDash([2, 3]);
      c.moveTo(from.x + 14 * Math.cos(angle), from.y + 14 * Math.sin(angle));
      c.lineTo(from.x + 32 * Math.cos(angle), from.y + 32 * Math.sin(angle));
    } else {
      c.setLineDash([]);
      const [x, y] = [to.x - 18 * Math.cos(angle), to.y - 18 * Math.sin(angle)];
      c.moveTo(x + 6 * Math.cos(angle + 2.6), y + 6 * Math.sin(angle + 2.6));
      c.lineTo(x, y);
      c.lineTo(x + 6 * Math.cos(angle - 2.6), y + 6 * Math.sin(angle - 2.6));
    }
    c.stroke();
  }
  c.setLineDash([]);
}

/** Messages on their way, and the crosses of lost ones. */
export function flying(c: CanvasRenderingContext2D, s: Scenery, dots: Dot[]): void {
  const small = s.places.at.size > 200 ? 2 : s.places.at.size > 24 || dots.length > 60 ? 3 : 4;
  for (const dot of dots) {
    if (dot.state !== 'flight' && dot.state !== 'lost') continue;
    const p = dotAt(s, dot);
    if (!p) continue;
    if (dot.state === 'flight') {
      c.fillStyle = s.app.colour(dot.message === s.app.look.message ? '--selected' : '--message');
      c.beginPath();
      c.arc(p.x, p.y, dot.message === s.app.look.message ? 6 : small, 0, 2 * Math.PI);
      c.fill();
      c.strokeStyle = s.app.colour('--ground');
      c.lineWidth = 1;
      c.stroke();
      continue;
    }
    c.strokeStyle = s.app.colour('--lost');
    c.lineWidth = 2.5;
    c.beginPath();
    c.moveTo(p.x - 5, p.y - 5);
    c.lineTo(p.x + 5, p.y + 5);
    c.moveTo(p.x + 5, p.y - 5);
    c.lineTo(p.x - 5, p.y + 5);
    c.stroke();
  }
}

/** Where a dot is on the screen; both ways of a link are drawn a little aside, so that two that meet are seen. */
export function dotAt(s: Scenery, dot: Dot): { x: number; y: number } | null {
  const a = s.places.at.get(dot.from);
  const b = s.places.at.get(dot.to);
  if (!a || !b) return null;
  const from = s.view.toScreen(a);
  const to = s.view.toScreen(b);
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const aside = s.places.at.size > 200 ? 1 : 4;
  return {
    x: from.x + (to.x - from.x) * dot.at - ((to.y - from.y) / length) * aside,
    y: from.y + (to.y - from.y) * dot.at + ((to.x - from.x) / length) * aside,
  };
}
