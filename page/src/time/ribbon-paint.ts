// Paints where a model came from: ribbons along lanes and messages, as wide as the weight that reaches the target.

import type { Colours } from './paint.ts';
import { endOf, type Picture, xOf } from './picture.ts';
import type { Ribbons } from './ribbons.ts';
import { placesOf } from './scene.ts';

/** Width of the whole weight, in pixels; little shares keep a hair's width so that they are seen. */
function widthOf(weight: number, picture: Picture): number {
  return Math.max(0.75, weight * Math.min(20, (picture.lanes[0]?.height ?? 20) - 2));
}

export function paintRibbons(context: CanvasRenderingContext2D, picture: Picture, ribbons: Ribbons, colours: Colours): void {
  context.strokeStyle = colours.ribbon;
  context.fillStyle = colours.ribbon;
  context.lineCap = 'butt';
  context.globalAlpha = 0.7;
  context.setLineDash(ribbons.exact ? [] : [6, 3]);
  for (const stretch of ribbons.lanes) lane(context, picture, stretch);
  for (const [message, weight] of ribbons.messages) carried(context, picture, message, weight);
  context.setLineDash([]);
  trainings(context, picture, ribbons, colours);
  context.globalAlpha = 1;
}

function lane(context: CanvasRenderingContext2D, picture: Picture, stretch: Ribbons['lanes'][number]): void {
  const at = picture.laneOf.get(stretch.node);
  if (at === undefined) return;
  const from = stretch.from < 0 ? picture.left - picture.scroll : placeX(picture, stretch.from, 0.5);
  // What reaches the moment that is looked at ends there.
  const to = placeX(picture, stretch.to, 0.5) ?? endOf(picture, picture.shown) ?? from;
  if (from === null || to === null) return;
  line(context, from, at.y, to, at.y, widthOf(stretch.weight, picture));
}

// Over the line of the message, and on the receiver's lane while the guestbook or the inbox keeps it.
function carried(context: CanvasRenderingContext2D, picture: Picture, number: number, weight: number): void {
  const life = picture.way.messages.get(number);
  if (life === undefined || life.arrived < 0) return;
  const from = picture.laneOf.get(life.from);
  const to = picture.laneOf.get(life.to);
  if (from === undefined || to === undefined) return;
  const width = widthOf(weight, picture);
  const x0 = xOf(picture, picture.columns.place(Math.max(life.sent, life.queued), 0, life.sentAt)!);
  const queued = picture.columns.place(life.queued, 0.5, life.queuedAt);
  if (queued !== null) line(context, xOf(picture, queued), from.y, x0, from.y, width);
  const x1 = xOf(picture, picture.columns.place(life.arrived, 1, life.arrivedAt)!);
  line(context, x0, from.y, x1, to.y, width);
  const last = life.uses[life.uses.length - 1];
  const used = last === undefined ? null : placeX(picture, last, 0.5);
  if (used !== null && used - x1 > 2) line(context, x1, to.y, used, to.y, Math.min(width, 3));
}

// A dot per training, its area the share.
function trainings(context: CanvasRenderingContext2D, picture: Picture, ribbons: Ribbons, colours: Colours): void {
  context.fillStyle = colours.train;
  const most = Math.min(11, (picture.lanes[0]?.height ?? 20) / 2);
  for (const h of picture.way.happenings) {
    const weight = h.kind === 'training' ? ribbons.trainings.get(h.seq) : undefined;
    if (weight === undefined || h.kind !== 'training') continue;
    const at = picture.laneOf.get(h.node);
    if (at === undefined) continue;
    const { begun, ended } = placesOf(h, picture.columns);
    const x = (xOf(picture, begun) + xOf(picture, ended ?? begun)) / 2;
    context.beginPath();
    context.arc(x, at.y, Math.max(1.5, most * Math.sqrt(Math.min(1, weight))), 0, 2 * Math.PI);
    context.fill();
  }
}

function placeX(picture: Picture, seq: number, part: number): number | null {
  const place = picture.columns.place(seq, part, null);
  return place === null ? null : xOf(picture, place);
}

function line(context: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number, width: number): void {
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.stroke();
}
