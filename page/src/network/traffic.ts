/** Traffic between groups, while their outlines are drawn: one mark per pair and direction, for all messages until the moment that is looked at. */
import { flowWords } from '../flows.ts';
import type { FlowsAnswer, StateAnswer } from '../types.ts';
import { chevronWidth, drawChevron } from './chevron.ts';
import { fewNodes, groupColour, type Scenery } from './draw.ts';
import type { Dot } from './flights.ts';
import type { Point } from './hulls.ts';
import { type Name, readable } from './names.ts';

export interface Mark {
  from: number; // places in the answer's groups
  to: number;
  sent: number;
  lost: number;
  x: number; // of its middle
  y: number;
  angle: number;
  middles: [Point, Point]; // where the groups' discs stand
  ends: [Point, Point]; // of its line, beside that of the other direction
}

const apart = 160; // px between the discs of two groups, at least, where there is room
const begins = 0.4; // of it, from where groups that lie on each other are pushed apart
const disc = 8; // px
const aside = 5; // px between the marks of both directions
const counted = 12; // marks; more have no numbers beside them
const fewMessages = 60; // up to so many single ones are drawn beside the marks
const near = 6; // px around a mark that still count as it

/** The middles of outlines, moved apart where groups lie on each other: else all marks would lie on one point. */
export function anchorsOf(outlines: readonly Point[][], width: number, height: number): Point[] {
  const middles = outlines.map((corners) => {
    const sum = corners.reduce((a, p) => ({ x: a.x + p.x, y: a.y + p.y }), { x: 0, y: 0 });
    return { x: sum.x / corners.length, y: sum.y / corners.length };
  });
  const least = Math.min(apart, Math.min(width, height) / 3);
  // Those that are near to others begin on a circle, each in a direction of its own, so that three do not end on one line.
  const anchors = middles.map((p, k) => {
    const crowded = middles.some((q, other) => other !== k && Math.hypot(q.x - p.x, q.y - p.y) < least);
    const [away, angle] = [crowded ? least * begins : 0, (2 * Math.PI * k) / middles.length - Math.PI / 2];
    return { x: p.x + away * Math.cos(angle), y: p.y + away * Math.sin(angle) };
  });
  for (let round = 0; round < 60; ++round) {
    for (let a = 0; a < anchors.length; ++a) {
      for (let b = a + 1; b < anchors.length; ++b) {
        const [p, q] = [anchors[a]!, anchors[b]!];
        const distance = Math.hypot(q.x - p.x, q.y - p.y) || 1;
        if (distance >= least) continue;
        const push = (least - distance) / 2 / distance;
        const [dx, dy] = [(q.x - p.x) * push, (q.y - p.y) * push];
        [p.x, p.y, q.x, q.y] = [p.x - dx, p.y - dy, q.x + dx, q.y + dy];
      }
    }
  }
  return anchors;
}

/** `outlines`: by name of the group. Groups without an outline have no marks. */
export function marksOf(answer: FlowsAnswer, outlines: ReadonlyMap<string, Point[]>, width: number, height: number): Mark[] {
  const names = answer.groups.filter((name) => outlines.has(name));
  const anchors = new Map(anchorsOf(names.map((name) => outlines.get(name)!), width, height).map((p, k) => [answer.groups.indexOf(names[k]!), p]));
  const sums = new Map<string, Mark>();
  for (const [, from, to, sent, lost] of answer.flows) {
    const [a, b] = [anchors.get(from), anchors.get(to)];
    if (!a || !b) continue;
    const key = `${from} ${to}`;
    const mark = sums.get(key) ?? { from, to, sent: 0, lost: 0, x: 0, y: 0, angle: Math.atan2(b.y - a.y, b.x - a.x), middles: [a, b], ends: [a, b] };
    mark.sent += sent;
    mark.lost += lost;
    sums.set(key, mark);
  }
  const marks = [...sums.values()];
  for (const mark of marks) {
    // To the right of its way, so that the two directions stand side by side.
    const away = aside + chevronWidth(mark.sent) / 2;
    const [dx, dy] = [-Math.sin(mark.angle) * away, Math.cos(mark.angle) * away];
    mark.ends = mark.middles.map((p) => ({ x: p.x + dx, y: p.y + dy })) as [Point, Point];
    mark.x = (mark.ends[0].x + mark.ends[1].x) / 2;
    mark.y = (mark.ends[0].y + mark.ends[1].y) / 2;
  }
  return marks;
}

/** Between discs in the colours of the groups, as outlines may lie on each other. */
export function drawMarks(c: CanvasRenderingContext2D, s: Scenery): void {
  const { app, marks } = s;
  const colours = { message: app.colour('--message'), lost: app.colour('--lost'), ground: app.colour('--ground') };
  c.lineCap = 'round';
  for (const [colour, width] of [[colours.ground, 3.5], [colours.message, 1.5]] as const) {
    c.strokeStyle = colour;
    c.lineWidth = width;
    c.beginPath();
    for (const { ends } of marks) {
      c.moveTo(ends[0].x, ends[0].y);
      c.lineTo(ends[1].x, ends[1].y);
    }
    c.stroke();
  }
  for (const mark of marks) drawChevron(c, mark.x, mark.y, mark.angle, mark.sent, mark.lost, colours);
  c.font = `600 12px ${app.colour('--font') || 'sans-serif'}`;
  c.textAlign = 'center';
  c.textBaseline = 'middle';
  const words = [...discs(c, s).filter(({ word }) => word !== ''), ...(marks.length <= counted ? marks.map((mark) => numberOf(c, mark)) : [])];
  c.lineWidth = 3;
  c.lineJoin = 'round';
  c.strokeStyle = colours.ground;
  c.fillStyle = app.colour('--ink');
  for (const { word, x, y } of readable(words)) {
    c.strokeText(word, x, y);
    c.fillText(word, x, y);
  }
}

/** A disc per group at its end of the marks; returns the names that belong to them. */
function discs(c: CanvasRenderingContext2D, s: Scenery): Name[] {
  const ends = new Map<number, Point>();
  for (const { from, to, middles } of s.marks) ends.set(from, middles[0]).set(to, middles[1]);
  return [...ends].map(([k, { x, y }]) => {
    c.beginPath();
    c.arc(x, y, disc, 0, 2 * Math.PI);
    c.fillStyle = groupColour(k);
    c.fill();
    c.strokeStyle = s.app.colour('--ground');
    c.lineWidth = 2;
    c.stroke();
    // With few nodes the outlines lie apart, and their own names tell which is which.
    const word = s.places.at.size > fewNodes ? s.flows!.groups[k]! : '';
    return { node: k, word, x, y: y + disc + 9, width: c.measureText(word).width };
  });
}

/** How many messages, beside the mark. */
function numberOf(c: CanvasRenderingContext2D, { x, y, angle, sent }: Mark): Name {
  const word = String(sent);
  const width = c.measureText(word).width;
  const away = chevronWidth(sent) / 2 + 6 + (Math.abs(Math.sin(angle)) * width) / 2;
  return { node: -1, word, width, x: x - Math.sin(angle) * away, y: y + Math.cos(angle) * away };
}

export function markAt(marks: readonly Mark[], x: number, y: number): Mark | null {
  return marks.find((m) => Math.hypot(m.x - x, m.y - y) < chevronWidth(m.sent) / 2 + near) ?? null;
}

export function markWords(answer: FlowsAnswer, { from, to, sent, lost }: Mark): string {
  return `${flowWords(answer.groups, from, to, sent, lost)}, until now`;
}

/** Of many messages the marks stand for those between groups; those inside of a group stay. */
export function withoutTraffic(dots: Dot[], state: StateAnswer): Dot[] {
  if (dots.length <= fewMessages) return dots;
  const first = new Map<number, string>();
  for (const { group, nodes } of state.groups) for (const node of nodes) if (!first.has(node)) first.set(node, group);
  return dots.filter(({ from, to }) => {
    const [a, b] = [first.get(from), first.get(to)];
    return a === undefined || b === undefined || a === b;
  });
}

/** For those who listen. */
export function marksSummary(answer: FlowsAnswer | null, marks: readonly Mark[]): string {
  if (answer === null || marks.length === 0) return '';
  return ` Between groups: ${marks.map((m) => flowWords(answer.groups, m.from, m.to, m.sent, m.lost)).join('; ')}.`;
}
