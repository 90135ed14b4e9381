// How far the models are from their mean: a histogram in logarithmic bins, with the last moments as fading outlines.

import { canvas, h, perFrame, text } from '../dom.ts';
import type { App, ConsensusAnswer } from '../types.ts';
import { coloursOf } from './diagram.ts';

export class ConsensusView {
  readonly draw: () => void;
  private readonly context: CanvasRenderingContext2D;
  private readonly line = h('p', { class: 'st-note' });
  private readonly pane = h('div', { class: 'st-histogram' });
  private answer: ConsensusAnswer | null = null;
  private asked = '';

  constructor(private readonly host: HTMLElement, private readonly app: App) {
    host.append(this.line, this.pane);
    this.draw = perFrame(() => this.drawNow());
    this.context = canvas(this.pane, 'Distances to the mean model', () => this.draw());
  }

  update(): void {
    const { app } = this;
    const key = `${app.shown()} ${app.present.history}`;
    if (key === this.asked || app.present.busy !== null || this.host.hidden) return;
    if (app.hello.recorded) return this.draw();
    this.asked = key;
    app.get<ConsensusAnswer>('/api/consensus', { moment: app.look.moment }).then((answer) => {
      if (key !== this.asked) return;
      this.answer = answer;
      this.draw();
    }, () => {
      this.answer = null;
      this.draw();
    });
  }

  private drawNow(): void {
    const { context } = this;
    const { clientWidth: width, clientHeight: height } = this.pane;
    context.clearRect(0, 0, width, height);
    const moments = this.answer?.moments ?? [];
    const last = moments[moments.length - 1];
    text(this.line, last === undefined ? this.unknown()
      : `Distance to the mean model: median ${last.median.toPrecision(2)}, p90 ${last.p90.toPrecision(2)}`);
    if (last === undefined) return;
    const most = Math.max(1, ...moments.flatMap((m) => m.counts));
    const colours = coloursOf(this.app);
    moments.forEach((moment, k) => {
      context.globalAlpha = k === moments.length - 1 ? 1 : 0.12 + (0.4 * k) / moments.length;
      this.outline(moment.counts, most, width, height - 14, k === moments.length - 1 ? colours.train : colours.soft, k === moments.length - 1);
    });
    context.globalAlpha = 1;
    this.marks(last, width, height - 14);
  }

  // The program leaves distances out where they would cost too much.
  private unknown(): string {
    if (this.app.hello.recorded) return 'Distances to the mean model were not recorded.';
    return 'Distances to the mean model are not known at this moment: all models together are too large, or it is no longer kept.';
  }

  private outline(counts: readonly number[], most: number, width: number, height: number, colour: string, filled: boolean): void {
    const { context } = this;
    const step = width / Math.max(1, counts.length);
    context.beginPath();
    context.moveTo(0, height);
    counts.forEach((count, k) => {
      const y = height - (count / most) * (height - 4);
      context.lineTo(k * step, y);
      context.lineTo((k + 1) * step, y);
    });
    context.lineTo(width, height);
    context.strokeStyle = context.fillStyle = colour;
    context.lineWidth = 1;
    if (filled) {
      context.globalAlpha = 0.35;
      context.fill();
      context.globalAlpha = 1;
    }
    context.stroke();
  }

  // Median as a full line, p90 as a broken one.
  private marks(last: ConsensusAnswer['moments'][number], width: number, height: number): void {
    const { context } = this;
    const bins = this.answer!.bins;
    const colours = coloursOf(this.app);
    context.strokeStyle = colours.past;
    context.fillStyle = colours.soft;
    context.font = '10px system-ui, sans-serif';
    context.textBaseline = 'top';
    for (const [value, dash] of [[last.median, []], [last.p90, [3, 3]]] as [number, number[]][]) {
      const x = logPlace(bins, value) * width;
      context.setLineDash(dash);
      context.beginPath();
      context.moveTo(x, 0);
      context.lineTo(x, height);
      context.stroke();
    }
    context.setLineDash([]);
    const [low, high] = [bins[0] ?? 0, bins[bins.length - 1] ?? 0];
    context.textAlign = 'left';
    context.fillText(low.toPrecision(2), 0, height + 3);
    context.textAlign = 'right';
    context.fillText(high.toPrecision(2), width, height + 3);
  }
}

/** Where a value lies among logarithmic edges, 0 to 1. */
export function logPlace(bins: readonly number[], value: number): number {
  const low = bins[0] ?? 0;
  const high = bins[bins.length - 1] ?? 0;
  if (!(low > 0) || !(high > low) || !(value > 0)) return 0;
  return Math.max(0, Math.min(1, Math.log(value / low) / Math.log(high / low)));
}
