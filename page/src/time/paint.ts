// Paints the space-time diagram on a canvas, and tells where each mark lies.

import { ticks } from './axis.ts';
import { paintLines } from './lines.ts';
import { paintMarks, paintSpans } from './marks.ts';
import { columnsInView, endOf, type Hit, type Picture, xOf } from './picture.ts';
import { paintRibbons } from './ribbon-paint.ts';

export interface Colours {
  ink: string;
  soft: string; // labels, lanes
  ground: string;
  still: string; // ground where time stands still
  train: string;
  mix: string;
  message: string;
  lost: string;
  chosen: string;
  past: string;
  ribbon: string;
  accuracy(value: number | null): string;
}

export const axisHeight = 20;

export function paint(context: CanvasRenderingContext2D, picture: Picture, colours: Colours): Hit[] {
  const hits: Hit[] = [];
  context.clearRect(0, 0, picture.width, picture.height + axisHeight);
  context.save();
  context.beginPath();
  context.rect(picture.left, 0, picture.width - picture.left, picture.height + axisHeight);
  context.clip();
  context.save();
  // Where the panel is too low for its lanes they end at the axis.
  context.beginPath();
  context.rect(picture.left, 0, picture.width - picture.left, picture.height);
  context.clip();
  ground(context, picture, colours);
  lanes(context, picture, colours);
  paintSpans(context, picture, colours, hits);
  if (picture.ribbons !== null) paintRibbons(context, picture, picture.ribbons, colours);
  paintLines(context, picture, colours, hits);
  paintMarks(context, picture, colours, hits);
  hands(context, picture, colours);
  context.restore();
  labels(context, picture, colours);
  context.restore();
  return hits;
}

// Grey where time stands still; a fine line where a moment begins.
function ground(context: CanvasRenderingContext2D, picture: Picture, colours: Colours): void {
  const { axis, left, scroll, height, width } = picture;
  if (axis.kind !== 'order') {
    context.fillStyle = colours.still;
    for (const stretch of axis.still) {
      const from = left + stretch.from - scroll;
      if (from < width && left + stretch.to - scroll > left) context.fillRect(from, 0, stretch.to - stretch.from, height);
    }
  }
  const [first, last] = columnsInView(picture);
  context.strokeStyle = colours.still;
  context.lineWidth = 1;
  context.beginPath();
  for (let k = Math.max(1, first); k <= last; k++) {
    if (picture.columns.columns[k]!.moment === picture.columns.columns[k - 1]!.moment) continue;
    const x = Math.round(left + axis.left[k]! - scroll) + 0.5;
    context.moveTo(x, 0);
    context.lineTo(x, height);
  }
  context.stroke();
}

function lanes(context: CanvasRenderingContext2D, picture: Picture, colours: Colours): void {
  const end = Math.min(picture.width, picture.left + picture.axis.width - picture.scroll);
  for (const lane of picture.lanes) {
    const chosen = lane.node >= 0 && lane.node === picture.node;
    context.strokeStyle = chosen ? colours.chosen : colours.soft;
    context.globalAlpha = chosen ? 0.9 : 0.45;
    context.lineWidth = chosen ? 2 : 1;
    context.setLineDash(lane.node < 0 ? [2, 4] : []);
    context.beginPath();
    let from = picture.left;
    for (const [gone, back] of lane.node < 0 ? [] : absences(picture, lane.node)) {
      stretch(context, from, Math.min(end, gone), lane.y);
      from = Math.max(from, back);
    }
    stretch(context, from, end, lane.y);
    context.stroke();
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function stretch(context: CanvasRenderingContext2D, from: number, to: number, y: number): void {
  if (to <= from) return;
  context.moveTo(from, y);
  context.lineTo(to, y);
}

// From where to where a node was not there, in pixels.
function absences(picture: Picture, node: number): [number, number][] {
  return picture.scene.absences.filter((span) => span.nodes[0] === node).map((span) => [
    span.begun === null ? -Infinity : xOf(picture, picture.columns.placeOf(span.begun)),
    span.ended === null ? Infinity : xOf(picture, picture.columns.placeOf(span.ended)),
  ]);
}

// The present moment as a thin line, the one that is looked at as a thick one with a handle.
function hands(context: CanvasRenderingContext2D, picture: Picture, colours: Colours): void {
  const present = endOf(picture, picture.present);
  if (present !== null) vertical(context, picture, present, colours.ink, 1, []);
  if (picture.shown === picture.present) return;
  const shown = endOf(picture, picture.shown);
  if (shown === null) return;
  vertical(context, picture, shown, colours.past, 2.5, []);
  context.fillStyle = colours.past;
  context.beginPath();
  context.moveTo(shown - 6, 0);
  context.lineTo(shown + 6, 0);
  context.lineTo(shown, 8);
  context.fill();
  // What came after it has not happened yet, seen from there.
  context.fillStyle = colours.ground;
  context.globalAlpha = 0.55;
  context.fillRect(shown + 1.5, 0, Math.max(0, picture.width - shown), picture.height);
  context.globalAlpha = 1;
}

function vertical(
  context: CanvasRenderingContext2D, picture: Picture, x: number, colour: string, width: number, dash: number[],
): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash(dash);
  context.beginPath();
  context.moveTo(Math.round(x) + 0.5, 0);
  context.lineTo(Math.round(x) + 0.5, picture.height);
  context.stroke();
  context.setLineDash([]);
}

function labels(context: CanvasRenderingContext2D, picture: Picture, colours: Colours): void {
  const { axis, left, scroll, height, width } = picture;
  context.fillStyle = colours.soft;
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = 'top';
  context.textAlign = 'left';
  for (const tick of ticks(axis, picture.columns.columns, 44)) {
    const x = left + tick.x - scroll;
    if (x < left - 1 || x > width) continue;
    context.fillRect(x, height, 1, 4);
    context.fillText(tick.text, x + 3, height + 4);
  }
}
