/** Curves over moments, time or bytes: the mean with its band from p10 to p90, up to 60 nodes as thin lines, the selected one bold. */
import uPlot from 'uplot';
import { carried, measured, measuredOf } from './curve_points.ts';
import { fill, h, perFrame, text } from './dom.ts';
import { bytes, time } from './format.ts';
import { emptyState } from './layout.ts';
import { recordedCurves } from './recorded_answers.ts';
import type { App, CurveColumns, CurvesAnswer, Look } from './types.ts';

const perSecond = 4; // questions, while something changes
const heightShare = 0.5;
/** So that labels of sizes are round ones. */
const powersOfTwo = Array.from({ length: 45 }, (_, k) => 2 ** k);
const manyPoints = 60; // smaller marks beyond
/** A scene is scaled by CSS as a whole; a curve takes that back and is drawn as large by itself, so that it is sharp. */
const sceneScale = 2;

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

/** Lines and their looks, in the order in which they are drawn. */
interface Drawn {
  data: (number | null)[][];
  list: uPlot.Series[];
  bands: uPlot.Band[];
}

/**
 * uPlot wants x ascending; moments always are, and time and bytes never go back along one way. A point is where somebody was measured;
 * after the last of them the line goes on dashed. `scale`: of lines and points.
 */
function series(app: App, columns: CurveColumns, accent: string, scale: number): Drawn {
  const drawn: Drawn = { data: [], list: [], bands: [] };
  const { tested } = columns;
  const add = (values: (number | null)[] | undefined, options: uPlot.Series): void => {
    if (!values || values.length === 0) return;
    drawn.data.push(values);
    drawn.list.push({ spanGaps: true, points: { show: false }, ...options, width: (options.width ?? 1) * scale });
  };
  const line = (values: (number | null)[], points: (number | null)[], stroke: string): void => {
    const size = points.filter((v) => v !== null).length > manyPoints ? 3 : 5;
    add(points, { stroke, width: 2.5, points: { show: true, size: size * scale, fill: stroke } });
    add(carried(values, points.map((v) => (v === null ? 0 : 1))), { stroke, width: 1.5, dash: [4 * scale, 4 * scale] });
  };
  const { node } = app.look;
  columns.nodes?.forEach((values, k) => {
    if (k !== node) add(measured(values, tested), { stroke: app.colour('--edge'), width: 1 });
  });
  const first = drawn.list.length + 1;
  if (columns.p10?.length && columns.p90?.length) {
    add(measured(columns.p90, tested), { stroke: 'transparent', width: 0 });
    add(measured(columns.p10, tested), { stroke: 'transparent', width: 0 });
    drawn.bands.push({ series: [first, first + 1], fill: `${accent}33` });
  }
  const mean = columns.mean ?? columns.value ?? [];
  if (mean.length > 0) line(mean, measured(mean, tested), accent);
  const own = node === null ? undefined : columns.nodes?.[node];
  if (own && node !== null) line(own, measuredOf(node, columns.nodes!, tested), app.colour('--selected'));
  return drawn;
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
    // On a screen for a class one curve is large; the choice has the others.
    const shown = this.metric.value !== 'all' ? known.filter((m) => m === this.metric.value) : app.look.scene === null ? known : known.slice(0, 1);
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
    text(this.title, `line: mean · point: measured · dashed: not measured since · band: 10–90 % · thin: nodes${own}`);
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
    const scale = app.look.scene === null ? 1 : sceneScale;
    const { data, list, bands } = series(app, answer.metrics[metric]!, app.colour('--accent'), scale);
    const line = { stroke: app.colour('--line'), width: scale };
    const axis = { stroke: app.colour('--ink'), grid: line, ticks: line, font: `${12 * scale}px system-ui` };
    const unit = app.look.x;
    const label = (v: number): string => (unit === 't' ? time(v * 1e9) : unit === 'bytes' ? bytes(v) : Number.isInteger(v) ? String(v) : '');
    const across: uPlot.Axis = { ...axis, values: (_, splits) => splits.map(label), size: 28 * scale, ...(unit === 'bytes' ? { incrs: powersOfTwo } : {}) };
    const options: uPlot.Options = {
      width: width * scale, height: height * scale, title: metricTitle(metric), bands, legend: { show: false },
      cursor: { points: { show: false }, drag: { x: false, y: false } },
      scales: { x: { time: false }, y: metric.startsWith('test_acc') ? { range: [0, 1] } : {} },
      axes: [across, { ...axis, size: 46 * scale }],
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
  const values = measured(columns.mean ?? columns.value ?? [], columns.tested).filter((v): v is number => v !== null);
  if (values.length === 0) return `${metricTitle(metric)}: no values`;
  return `${metricTitle(metric)}: from ${values[0]!.toPrecision(3)} to ${values.at(-1)!.toPrecision(3)} over ${values.length} measurements`;
}

export function mountCurves(host: HTMLElement, app: App): void {
  new Curves(host, app);
}
