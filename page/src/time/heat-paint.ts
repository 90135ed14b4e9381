// Paints the heat map: cells, messages per column, the axis, the moment that is looked at, the lens.

import type { HeatAnswer } from '../types.ts';
import { barOf, columnOf } from './heat.ts';
import type { Colours } from './paint.ts';

export const barHeight = 14;
export const labelHeight = 16;
/** Room for names, left of the map. */
export const gutter = 112;

export interface Box {
  x: number;
  width: number;
  height: number;
}

type Context = CanvasRenderingContext2D;

export function paintHeat(
  context: Context, heat: HeatAnswer, image: CanvasImageSource, box: Box, colours: Colours, present: number, past: number | null,
): void {
  hatch(context, box, colours.still, colours.soft);
  context.imageSmoothingEnabled = false;
  context.drawImage(image, box.x, 0, box.width, box.height);
  bars(context, heat, box, colours);
  axis(context, heat, box, colours.soft);
  hand(context, heat, box, present, colours.ink, 1);
  if (past !== null) hand(context, heat, box, past, colours.past, 2);
}

// Below the cells: what was not tested shows it.
function hatch(context: Context, box: Box, ground: string, ink: string): void {
  context.save();
  context.beginPath();
  context.rect(box.x, 0, box.width, box.height);
  context.clip();
  context.fillStyle = ground;
  context.fillRect(box.x, 0, box.width, box.height);
  context.strokeStyle = ink;
  context.globalAlpha = 0.3;
  context.lineWidth = 1;
  context.beginPath();
  for (let x = box.x - box.height; x < box.x + box.width; x += 7) {
    context.moveTo(x, box.height);
    context.lineTo(x + box.height, 0);
  }
  context.stroke();
  context.restore();
}

// Messages per column, by the logarithm; the lost part is hatched.
function bars(context: Context, heat: HeatAnswer, box: Box, colours: Colours): void {
  const most = Math.max(1, ...heat.sent);
  const step = box.width / heat.columns.length;
  const width = Math.max(1, step - 0.5);
  const base = box.height + barHeight;
  const tall = barHeight - 2;
  heat.sent.forEach((sent, k) => {
    const bar = barOf(sent, heat.lost[k] ?? 0, most);
    context.fillStyle = colours.message;
    context.globalAlpha = 0.6;
    context.fillRect(box.x + k * step, base - bar.height * tall, width, bar.height * tall);
    context.globalAlpha = 1;
    context.fillStyle = colours.lost;
    for (let y = 0; y < bar.lost * tall; y += 3) context.fillRect(box.x + k * step, base - y - 1, width, 1.5);
  });
  context.fillStyle = colours.message;
  context.font = '10px system-ui, sans-serif';
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  context.fillText('messages', box.x - 6, base - barHeight / 2);
}

function axis(context: Context, heat: HeatAnswer, box: Box, colour: string): void {
  const step = box.width / heat.columns.length;
  context.fillStyle = colour;
  context.font = '10px system-ui, sans-serif';
  context.textAlign = 'left';
  context.textBaseline = 'top';
  let free = -Infinity;
  heat.columns.forEach(([first], k) => {
    const x = box.x + k * step;
    if (x < free) return;
    context.fillRect(x, box.height + barHeight, 1, 4);
    context.fillText(`m${first}`, x + 2, box.height + barHeight + 3);
    free = x + 40;
  });
}

function hand(context: Context, heat: HeatAnswer, box: Box, moment: number, colour: string, width: number): void {
  const k = columnOf(heat, moment);
  if (k < 0) return;
  context.fillStyle = colour;
  context.fillRect(box.x + ((k + 1) * box.width) / heat.columns.length - width / 2, 0, width, box.height + barHeight);
}

/** A frame around the rows of the lens, from and to a share of the height. */
export function paintLens(context: Context, box: Box, from: number, to: number, pinned: boolean, colours: Colours): void {
  context.strokeStyle = colours.soft;
  context.lineWidth = pinned ? 2 : 1;
  context.strokeRect(box.x - 3, from * box.height, box.width + 6, Math.max(4, (to - from) * box.height));
}

/** A short line beside a row of the sample. */
export function paintTick(context: Context, box: Box, share: number, colours: Colours): void {
  context.fillStyle = colours.ink;
  context.fillRect(box.x + box.width + 1, share * box.height - 1, 7, 2);
}

/** An arrow with the name of the selected node. */
export function paintChosen(context: Context, box: Box, share: number, name: string, colours: Colours): void {
  const y = Math.max(7, Math.min(box.height - 7, share * box.height));
  context.fillStyle = colours.chosen;
  context.beginPath();
  context.moveTo(box.x - 4, y);
  context.lineTo(box.x - 12, y - 5);
  context.lineTo(box.x - 12, y + 5);
  context.fill();
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  context.font = '11px system-ui, sans-serif';
  context.fillText(name, box.x - 16, y);
}
