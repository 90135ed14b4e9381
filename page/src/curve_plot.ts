/** One curve: its lines, and the picture that stays while only its numbers change. */
import uPlot from 'uplot';
import { carried, measured, measuredOf, momentsOf, valuesAt, xValues } from './curve_points.ts';
import { attribute, h } from './dom.ts';
import { bytes, plural, time } from './format.ts';
import type { App, CurveColumns, CurvesAnswer } from './types.ts';

/** So that labels of sizes are round ones. */
const powersOfTwo = Array.from({ length: 45 }, (_, k) => 2 ** k);
const wholes = Array.from({ length: 9 }, (_, k) => [1, 2, 5].map((n) => n * 10 ** k)).flat();
const manyPoints = 60; // smaller marks beyond
/** A scene is scaled by CSS as a whole; a curve takes that back and is drawn as large by itself, so that it is sharp. */
const sceneScale = 2;

/** Names as people say them. */
export function metricTitle(metric: string): string {
  if (metric.startsWith('test_acc:')) return `accuracy, ${metric.slice(9)}`;
  if (metric.startsWith('test_loss:')) return `test loss, ${metric.slice(10)}`;
  if (metric === 'test_acc') return 'accuracy';
  if (metric === 'distance') return 'distance to the mean model';
  return metric.replaceAll('_', ' ');
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
function series(app: App, metric: string, answer: CurvesAnswer, accent: string, scale: number): Drawn {
  const columns: CurveColumns = answer.metrics[metric]!;
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
  if (own && node !== null) line(own, pointsOf(app, metric, answer, node), app.colour('--selected'));
  return drawn;
}

function pointsOf(app: App, metric: string, answer: CurvesAnswer, node: number): (number | null)[] {
  const { nodes, tested } = answer.metrics[metric]!;
  const known = app.hasWholeStory() ? momentsOf(app.story.way(app.shown()), node, metric) : null;
  return known === null ? measuredOf(node, nodes!, tested) : valuesAt(nodes![node]!, answer.moment, known);
}

/** Without this a curve that is 0 throughout would have an axis up to 100. */
function scaleOf(low: number | null, high: number | null): uPlot.Range.MinMax {
  if (low === null || high === null) return [0, 1];
  if (low !== high) return uPlot.rangeNum(low, high, 0.1, true);
  return low === 0 ? [0, 1] : [low - Math.abs(low) / 2, low + Math.abs(low) / 2];
}

export class CurvePlot {
  readonly element = h('div', { class: 'curve', role: 'img' });
  private plot: uPlot | null = null;
  private made = '';
  private moments: number[] = [];

  constructor(private readonly app: App, private readonly metric: string) {}

  /** In words; also of a curve that is not in view yet. */
  describe(answer: CurvesAnswer): void {
    attribute(this.element, 'aria-label', summary(this.metric, answer));
  }

  /** The picture is made anew only where its lines or its size differ. */
  show(answer: CurvesAnswer, width: number, height: number): void {
    const { app, metric } = this;
    const scale = app.look.scene === null ? 1 : sceneScale;
    const drawn = series(app, metric, answer, app.colour('--accent'), scale);
    this.moments = answer.moment;
    const data = [xValues(answer, app.look.x), ...drawn.data] as uPlot.AlignedData;
    const key = JSON.stringify([width, height, scale, app.look.x, app.colour('--ground'), drawn.list]);
    if (key === this.made && this.plot !== null) return this.plot.setData(data);
    this.made = key;
    this.plot?.destroy();
    this.plot = new uPlot(this.options(drawn, width * scale, height * scale, scale), data, this.element);
  }

  destroy(): void {
    this.plot?.destroy();
  }

  private options({ list, bands }: Drawn, width: number, height: number, scale: number): uPlot.Options {
    const { app, metric } = this;
    const line = { stroke: app.colour('--line'), width: scale };
    const axis = { stroke: app.colour('--ink'), grid: line, ticks: line, font: `${12 * scale}px system-ui` };
    const unit = app.look.x;
    const label = (v: number): string => (unit === 't' ? time(v * 1e9) : unit === 'bytes' ? bytes(v).replace('.0 ', ' ') : Number.isInteger(v) ? String(v) : '');
    const across: uPlot.Axis = { ...axis, values: (_, splits) => splits.map(label), size: 28 * scale, ...(unit === 'bytes' ? { incrs: powersOfTwo, space: 76 * scale } : unit === 'moment' ? { incrs: wholes, space: 50 * scale } : { space: 50 * scale }) };
    return {
      width, height, title: metricTitle(metric), bands, legend: { show: false },
      cursor: { points: { show: false }, drag: { x: false, y: false } },
      scales: { x: { time: false }, y: { range: metric.startsWith('test_acc') ? [0, 1] : (_, low, high) => scaleOf(low, high) } },
      axes: [across, { ...axis, size: 46 * scale }],
      series: [{}, ...list],
      hooks: { ready: [(u) => u.over.addEventListener('click', () => this.look(u))] },
    };
  }

  /** A click looks at the moment under the pointer. */
  private look(plot: uPlot): void {
    const k = plot.cursor.idx;
    if (k !== null && k !== undefined) this.app.set({ moment: this.moments[k]! });
  }
}

function summary(metric: string, answer: CurvesAnswer): string {
  const columns = answer.metrics[metric]!;
  const values = measured(columns.mean ?? columns.value ?? [], columns.tested).filter((v): v is number => v !== null);
  if (values.length === 0) return `${metricTitle(metric)}: no values`;
  return `${metricTitle(metric)}: from ${values[0]!.toPrecision(3)} to ${values.at(-1)!.toPrecision(3)} over ${plural(values.length, 'measurement')}`;
}
