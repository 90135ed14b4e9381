// What the pointer does on the diagram. A click selects, a double click goes there, the wheel scrolls, with Ctrl it zooms.

import type { App } from '../types.ts';
import { columnAt } from './axis.ts';
import type { Diagram } from './diagram.ts';
import { contextMenu } from './menu.ts';
import type { Miniature } from './miniature.ts';
import { type Mark, pick } from './picture.ts';
import { type Point, pointIn } from './point.ts';
import { sentence } from './say.ts';

export class DiagramInput {
  constructor(private readonly pane: HTMLElement, private readonly diagram: Diagram, private readonly app: App, private readonly small: Miniature | null) {
    pane.addEventListener('pointermove', (event) => this.onMove(event));
    pane.addEventListener('pointerleave', () => {
      this.diagram.hover('');
      this.small?.hide();
    });
    pane.addEventListener('click', (event) => this.onClick(pointIn(pane, event)));
    pane.addEventListener('dblclick', (event) => {
      const moment = this.momentAt(pointIn(pane, event));
      if (moment !== null) void this.app.sendNow(`goto ${moment}`);
    });
    pane.addEventListener('contextmenu', (event) => this.onMenu(event));
    pane.addEventListener('wheel', (event) => {
      event.preventDefault();
      if (event.ctrlKey) diagram.zoomAt(pointIn(pane, event).x, Math.exp(-event.deltaY / 300));
      else diagram.scrollBy(event.deltaX + event.deltaY);
    }, { passive: false });
  }

  private onMove(event: PointerEvent): void {
    const at = pointIn(this.pane, event);
    this.preview(event, at);
    const words = this.words(this.markAt(at));
    this.pane.style.cursor = words === null ? 'default' : 'pointer';
    if (words !== null) return this.diagram.hover(words);
    const moment = this.momentAt(at);
    const of = moment === null ? undefined : this.app.story.segments.get(moment);
    this.diagram.hover(of === undefined ? '' : `Moment ${of.moment}: ${of.cmd || 'the start'}`);
  }

  // Over the axis: the network at that moment.
  private preview(event: PointerEvent, at: Point): void {
    const onAxis = at.y >= (this.diagram.picture?.height ?? Infinity);
    const box = this.pane.getBoundingClientRect();
    this.small?.show(onAxis ? this.momentAt(at) : null, event.clientX, box.bottom - 24);
  }

  private words(mark: Mark | null): string | null {
    const way = this.diagram.picture?.way;
    return mark === null || way === undefined ? null : sentence(mark, way, (node) => this.app.nodeName(node, true));
  }

  private onClick(at: Point): void {
    const mark = this.markAt(at);
    if (mark === null) {
      // Below the lanes lies the axis: there a click looks at a moment.
      const moment = this.momentAt(at);
      if (at.y >= (this.diagram.picture?.height ?? 0) && moment !== null) this.app.set({ moment });
      return;
    }
    if (mark.kind === 'message') this.app.set({ message: mark.message });
    else if (mark.kind === 'contact') this.app.set({ node: mark.of.nodes[0] ?? null });
    else this.app.set({ node: mark.of.node, message: null });
    this.app.say(this.words(mark) ?? '');
  }

  private onMenu(event: MouseEvent): void {
    event.preventDefault();
    if (event.button !== 2) return this.keyMenu();
    const at = pointIn(this.pane, event);
    const mark = this.markAt(at);
    const moment = this.momentAt(at);
    const [x, y] = [event.clientX, event.clientY];
    if (mark?.kind === 'message') contextMenu(this.app, { kind: 'message', message: mark.message }, x, y);
    else if (mark !== null && mark.kind !== 'contact') contextMenu(this.app, { kind: 'node', node: mark.of.node }, x, y);
    else if (moment !== null) contextMenu(this.app, { kind: 'moment', moment, t: this.columnAt(at)?.t }, x, y);
  }

  // The menu key: of what is selected.
  private keyMenu(): void {
    const { node, message } = this.app.look;
    const box = this.pane.getBoundingClientRect();
    const [x, y] = [box.left + box.width / 3, box.top + 20];
    if (message !== null) contextMenu(this.app, { kind: 'message', message }, x, y);
    else if (node !== null) contextMenu(this.app, { kind: 'node', node }, x, y);
    else contextMenu(this.app, { kind: 'moment', moment: this.app.shown() }, x, y);
  }

  private markAt(at: Point): Mark | null {
    return pick(this.diagram.hits, at.x, at.y);
  }

  private columnAt(at: Point): { moment: number; t: number } | undefined {
    const picture = this.diagram.picture;
    return picture?.columns.columns[columnAt(picture.axis, at.x + picture.scroll)];
  }

  // A command that runs has no moment yet.
  private momentAt(at: Point): number | null {
    const moment = this.columnAt(at)?.moment ?? -1;
    return moment < 0 ? null : moment;
  }
}
