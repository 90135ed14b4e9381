// The rows below the lens as a table, where there are too many nodes for lanes of single happenings.

import { attribute, h, text } from '../dom.ts';

export interface LensRow {
  node: number;
  chosen: boolean;
  cells: string[]; // the name first
}

const headings = ['node', 'accuracy', 'loss', 'trained', 'met'];

/** It is filled in place: several times a second while something runs. */
export class LensTable {
  private readonly body = h('tbody', {});
  private rows: LensRow[] = [];

  constructor(host: HTMLElement, private readonly choose: (node: number) => void) {
    host.replaceChildren(h('table', {}, h('thead', {}, h('tr', {}, ...headings.map((word, k) => h('th', { class: k === 0 ? '' : 'num' }, word)))), this.body));
  }

  show(rows: LensRow[]): void {
    this.rows = rows;
    while (this.body.childElementCount > rows.length) this.body.lastElementChild!.remove();
    while (this.body.childElementCount < rows.length) this.body.append(this.line(this.body.childElementCount));
    rows.forEach((row, k) => {
      const line = this.body.children[k]!;
      attribute(line, 'aria-selected', String(row.chosen));
      row.cells.forEach((cell, column) => text(column === 0 ? line.children[0]!.firstElementChild! : line.children[column]!, cell));
    });
  }

  private line(k: number): HTMLElement {
    const name = h('button', { class: 'plain', type: 'button', onclick: () => this.choose(this.rows[k]!.node) });
    return h('tr', {}, h('td', {}, name), ...headings.slice(1).map(() => h('td', { class: 'num' })));
  }
}
