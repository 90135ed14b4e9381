/** Curves over moments, time or bytes: the mean with its band from p10 to p90, up to 60 nodes as thin lines, the selected one bold. */
import uPlot from 'uplot';
import { fill, h, perFrame, text } from './dom.ts';
import { bytes, time } from './format.ts';
import { emptyState } from './layout.ts';
import { recordedCurves } from './recorded_answers.ts';
import type { App, CurveColumns, CurvesAnswer, Look } from './types.ts';

const perSecond = 4; // questions, while something changes
const heightShare = 0.5;

/** Names as people say them. */
export function metricTitle(metric: string): string {
  if (metric.startsWith('test_acc:')) return `accuracy, ${metric.slice(9)}`;
  if (metric.startsWith('test_loss:')) return `test loss, ${metric.slice(10)}`;
  if (metric === 'distance') return 'distance to the mean model';
  return metric.replaceAll('_', ' ');
}

/** Which x values are drawn; those that stand still are not thinned, they fall together. */
function xValues(answer: CurvesAnswer, x: Look['x']): number[] {
  if (x === 't') return answer.t.map((ns) => ns / 1e9);
  return x === 'bytes' ? answer.bytes : answer.moment;
}

/** uPlot wants x ascending; moments always are, and time and bytes never go back along one way. */
function series(app: App, columns: CurveColumns, accent: string): { data: (number | null)[][]; list: uPlot.Series[]; bands: uPlot.Band[] } {
  const data: (number | null)[][] = [];
  const list: uPlot.Series[] = [];
  const bands: uPlot.Band[] = [];
  const add = (values: (number | null)[] | undefined, options: uPlot.Series): void => {
    if (!values || values.length === 0) return;
    data.push(values);
    list.push({ spanGaps: true, points: { show: false }, ...options });
  };
  const thin = app.colour('--edge');
  columns.nodes?.forEach((values, node) => {
    if (node !== app.look.node) add(values, { stroke: thin, width: 1 });
  });
  const first = list.length + 1;
  if (columns.p10?.length && columns.p90?.length) {
    add(columns.p90, { stroke: 'transparent', width: 0 });
    add(columns.p10, { stroke: 'transparent', width: 0 });
    bands.push({ series: [first, first + 1], fill: `${accent}33` });
  }
  add(columns.mean ?? columns.value, { stroke: accent, width: 2.5, points: { show: true, size: 4 } });
  const own = app.look.node === null ? undefined : columns.nodes?.[app.look.node];
  add(own, { stroke: app.colour('--selected'), width: 2.5, points: { show: true, size: 5 } });
  return { data, list, bands };
}

class Curves {
  private answer: CurvesAnswer | null = null;
  private plots: uPlot[] = [];
  private box = h('div', { class: 'curves' });
  private metric = h('select', { 'aria-label': 'Metric' });
  private title = h('span', { class: 'soft' });
  private asked = 0;
  private last = 0;
  private timer = 0;

  constructor(private host: HTMLElement, private app: App) {
    const x = h('select', { 'aria-label': 'Over' }, ...([['moment', 'over moments'], ['t', 'over time'], ['bytes', 'over bytes sent']] as const).map(([v, l]) => h('option', { value: v }, l)));
    x.value = app.look.x;
    x.onchange = () => app.set({ x: x.value as Look['x'] });
    this.metric.onchange = () => this.draw();
    fill(host, h('div', { class: 'tools' }, this.metric, x, this.title), this.box);
    for (const change of ['state', 'look'] as const) app.on(change, () => this.load());
    app.on('theme', () => this.draw());
    app.on('look', () => (x.value = app.look.x));
    new ResizeObserver(perFrame(() => this.draw())).observe(host);
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
      this.draw();
    } catch {
      // The last picture stays; the bar tells when the program is lost.
    }
  }

  private async curves(): Promise<CurvesAnswer> {
    const { app } = this;
    if (app.hello.recorded) return recordedCurves(app, app.story.way(app.shown()));
    return app.get<CurvesAnswer>('/api/curves', { moment: app.look.moment, points: 400 });
  }

  private draw(): void {
    const { answer, app } = this;
    if (!answer || this.host.hidden) return;
    const known = Object.keys(answer.metrics).filter((m) => hasValues(answer.metrics[m]!)).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
    if (!known.some((m) => m.startsWith('test_acc')) && known.length === 0) return this.empty();
    this.choices(known);
    const shown = this.metric.value === 'all' ? known : known.filter((m) => m === this.metric.value);
    for (const plot of this.plots) plot.destroy();
    this.plots = [];
    const width = Math.max(200, this.host.clientWidth - 24);
    const room = Math.max(150, this.host.clientHeight - 50);
    const height = Math.max(150, shown.length === 1 ? room - 8 : room * heightShare);
    fill(this.box, ...(known.some((m) => m.startsWith('test_acc')) ? [] : [emptyState(app, 'Not tested yet.', 'test local')]));
    // One point is no curve.
    if (answer.moment.length < 2) this.box.append(emptyState(app, 'Only the start is there. A command that changes something makes the next moment.', 'train'));
    else for (const metric of shown) this.plot(metric, answer, width, height);
    const own = app.look.node === null ? '' : ` · orange: ${app.nodeName(app.look.node, true)}`;
    text(this.title, `line: mean · band: 10–90 % · thin: nodes${own}`);
  }

  private choices(known: string[]): void {
    const wanted = ['all', ...known];
    if ([...this.metric.options].map((o) => o.value).join() !== wanted.join()) {
      const before = this.metric.value;
      fill(this.metric, ...wanted.map((m) => h('option', { value: m }, m === 'all' ? 'all curves' : metricTitle(m))));
      this.metric.value = wanted.includes(before) ? before : 'all';
    }
  }

  private plot(metric: string, answer: CurvesAnswer, width: number, height: number): void {
    const { app } = this;
    const host = h('div', { class: 'curve', role: 'img', 'aria-label': summary(metric, answer) });
    this.box.append(host);
    const { data, list, bands } = series(app, answer.metrics[metric]!, app.colour('--accent'));
    const axis = { stroke: app.colour('--ink'), grid: { stroke: app.colour('--line'), width: 1 }, ticks: { stroke: app.colour('--line') }, font: '12px system-ui' };
    const unit = app.look.x;
    const label = (v: number): string => (unit === 't' ? time(v * 1e9) : unit === 'bytes' ? bytes(v) : Number.isInteger(v) ? String(v) : '');
    const accuracy = metric.startsWith('test_acc');
    const options: uPlot.Options = {
      width, height, title: metricTitle(metric), bands, legend: { show: false }, cursor: { points: { show: false }, drag: { x: false, y: false } },
      scales: { x: { time: false }, y: accuracy ? { range: [0, 1] } : {} },
      axes: [{ ...axis, values: (_, splits) => splits.map(label), size: 28 }, { ...axis, size: 46 }],
      series: [{}, ...list],
      hooks: { ready: [(u) => u.over.addEventListener('click', () => this.look(u, answer))] },
    };
    this.plots.push(new uPlot(options, [xValues(answer, unit), ...data] as uPlot.AlignedData, host));
  }

  /** A click looks at the moment under the pointer. */
  private look(plot: uPlot, answer: CurvesAnswer): void {
    const k = plot.cursor.idx;
    if (k !== null && k !== undefined) this.app.set({ moment: answer.moment[k]! });
  }

  private empty(): void {
    for (const plot of this.plots) plot.destroy();
    this.plots = [];
    fill(this.box, emptyState(this.app, 'Not tested yet. A test on each node’s own data fills the curves.', 'test local'));
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

function summary(metric: string, answer: CurvesAnswer): string {
  const columns = answer.metrics[metric]!;
  const values = (columns.mean ?? columns.value ?? []).filter((v): v is number => v !== null);
  if (values.length === 0) return `${metricTitle(metric)}: no values`;
  return `${metricTitle(metric)}: from ${values[0]!.toPrecision(3)} to ${values.at(-1)!.toPrecision(3)} over ${values.length} points`;
}

export function mountCurves(host: HTMLElement, app: App): void {
  new Curves(host, app);
}
