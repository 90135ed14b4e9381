/** Curves over moments, time or bytes: the mean with its band from p10 to p90, up to 60 nodes as thin lines, the selected one bold. */
import { curvesHere } from './branch_nodes.ts';
import { CurvePlot, metricTitle } from './curve_plot.ts';
import { fill, h, perFrame, text } from './dom.ts';
import { emptyState } from './layout.ts';
import { recordedCurves } from './recorded_answers.ts';
import type { App, CurveColumns, CurvesAnswer, Look } from './types.ts';

const perSecond = 4; // questions, while something changes
const heightShare = 0.5;
const titleHeight = 30; // px, with what stands around a curve

class Curves {
  private answer: CurvesAnswer | null = null;
  private plots = new Map<string, CurvePlot>();
  private shown = ''; // metrics, in order
  private late: (() => void)[] = []; // curves below what is in view: drawn when they are scrolled to
  private box = h('div', { class: 'curves' });
  private metric = h('select', { 'aria-label': 'Metric' });
  private title = h('span', { class: 'soft' });
  private asked = 0;
  private last = 0;
  private timer = 0;
  private readonly redraw = perFrame(() => this.draw());

  constructor(private host: HTMLElement, private app: App) {
    const x = h('select', { 'aria-label': 'Over' }, ...([['moment', 'over moments'], ['t', 'over time'], ['bytes', 'over bytes sent']] as const).map(([v, l]) => h('option', { value: v }, l)));
    x.value = app.look.x;
    x.onchange = () => app.set({ x: x.value as Look['x'] });
    this.metric.onchange = this.redraw;
    fill(host, h('div', { class: 'tools' }, this.metric, x, this.title), this.box);
    for (const change of ['state', 'look'] as const) app.on(change, () => this.load());
    app.on('theme', this.redraw);
    app.on('look', () => (x.value = app.look.x));
    new ResizeObserver(this.redraw).observe(host);
    host.addEventListener('scroll', () => {
      for (const show of this.late.splice(0)) show();
    });
    this.load();
  }

  /** At most some questions a second, the last change always. */
  private load(): void {
    if (this.host.hidden) return;
    clearTimeout(this.timer);
    const wait = Math.max(0, 1000 / perSecond - (performance.now() - this.last));
    this.timer = window.setTimeout(() => void this.ask(), wait);
  }

  private async ask(): Promise<void> {
    this.last = performance.now();
    const number = ++this.asked;
    try {
      const answer = await this.curves();
      if (number !== this.asked) return;
      this.answer = answer;
      this.redraw();
    } catch {
      // The last picture stays; the bar tells when the program is lost.
    }
  }

  private async curves(): Promise<CurvesAnswer> {
    const { app } = this;
    if (app.hello.recorded) return recordedCurves(app, app.story.way(app.shown()));
    const moment = app.shown();
    return curvesHere(await app.get<CurvesAnswer>('/api/curves', { moment: app.look.moment, points: 400 }), app.story.nodesAt(moment));
  }

  private draw(): void {
    const { answer, app } = this;
    if (!answer || this.host.hidden) return;
    const known = Object.keys(answer.metrics).filter((m) => hasValues(answer.metrics[m]!)).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
    if (!known.some((m) => m.startsWith('test_acc')) && known.length === 0) return this.empty();
    this.choices(known);
    // On a screen for a class one curve is large; the choice has the others.
    const shown = this.metric.value !== 'all' ? known.filter((m) => m === this.metric.value) : app.look.scene === null ? known : known.slice(0, 1);
    // Of many nodes single ones have no curves.
    const thin = Object.values(answer.metrics).some((m) => m.nodes) ? ' · thin: nodes' : '';
    const own = app.look.node === null || thin === '' ? '' : ` · orange: ${app.nodeName(app.look.node, true)}`;
    text(this.title, `line: mean · point: measured · dashed: not measured since · band: 10–90 %${thin}${own}`);
    // One point is no curve.
    if (answer.moment.length < 2) return this.replace([], this.oneMoment());
    this.replace(shown, known.some((m) => m.startsWith('test_acc')) ? null : emptyState(app, 'Not tested yet.', 'test local'));
    const width = Math.max(200, this.host.clientWidth - 24);
    const room = Math.max(150, this.host.clientHeight - this.box.offsetTop - titleHeight);
    const height = Math.max(150, shown.length === 1 ? room : room * heightShare);
    this.late = [];
    shown.forEach((metric, k) => {
      const plot = this.plots.get(metric)!;
      plot.element.style.minHeight = `${height}px`;
      plot.describe(answer);
      const show = (): void => plot.show(answer, width, height);
      if (this.box.offsetTop + k * height > this.host.scrollTop + this.host.clientHeight) this.late.push(show);
      else show();
    });
  }

  /** What stands in the panel; curves that stay keep their pictures. */
  private replace(metrics: string[], note: HTMLElement | null): void {
    const key = JSON.stringify([metrics, note?.textContent]);
    if (key === this.shown) return;
    this.shown = key;
    for (const [metric, plot] of this.plots) {
      if (metrics.includes(metric)) continue;
      plot.destroy();
      this.plots.delete(metric);
    }
    for (const metric of metrics) if (!this.plots.has(metric)) this.plots.set(metric, new CurvePlot(this.app, metric));
    fill(this.box, note, ...metrics.map((metric) => this.plots.get(metric)!.element));
  }

  private choices(known: string[]): void {
    const wanted = ['all', ...known];
    if ([...this.metric.options].map((o) => o.value).join() !== wanted.join()) {
      const before = this.metric.value;
      fill(this.metric, ...wanted.map((m) => h('option', { value: m }, m === 'all' ? 'all curves' : metricTitle(m))));
      this.metric.value = wanted.includes(before) ? before : 'all';
    }
  }

  private oneMoment(): HTMLElement {
    if (this.app.past()) return emptyState(this.app, 'The start is looked at: one moment is no curve yet.');
    return emptyState(this.app, 'Only the start is there. A command that changes something makes the next moment.', 'train');
  }

  private empty(): void {
    this.replace([], emptyState(this.app, 'Not tested yet. A test on each node’s own data fills the curves.', 'test local'));
  }
}

/** What people look for first stands on top. */
function rank(metric: string): number {
  const at = ['test_acc:', 'train_loss', 'consensus_distance', 'test_loss:'].findIndex((m) => metric.startsWith(m));
  return at < 0 ? 9 : at;
}

function hasValues(columns: CurveColumns): boolean {
  return (columns.mean ?? columns.value ?? []).some((v) => v !== null);
}

export function mountCurves(host: HTMLElement, app: App): void {
  new Curves(host, app);
}
