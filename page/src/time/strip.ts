// The branch strip above the diagram: all moments of all branches, to scrub over. Scrubbing is a look.

import { canvas, h, perFrame } from '../dom.ts';
import type { App } from '../types.ts';
import { endOfTrack, layStrip, mostTracks, momentAt, StripBook, stripLaneHeight, stripScale, type Strip, type Track, trackOf } from './branches.ts';
import { coloursOf } from './diagram.ts';
import { now } from './menu.ts';
import type { Miniature } from './miniature.ts';
import type { Colours } from './paint.ts';
import { pointIn } from './point.ts';

/** Pixels between two moments from which on they have dots. */
const leastDots = 4;

export class BranchStrip {
  readonly draw: () => void;
  readonly element: HTMLElement;
  strip: Strip | null = null;
  // One control for all lanes, however low they are: arrows choose among the branches.
  private readonly names = h('div', { class: 'st-tracks', role: 'listbox', tabindex: 0, 'aria-label': 'Branches' });
  private readonly rest = h('span', {});
  private readonly pane = h('div', {
    class: 'st-strip-pane', role: 'slider', tabindex: 0, 'aria-label': 'Moment that is looked at', 'aria-orientation': 'horizontal',
  });
  private readonly context: CanvasRenderingContext2D;
  private readonly book = new StripBook();
  private laneHeight = stripLaneHeight(1);
  private step = 10;
  private scroll = 0;
  private dragging = false;
  private labelled = '';
  private readonly looks: number[] = []; // moments that were looked at last

  constructor(host: HTMLElement, private readonly app: App, private readonly small: Miniature) {
    this.element = h('div', { class: 'st-strip' }, h('div', { class: 'st-branches' }, this.names, this.rest), this.pane);
    host.append(this.element);
    this.draw = perFrame(() => this.drawNow());
    this.context = canvas(this.pane, 'Branches and their moments', () => this.draw());
    this.context.canvas.setAttribute('aria-hidden', 'true');
    this.pane.addEventListener('pointerdown', (event) => {
      this.dragging = true;
      this.small.hide();
      this.pane.setPointerCapture(event.pointerId);
      this.look(event);
    });
    this.pane.addEventListener('pointermove', (event) => {
      if (this.dragging) this.look(event);
      else this.small.show(this.momentAt(event), event.clientX, this.pane.getBoundingClientRect().top);
    });
    this.pane.addEventListener('pointerleave', () => this.small.hide());
    this.pane.addEventListener('pointerup', () => (this.dragging = false));
    this.names.addEventListener('keydown', (event) => this.key(event));
    this.pane.addEventListener('dblclick', () => void this.app.sendNow(`goto ${this.app.shown()}`));
  }

  private look(event: PointerEvent): void {
    const moment = this.momentAt(event);
    if (moment !== null) this.app.set({ moment, follow: false });
  }

  private momentAt(event: PointerEvent): number | null {
    if (this.strip === null) return null;
    const at = pointIn(this.pane, event);
    return momentAt(this.strip, Math.floor(at.y / this.laneHeight), (at.x + this.scroll - 8) / this.step);
  }

  private drawNow(): void {
    const { app } = this;
    const strip = layStrip(app.story, app.shown(), mostTracks, this.book);
    this.strip = strip;
    this.laneHeight = stripLaneHeight(strip.lanes);
    const height = strip.lanes * this.laneHeight + 2;
    this.element.style.height = `${height}px`;
    const shown = strip.depth.get(app.shown()) ?? 0;
    const { step, scroll } = stripScale(strip.deepest, this.pane.clientWidth, shown);
    // While the thumb is dragged the strip must not slide away below it.
    if (!this.dragging) [this.step, this.scroll] = [step, scroll];
    const { context } = this;
    context.clearRect(0, 0, this.pane.clientWidth, height);
    const colours = coloursOf(app);
    // Only where moments have dots, which is where they are few.
    const path = new Set(this.step < leastDots ? [] : app.story.path(app.shown()));
    for (const track of strip.tracks) this.track(track, strip, colours, path);
    this.notebook(strip, colours);
    this.thumb(strip, colours);
    this.label(strip);
    this.pane.setAttribute('aria-valuemin', '0');
    this.pane.setAttribute('aria-valuemax', String(app.present.moment));
    this.pane.setAttribute('aria-valuenow', String(app.shown()));
    this.pane.setAttribute('aria-valuetext', `moment ${app.shown()}, ${app.story.segments.get(app.shown())?.cmd || 'the start'}`);
  }

  private x(depth: number): number {
    return 8 + depth * this.step - this.scroll;
  }

  private y(lane: number): number {
    return (lane + 0.5) * this.laneHeight + 1;
  }

  private track(track: Track, strip: Strip, colours: Colours, path: ReadonlySet<number>): void {
    const { context } = this;
    const y = this.y(track.lane);
    const forkDepth = strip.depth.get(track.fork) ?? 0;
    // What has no moment yet is a short piece, so that it is seen where the next one will be.
    const end = this.x(track.moments.length === 0 ? forkDepth + 0.6 : strip.depth.get(endOfTrack(track)) ?? 0);
    const parent = strip.tracks.find((t) => t !== track && t.moments.includes(track.fork));
    context.strokeStyle = track.bold ? colours.ink : colours.soft;
    context.lineWidth = track.bold ? 3 : 1.5;
    context.beginPath();
    if (parent !== undefined) {
      context.moveTo(this.x(forkDepth), this.y(parent.lane));
      context.lineTo(this.x(forkDepth), y);
    } else context.moveTo(this.x(track.lane === 0 ? 0 : forkDepth), y);
    context.lineTo(end, y);
    context.stroke();
    if (this.step < leastDots) return;
    for (const moment of track.moments) {
      const x = this.x(strip.depth.get(moment) ?? 0);
      context.fillStyle = path.has(moment) ? colours.ink : colours.soft;
      context.beginPath();
      context.arc(x, y, track.bold ? 3 : 2.2, 0, 2 * Math.PI);
      context.fill();
    }
    this.marks(track, strip, colours, y);
  }

  // A mark is a small flag.
  private marks(track: Track, strip: Strip, colours: Colours, y: number): void {
    const { context } = this;
    context.fillStyle = colours.mix;
    for (const mark of this.app.story.marks) {
      if (!track.moments.includes(mark.moment)) continue;
      const x = this.x(strip.depth.get(mark.moment) ?? 0);
      context.fillRect(x - 0.5, y - 7, 1, 7);
      context.fillRect(x, y - 7, 6, 4);
    }
  }

  // The last looks leave a faint trace, so that one finds back to them.
  private notebook(strip: Strip, colours: Colours): void {
    const { context, app, looks } = this;
    const shown = app.shown();
    if (app.past() && looks[looks.length - 1] !== shown) {
      if (looks.includes(shown)) looks.splice(looks.indexOf(shown), 1);
      looks.push(shown);
      if (looks.length > 20) looks.shift();
    }
    context.strokeStyle = colours.past;
    context.lineWidth = 1;
    looks.forEach((moment, k) => {
      const track = strip.tracks.find((t) => t.moments.includes(moment));
      if (track === undefined) return;
      context.globalAlpha = 0.15 + (0.5 * k) / looks.length;
      context.beginPath();
      context.arc(this.x(strip.depth.get(moment) ?? 0), this.y(track.lane), 4.5, 0, 2 * Math.PI);
      context.stroke();
    });
    context.globalAlpha = 1;
  }

  private thumb(strip: Strip, colours: Colours): void {
    const { context, app } = this;
    for (const [moment, hollow] of [[app.present.moment, true], [app.shown(), false]] as const) {
      const track = trackOf(strip, moment, moment === app.present.moment);
      if (track === undefined) continue;
      const x = this.x(strip.depth.get(moment) ?? 0);
      context.beginPath();
      context.arc(x, this.y(track.lane), 5.5, 0, 2 * Math.PI);
      context.lineWidth = 2;
      context.strokeStyle = app.past() && !hollow ? colours.past : colours.ink;
      context.fillStyle = hollow ? colours.ground : context.strokeStyle;
      context.fill();
      context.stroke();
    }
  }

  private label(strip: Strip): void {
    const own = trackOf(strip, this.app.shown(), !this.app.past());
    const key = strip.tracks.map((t) => `${t.branch} ${t.bold} ${t === own}`).join() + strip.folded.length;
    if (key === this.labelled) return;
    this.labelled = key;
    const rows = strip.tracks.map((track) => {
      const row = h('div', {
        class: track.bold ? 'st-track bold' : 'st-track', role: 'option', id: `st-track-${track.lane}`, 'aria-selected': String(track === own),
        title: `Look at the last moment of ${track.branch}`, onclick: () => this.app.set({ moment: endOfTrack(track) }),
        oncontextmenu: (event: MouseEvent) => {
          event.preventDefault();
          this.menu(track, event);
        },
      }, track.branch);
      row.style.height = row.style.lineHeight = `${this.laneHeight}px`;
      return row;
    });
    this.names.replaceChildren(...rows);
    if (own !== undefined) this.names.setAttribute('aria-activedescendant', `st-track-${own.lane}`);
    this.rest.replaceChildren(...this.folded(strip));
  }

  // Up and down look at the end of the branch above or below.
  private key(event: KeyboardEvent): void {
    const by = ({ ArrowUp: -1, ArrowDown: 1 } as Record<string, number>)[event.key];
    const { strip } = this;
    if (by === undefined || strip === null) return;
    const own = trackOf(strip, this.app.shown(), !this.app.past());
    const next = strip.tracks[(own?.lane ?? 0) + by];
    event.preventDefault();
    event.stopPropagation();
    if (next === undefined) return;
    this.app.set({ moment: endOfTrack(next), follow: false });
    this.app.say(`Looking at the end of ${next.branch}.`);
  }

  private folded(strip: Strip): HTMLElement[] {
    if (strip.folded.length === 0) return [];
    return [h('button', {
      class: 'st-more', title: 'Branches that are not shown',
      onclick: (event: MouseEvent) => this.app.menu(event.clientX, event.clientY, strip.folded.map((name) => ({
        label: `Look at ${name}`,
        act: () => this.app.set({ moment: this.app.story.branches.find((b) => b.branch === name)?.last ?? null }),
      }))),
    }, `+${strip.folded.length}`)];
  }

  private menu(track: Track, event: MouseEvent): void {
    this.app.menu(event.clientX, event.clientY, [
      now(this.app, `Go to ${track.branch}`, `switch ${track.branch}`),
      now(this.app, 'What differs from now', `diff ${track.branch}`),
      now(this.app, 'Forget it', `branch delete ${track.branch}`),
    ]);
  }
}
