// Paints what stands on lanes: trainings, aggregations, tests, absences, contacts.

import type { Colours } from './paint.ts';
import { columnsInView, happeningsIn, type Hit, type Picture, xOf } from './picture.ts';
import type { Lane } from './lanes.ts';
import { type Aggregated, placesOf, type Span, type Tested, type Trained } from './scene.ts';
import type { Place } from './columns.ts';

type Context = CanvasRenderingContext2D;

export function paintMarks(context: Context, picture: Picture, colours: Colours, hits: Hit[]): void {
  const { scene, only, way } = picture;
  if (picture.columns.columns.length === 0) return;
  const isWanted = (seq: number): boolean => only === null || only.has(seq);
  const [first, last] = columnsInView(picture);
  const [from, to] = happeningsIn(picture, first, last);
  // Trainings that began before what is in view may last into it.
  for (const training of scene.longTrainings) if (isWanted(training.seq)) bar(context, picture, colours, training, hits);
  const here = way.happenings.slice(from, to).filter((h) => isWanted(h.seq));
  for (const h of here) if (h.kind === 'training' && h.endT === h.t) bar(context, picture, colours, h, hits);
  for (const h of here) if (h.kind === 'tested') tick(context, picture, colours, h, hits);
  for (const h of here) if (h.kind === 'aggregated') circle(context, picture, colours, h, hits);
}

/** Absences and contacts lie below the messages. */
export function paintSpans(context: Context, picture: Picture, colours: Colours, hits: Hit[]): void {
  for (const span of picture.scene.downs) down(context, picture, colours, span);
  for (const span of picture.scene.contacts) contact(context, picture, colours, span, hits);
}

function inView(picture: Picture, from: number, to: number): boolean {
  return to >= picture.left - 12 && from <= picture.width + 12;
}

function endX(picture: Picture, ended: Place | null): number {
  return ended === null ? picture.left + picture.axis.width - picture.scroll : xOf(picture, ended);
}

// With ribbons: what is on the way stands out; else what is of the selected node.
function dim(picture: Picture, node: number, seq: number): number {
  const { ribbons } = picture;
  if (ribbons !== null) return ribbons.steps.has(seq) || ribbons.trainings.has(seq) ? 1 : 0.2;
  return picture.node === null || picture.node === node ? 1 : 0.5;
}

// A bar from the beginning to the end; without compute time a mark of 10 px. The lower its loss, the higher it stands.
function bar(context: Context, picture: Picture, colours: Colours, training: Trained, hits: Hit[]): void {
  const lane = picture.laneOf.get(training.node);
  if (lane === undefined) return;
  const { begun, ended } = placesOf(training, picture.columns);
  let from = xOf(picture, begun);
  let to = endX(picture, ended);
  if (to - from < 10 || training.endT === training.t) [from, to] = [(from + to) / 2 - 5, (from + to) / 2 + 5];
  if (!inView(picture, from, to)) return;
  const most = Math.min(14, lane.height - 2);
  const loss = training.loss;
  const height = loss === null ? most * 0.6 : most * (0.4 + 0.6 * Math.exp(-loss));
  const faint = picture.ribbons !== null ? 0.35 : ended === null ? 0.55 : 1;
  context.globalAlpha = dim(picture, training.node, training.seq) * faint;
  context.fillStyle = colours.train;
  context.fillRect(from, lane.y + most / 2 - height, to - from, height);
  context.globalAlpha = 1;
  mark(context, picture, colours, training.seq, (from + to) / 2, lane);
  hits.push({ mark: { kind: 'training', of: training }, x0: from + 3, y0: lane.y, x1: to - 3, y1: lane.y, reach: most / 2 + 1 });
}

// The filled part of the ring is the share of its own model; a notch says that a model of an earlier time took part.
function circle(context: Context, picture: Picture, colours: Colours, one: Aggregated, hits: Hit[]): void {
  const lane = picture.laneOf.get(one.node);
  if (lane === undefined) return;
  const x = xOf(picture, picture.columns.placeOf(one));
  if (!inView(picture, x, x)) return;
  const remembered = picture.scene.remembering.has(one.seq);
  const radius = Math.max(2, Math.min(7, lane.height / 2 - 2));
  context.globalAlpha = dim(picture, one.node, one.seq);
  context.fillStyle = one.changed ? colours.mix : colours.ground;
  context.strokeStyle = colours.mix;
  context.lineWidth = 1;
  context.beginPath();
  context.arc(x, lane.y, radius, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
  if (radius >= 4 && one.changed) {
    ring(context, colours, x, lane.y, radius, one.own);
    if (remembered) notch(context, colours, x, lane.y, radius);
  }
  context.globalAlpha = 1;
  mark(context, picture, colours, one.seq, x, lane);
  hits.push({
    mark: { kind: 'aggregated', of: one, remembered }, x0: x, y0: lane.y, x1: x, y1: lane.y, reach: radius + 2,
  });
}

function ring(context: Context, colours: Colours, x: number, y: number, radius: number, own: number | null): void {
  context.lineWidth = 2;
  context.strokeStyle = colours.ground;
  context.beginPath();
  context.arc(x, y, radius - 1, 0, 2 * Math.PI);
  context.stroke();
  context.strokeStyle = colours.ink;
  context.setLineDash(own === null ? [2, 2] : []);
  context.beginPath();
  context.arc(x, y, radius - 1, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * (own ?? 1));
  context.stroke();
  context.setLineDash([]);
}

function notch(context: Context, colours: Colours, x: number, y: number, radius: number): void {
  context.fillStyle = colours.ground;
  context.beginPath();
  context.moveTo(x - radius - 1, y - 3);
  context.lineTo(x - radius + 4, y);
  context.lineTo(x - radius - 1, y + 3);
  context.fill();
}

// A small tick whose colour is the accuracy.
function tick(context: Context, picture: Picture, colours: Colours, test: Tested, hits: Hit[]): void {
  const lane = picture.laneOf.get(test.node);
  if (lane === undefined) return;
  const x = xOf(picture, picture.columns.placeOf(test));
  if (!inView(picture, x, x)) return;
  const half = Math.min(6, lane.height / 2 - 1);
  context.fillStyle = colours.ink;
  context.fillRect(x - 2, lane.y - half - 0.5, 4, 2 * half + 1);
  context.fillStyle = colours.accuracy(test.accuracy);
  context.fillRect(x - 1.25, lane.y - half, 2.5, 2 * half);
  mark(context, picture, colours, test.seq, x, lane);
  hits.push({ mark: { kind: 'tested', of: test }, x0: x, y0: lane.y - half, x1: x, y1: lane.y + half, reach: 3 });
}

function beginOf(picture: Picture, span: Span): Place {
  return span.begun === null ? picture.columns.placeAt(span.since) : picture.columns.placeOf(span.begun);
}

function down(context: Context, picture: Picture, colours: Colours, span: Span): void {
  const lane = picture.laneOf.get(span.nodes[0]!);
  if (lane === undefined || lane.node < 0) return;
  const from = Math.max(picture.left, xOf(picture, beginOf(picture, span)));
  const to = Math.min(picture.width, endX(picture, span.ended === null ? null : picture.columns.placeOf(span.ended)));
  if (to <= from) return;
  const half = Math.min(8, lane.height / 2 - 1);
  context.save();
  context.beginPath();
  context.rect(from, lane.y - half, to - from, 2 * half);
  context.clip();
  context.fillStyle = colours.ground;
  context.fillRect(from, lane.y - half, to - from, 2 * half);
  context.strokeStyle = colours.soft;
  context.lineWidth = 1;
  context.beginPath();
  for (let x = from - 2 * half; x < to; x += 5) {
    context.moveTo(x, lane.y + half);
    context.lineTo(x + 2 * half, lane.y - half);
  }
  context.stroke();
  context.restore();
}

// A thin double bar between the two lanes where the contact begins and where it ends.
function contact(context: Context, picture: Picture, colours: Colours, span: Span, hits: Hit[]): void {
  const [a, b] = [picture.laneOf.get(span.nodes[0]!), picture.laneOf.get(span.nodes[1]!)];
  if (a === undefined || b === undefined || a === b) return;
  context.strokeStyle = colours.soft;
  context.lineWidth = 1;
  const own = picture.node === null || span.nodes.includes(picture.node);
  context.globalAlpha = own ? 0.8 : 0.12;
  for (const place of [beginOf(picture, span), span.ended === null ? null : picture.columns.placeOf(span.ended)]) {
    if (place === null) continue;
    const x = xOf(picture, place);
    if (!inView(picture, x, x)) continue;
    context.beginPath();
    for (const dx of [-1.5, 1.5]) {
      context.moveTo(x + dx, a.y);
      context.lineTo(x + dx, b.y);
    }
    context.stroke();
    hits.push({ mark: { kind: 'contact', of: span }, x0: x, y0: a.y, x1: x, y1: b.y, reach: 2 });
  }
  context.globalAlpha = 1;
}

// A diamond: only on this branch.
function mark(context: Context, picture: Picture, colours: Colours, seq: number, x: number, lane: Lane): void {
  if (picture.onlyHere === null || !picture.onlyHere.has(seq)) return;
  const y = lane.y - Math.min(9, lane.height / 2);
  context.fillStyle = colours.past;
  context.beginPath();
  context.moveTo(x, y - 4);
  context.lineTo(x + 4, y);
  context.lineTo(x, y + 4);
  context.lineTo(x - 4, y);
  context.fill();
}
