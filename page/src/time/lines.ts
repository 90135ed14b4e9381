// Paints messages: from where they were sent to where they arrived, or would have.

import type { MessageLife } from '../types.ts';
import type { Colours } from './paint.ts';
import { columnsInView, happeningsIn, type Hit, type Picture, xOf } from './picture.ts';
import { reasonLetter } from './scene.ts';

type Context = CanvasRenderingContext2D;

/** With more lines than this in view arrowheads are left out. */
const mostHeads = 400;
/** Arrows longer than this share of the view become two stubs. */
const farShare = 0.7;

interface Line {
  life: MessageLife;
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

export function paintLines(context: Context, picture: Picture, colours: Colours, hits: Hit[]): void {
  const lives = messagesInView(picture);
  const heads = picture.still && lives.length < mostHeads;
  const chosen = lives.filter((life) => life.message === picture.message);
  for (const life of [...lives.filter((l) => l.message !== picture.message), ...chosen])
    message(context, picture, colours, life, heads, hits);
  context.globalAlpha = 1;
}

// Those of which a happening is in view, and those that are on their way or wait at its end.
function messagesInView(picture: Picture): MessageLife[] {
  if (picture.columns.columns.length === 0) return [];
  const [first, last] = columnsInView(picture);
  const [from, to] = happeningsIn(picture, first, last);
  const found = new Set<number>();
  for (let k = from; k < to; k++) {
    const happening = picture.way.happenings[k]!;
    if ('message' in happening) found.add(happening.message);
  }
  const lives: MessageLife[] = [];
  for (const number of found) {
    const life = picture.way.messages.get(number);
    if (life !== undefined && isWanted(picture, life)) lives.push(life);
  }
  return lives;
}

function isWanted(picture: Picture, life: MessageLife): boolean {
  const { only } = picture;
  return only === null || only.has(life.sent) || only.has(life.arrived) || only.has(life.lost);
}

function weightOf(picture: Picture, life: MessageLife): number {
  if (life.message === picture.message) return 1;
  if (picture.ribbons !== null) return picture.ribbons.messages.has(life.message) ? 0.3 : 0.05;
  if (picture.node === null) return 0.62;
  return life.from === picture.node || life.to === picture.node ? 0.9 : 0.15;
}

function message(context: Context, picture: Picture, colours: Colours, life: MessageLife, heads: boolean, hits: Hit[]): void {
  const from = picture.laneOf.get(life.from);
  const to = picture.laneOf.get(life.to);
  if (from === undefined || to === undefined || from === to) return;
  const lost = life.lost >= 0;
  context.globalAlpha = weightOf(picture, life);
  context.strokeStyle = life.message === picture.message ? colours.chosen : lost ? colours.lost : colours.message;
  context.fillStyle = context.strokeStyle;
  context.lineWidth = life.message === picture.message ? 2.5 : 1;
  stub(context, picture, life, from.y);
  if (life.sent < 0) return;
  const begun = picture.columns.place(life.sent, 0, life.sentAt)!;
  const line: Line = { life, x0: xOf(picture, begun), y0: from.y, x1: xOf(picture, endPlace(picture, life)), y1: to.y };
  const flying = !lost && life.arrived < 0;
  const y1 = flying ? from.y + (to.y - from.y) * 0.5 : line.y1;
  const x1 = flying ? picture.left + picture.axis.width - picture.scroll : line.x1;
  stroke(context, picture, { ...line, x1, y1 }, flying);
  if (lost) cross(context, picture, colours, line);
  else if (!flying && heads) head(context, colours, line, life.used >= 0, Math.max(3.5, Math.min(7, from.height)));
  hits.push({ mark: { kind: 'message', message: life.message }, x0: line.x0, y0: line.y0, x1, y1, reach: 3 });
}

function endPlace(picture: Picture, life: MessageLife): { column: number; part: number; t: number } {
  const end = life.lost >= 0
    ? picture.columns.place(life.lost, 1, life.lostAt)
    : picture.columns.place(life.arrived, 1, life.arrivedAt);
  return end ?? { column: picture.columns.columns.length - 1, part: 1, t: Infinity };
}

function stroke(context: Context, picture: Picture, line: Line, flying: boolean): void {
  const length = Math.hypot(line.x1 - line.x0, line.y1 - line.y0);
  const view = picture.width - picture.left;
  context.setLineDash(flying ? [5, 3] : []);
  context.beginPath();
  if (line.x1 - line.x0 > farShare * view && line.life.message !== picture.message) {
    const share = 36 / length;
    context.moveTo(line.x0, line.y0);
    context.lineTo(line.x0 + share * (line.x1 - line.x0), line.y0 + share * (line.y1 - line.y0));
    context.moveTo(line.x1 - share * (line.x1 - line.x0), line.y1 - share * (line.y1 - line.y0));
  } else {
    context.moveTo(line.x0, line.y0);
  }
  context.lineTo(line.x1, line.y1);
  context.stroke();
  context.setLineDash([]);
}

// In the outbox: dotted along the sender's lane, from queueing to sending.
function stub(context: Context, picture: Picture, life: MessageLife, y: number): void {
  const queued = picture.columns.place(life.queued, 0.5, life.queuedAt);
  if (queued === null || life.dropped) return;
  const sent = life.sent < 0 ? null : picture.columns.place(life.sent, 0, life.sentAt);
  const from = xOf(picture, queued);
  const to = sent === null ? picture.left + picture.axis.width - picture.scroll : xOf(picture, sent);
  if (to - from < 3) return;
  context.setLineDash([1, 3]);
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(from, y - 2);
  context.lineTo(to, y - 2);
  context.stroke();
  context.setLineDash([]);
  context.lineWidth = life.message === picture.message ? 2.5 : 1;
}

// Filled: some aggregation has used it; hollow: it lies in the inbox or was replaced there.
function head(context: Context, colours: Colours, line: Line, used: boolean, size: number): void {
  const angle = Math.atan2(line.y1 - line.y0, line.x1 - line.x0);
  const [x, y] = [line.x1, line.y1];
  const point = (turn: number): [number, number] => [x - size * Math.cos(angle + turn), y - size * Math.sin(angle + turn)];
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(...point(0.4));
  context.lineTo(...point(-0.4));
  context.closePath();
  if (!used) context.fillStyle = colours.ground;
  context.fill();
  context.stroke();
  context.fillStyle = context.strokeStyle;
}

function cross(context: Context, picture: Picture, colours: Colours, line: Line): void {
  // A little before the lane, so that the crosses of several messages do not lie on each other.
  const length = Math.max(1, Math.hypot(line.x1 - line.x0, line.y1 - line.y0));
  const back = Math.min(0.4, 10 / length);
  const x = line.x1 - back * (line.x1 - line.x0);
  const y = line.y1 - back * (line.y1 - line.y0);
  context.lineWidth = 2;
  context.beginPath();
  for (const sign of [-1, 1]) {
    context.moveTo(x - 4, y - 4 * sign);
    context.lineTo(x + 4, y + 4 * sign);
  }
  context.stroke();
  if ((picture.lanes[0]?.height ?? 0) < 12) return;
  context.fillStyle = colours.lost;
  context.font = 'bold 10px system-ui, sans-serif';
  context.textBaseline = 'middle';
  context.fillText(reasonLetter[line.life.reason ?? 'loss'] ?? '?', x + 6, y);
}
