// The time panel: buttons, branch strip, and the space-time diagram or, with many nodes, the heat map.

import './time.css';
import { h } from '../dom.ts';
import type { App, Change } from '../types.ts';
import { registerTime, type TimeParts } from './actions.ts';
import { Diagram } from './diagram.ts';
import { HeatView } from './heat-view.ts';
import { mostLanes } from './lanes.ts';
import { Miniature } from './miniature.ts';
import { BranchStrip } from './strip.ts';
import { Toolbar } from './toolbar.ts';

/** Fills `host` with the time panel and keeps it up to date. */
export function mountTime(host: HTMLElement, app: App): void {
  const root = h('div', { class: 'st' });
  host.append(root);
  const parts: TimeParts = {};
  registerTime(app, parts);
  let heat: HeatView | null = null;
  const tools = new Toolbar(root, app, (measure) => heat?.setMeasure(measure), (on) => {
    diagram.folded = on;
    diagram.draw();
  });
  const small = new Miniature(app);
  const strip = new BranchStrip(root, app, small);
  const few = h('div', { class: 'st-body' });
  const many = h('div', { class: 'st-body' });
  root.append(few, many);
  const diagram = new Diagram(few, app, small);
  Object.assign(parts, { strip, diagram, small });
  (app as App & { time?: TimeParts }).time = parts; // for tests
  diagram.hover = (sentence) => tools.say(sentence);
  const draw = (): void => {
    const isMany = app.hello.nodes.length > mostLanes;
    few.hidden = isMany;
    many.hidden = !isMany;
    tools.show(isMany);
    tools.update();
    strip.draw();
    if (!isMany) return diagram.draw();
    if (heat === null) {
      heat = new HeatView(many, app, small);
      heat.hover = (sentence) => tools.say(sentence);
      parts.heat = heat;
    }
    heat.update();
    heat.draw();
  };
  for (const change of ['look', 'story', 'state', 'present', 'size', 'theme', 'connection'] as Change[]) app.on(change, draw);
  app.on('look', () => diagram.reveal(app.shown()));
}
