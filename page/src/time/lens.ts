// The lens: a few rows of the map, opened. They lie around the pointer, or are a sample of all nodes.
//
// Where single happenings are here the rows are a piece of the diagram; with more nodes they are a table beside the map, which has the
// whole height then.

import { h, text } from '../dom.ts';
import { number } from '../format.ts';
import { accuracies } from '../nodes.ts';
import type { App, HeatAnswer } from '../types.ts';
import { Diagram } from './diagram.ts';
import { lensRows } from './heat.ts';
import { LensTable } from './lens-table.ts';
import { rowsOfSample, sampleOf, sampleTitle } from './sample.ts';

export class Lens {
  hover: (sentence: string) => void = () => {};
  diagram: Diagram | null = null;
  private table: LensTable | null = null;
  private readonly heading = h('p', { class: 'st-note st-sample', hidden: true });
  private readonly rows = h('div', { class: 'st-lens' });

  constructor(left: HTMLElement, private readonly side: HTMLElement, private readonly app: App) {
    left.append(this.heading, this.rows);
  }

  /** The nodes of the rows, from top to bottom. */
  nodes(heat: HeatAnswer, place: number): number[] {
    const { state, look } = this.app;
    this.heading.hidden = !look.sample;
    if (!look.sample) return lensRows(heat.order, place);
    const values = accuracies(state);
    const sample = sampleOf((state?.nodes.index ?? []).map((node, k) => ({ node, accuracy: values[k] ?? null })));
    text(this.heading, sampleTitle(sample, state?.nodes.index.length ?? 0));
    return rowsOfSample(sample);
  }

  draw(nodes: number[]): void {
    if (!this.app.hasStory()) return this.drawTable(nodes);
    if (this.diagram === null) {
      this.diagram = new Diagram(this.rows, this.app);
      this.diagram.hover = this.hover;
    }
    this.diagram.only = nodes;
    this.diagram.draw();
  }

  private drawTable(nodes: number[]): void {
    if (this.rows.parentElement !== this.side) this.side.prepend(this.heading, this.rows);
    const { state } = this.app;
    const tested = accuracies(state);
    const real = (k: number, list: readonly (number | null)[] | undefined): string => (k < 0 ? '–' : number(list?.[k] ?? null));
    this.table ??= new LensTable(this.rows, (node) => this.app.set({ node }));
    this.table.show(nodes.map((node) => {
      const k = state?.nodes.index.indexOf(node) ?? -1;
      const whole = (list: readonly number[] | undefined): string => (k < 0 ? '–' : String(list?.[k] ?? '–'));
      return {
        node, chosen: node === this.app.look.node,
        cells: [this.app.nodeName(node), real(k, tested), real(k, state?.nodes.loss), whole(state?.nodes.trained), whole(state?.nodes.guestbook)],
      };
    }));
  }
}
