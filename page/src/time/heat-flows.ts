// What groups sent to each other, on the map of many nodes: a mark per pair, direction and column. Only where rows stand by group.

import { flowWords } from '../flows.ts';
import { chevronWidth, drawChevron } from '../network/chevron.ts';
import type { FlowsAnswer, HeatAnswer, StateAnswer } from '../types.ts';
import type { Box } from './heat-paint.ts';
import type { Colours } from './paint.ts';

/** Rows of a group, as shares of the height. */
export interface Band {
  group: string;
  from: number;
  to: number;
}

export interface HeatMark {
  column: number;
  from: number; // places in the answer's groups
  to: number;
  sent: number;
  lost: number;
  x: number;
  ends: [number, number]; // y of its line, from sender to receiver
}

const small = 0.6; // of the marks in the network
const room = 24; // px across for each mark of a column, so that marks do not lie on each other
const mostColumns = 40;
const readable = 12; // px; lower bands have no name

/** Where the rows of each group lie. A node stands with the first of its groups; those without one come last. */
export function bandsOf(order: readonly number[], groups: StateAnswer['groups']): Band[] {
  const first = new Map<number, string>();
  for (const { group, nodes } of groups) for (const node of nodes) if (!first.has(node)) first.set(node, group);
  const bands: Band[] = [];
  order.forEach((node, k) => {
    const group = first.get(node);
    const last = bands[bands.length - 1];
    if (group === undefined) return;
    if (last?.group === group && last.to === k) last.to = k + 1;
    else bands.push({ group, from: k, to: k + 1 });
  });
  return bands.map(({ group, from, to }) => ({ group, from: from / order.length, to: to / order.length }));
}

/** How many columns of marks there is room for: each has a mark per pair and direction. */
export function columnsFor(groups: number, width: number): number {
  const pairs = Math.max(1, groups * (groups - 1));
  return Math.max(1, Math.min(mostColumns, Math.floor(width / (pairs * room))));
}

/** Within a column each pair and direction has its own place from left to right. */
export function heatMarks(answer: FlowsAnswer, bands: readonly Band[], box: Box): HeatMark[] {
  const middle = new Map(bands.map(({ group, from, to }) => [group, ((from + to) / 2) * box.height]));
  const groups = answer.groups.length;
  const step = box.width / Math.max(1, answer.columns.length);
  return answer.flows.flatMap(([column, from, to, sent, lost]) => {
    const [a, b] = [middle.get(answer.groups[from]!), middle.get(answer.groups[to]!)];
    if (a === undefined || b === undefined) return [];
    const pair = from * (groups - 1) + (to < from ? to : to - 1);
    const x = box.x + (column + (pair + 0.5) / (groups * (groups - 1))) * step;
    return [{ column, from, to, sent, lost, x, ends: [a, b] as [number, number] }];
  });
}

export function paintFlows(context: CanvasRenderingContext2D, marks: readonly HeatMark[], colours: Colours): void {
  for (const [colour, width] of [[colours.ground, 2.5], [colours.message, 1]] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    for (const { x, ends } of marks) {
      context.moveTo(x, ends[0]);
      context.lineTo(x, ends[1]);
    }
    context.stroke();
  }
  for (const { x, ends, sent, lost } of marks)
    drawChevron(context, x, (ends[0] + ends[1]) / 2, ends[1] > ends[0] ? Math.PI / 2 : -Math.PI / 2, sent, lost, colours, small);
}

/** The names of the groups beside their rows, and a line where one ends. */
export function paintBands(context: CanvasRenderingContext2D, bands: readonly Band[], box: Box, colours: Colours): void {
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.font = '600 11px system-ui, sans-serif';
  for (const { group, from, to } of bands) {
    context.fillStyle = colours.ground;
    context.fillRect(box.x, to * box.height - 1, box.width, 2);
    if ((to - from) * box.height < readable) continue;
    context.fillStyle = colours.ink;
    context.fillText(group, 4, ((from + to) / 2) * box.height, 60);
  }
}

export function heatMarkAt(marks: readonly HeatMark[], x: number, y: number): HeatMark | null {
  return marks.find((m) => {
    const near = (small * chevronWidth(m.sent)) / 2 + 3;
    return Math.abs(m.x - x) < near && Math.abs((m.ends[0] + m.ends[1]) / 2 - y) < near;
  }) ?? null;
}

export function heatMarkWords(answer: FlowsAnswer, mark: HeatMark): string {
  const [first, last] = answer.columns[mark.column]!;
  return `${first === last ? `moment ${first}` : `moments ${first} to ${last}`}: ${flowWords(answer.groups, mark.from, mark.to, mark.sent, mark.lost)}`;
}

/** Whether there is anything to draw, and if not, what to do. */
export function flowsNote(heat: HeatAnswer | null, isByGroup: boolean, isOn: boolean, groups: number): string {
  if (!isOn || heat === null || groups < 2) return '';
  return isByGroup ? 'marks: messages between groups, hatched: lost; ' : 'nodes by group (o) shows what groups send each other; ';
}
