/** Around the picture of the network: how it is laid out and coloured, what its signs mean, and whether it is the newest one. */
import { attribute, fill, h, perFrame, text } from '../dom.ts';
import { icon } from '../icons.ts';
import type { App } from '../types.ts';
import { groupColour, type ColourBy, type Scenery } from './draw.ts';
import type { Layout } from './places.ts';

/** What the tools change. */
export interface Frame {
  scenery: Scenery;
  chosen: Layout | null;
  redraw(links: boolean): void;
  changed(): void;
}

export function tools(frame: Frame, legend: { draw(): void }): HTMLElement {
  const { app, view } = frame.scenery;
  const layout = h('select', { 'aria-label': 'Layout of the network', title: 'Where nodes are drawn' },
    ...([['', 'auto layout'], ['places', 'places'], ['forces', 'forces'], ['circle', 'circle']] as const).map(([v, l]) => h('option', { value: v }, l)));
  layout.onchange = () => {
    frame.chosen = (layout.value || null) as Layout | null;
    if (frame.chosen === 'places' && !app.state?.nodes.x) {
      frame.chosen = null;
      layout.value = '';
      app.say('These nodes have no places.', true);
    }
    view.fitted = true;
    frame.changed();
  };
  const colour = h('select', { 'aria-label': 'Colour of nodes', title: 'What the colour of a node tells' },
    ...['accuracy', 'loss', 'group', 'data'].map((v) => h('option', { value: v }, v)));
  colour.onchange = () => {
    frame.scenery.colourBy = colour.value as ColourBy;
    frame.changed();
    legend.draw();
  };
  const toggle = (id: 'matrix' | 'outlines', face: string): HTMLElement => {
    const button = h('button', { type: 'button', 'data-action': id, onclick: () => app.run(id) }, face);
    const draw = perFrame(() => {
      const action = app.actions().find((a) => a.id === id);
      const why = action?.why?.() ?? null;
      attribute(button, 'aria-pressed', String(app.look[id]));
      attribute(button, 'aria-disabled', why === null ? null : 'true');
      attribute(button, 'title', `${action?.label ?? ''} (${action?.keys ?? ''})${why === null ? '' : `: ${why}`}`);
    });
    for (const change of ['look', 'state'] as const) app.on(change, draw);
    return button;
  };
  const act = (label: string, face: Node, run: () => void): HTMLElement =>
    h('button', { type: 'button', title: label, 'aria-label': label, onclick: run }, face);
  const zoom = (factor: number): void => {
    view.zoom(factor, frame.scenery.width / 2, frame.scenery.height / 2);
    frame.redraw(true);
  };
  return h('div', { class: 'tools' }, layout, colour, toggle('outlines', 'groups'), toggle('matrix', 'matrix'), act('Zoom in', icon('plus'), () => zoom(1.3)), act('Zoom out', icon('minus'), () => zoom(1 / 1.3)),
    act('Fit the network into the panel', icon('fit'), () => {
      view.fitted = true;
      frame.redraw(true);
    }));
}

function groupChips(app: App): (HTMLElement | string)[] {
  const groups = app.state?.groups ?? [];
  if (groups.length === 0) return ['no groups yet ·'];
  return groups.slice(0, 8).map(({ group }, k) => h('span', {}, h('span', { class: 'chip', style: `background:${groupColour(k)}` }), `${group}  `));
}

/** The legend; `draw` after the colour has changed. */
export function legend(scenery: Scenery): { element: HTMLElement; draw(): void } {
  const { app } = scenery;
  const box = h('div', { class: 'legend', 'aria-hidden': 'true' });
  const scale = h('span', { class: 'scale' });
  scale.style.background = `linear-gradient(90deg, ${[0, 0.25, 0.5, 0.75, 1].map((v) => app.accuracyColour(v)).join(',')})`;
  const draw = (): void => {
    const by = scenery.colourBy;
    const scope = app.state?.last_scope;
    const what = by === 'accuracy' ? (scope ? `accuracy, ${scope}` : 'not tested yet') : by;
    const many = (app.state?.nodes.index.length ?? 0) > 200;
    const down = many ? '✕ down' : '▨ down';
    if (app.look.matrix) return matrixLegend(box, app);
    const marks = app.look.outlines && (app.state?.groups.length ?? 0) > 1 ? ' · ➤ between groups, ▨ lost' : '';
    if (by === 'group') fill(box, ...groupChips(app), ` ${down}${marks}`);
    else if (by === 'accuracy') fill(box, `${what}  0 `, scale, ` 1 · ${many ? '□' : '◌'} not tested · ${down}${many ? '' : ' · size: examples'}${marks}`);
    else fill(box, `${what}  0 `, scale, ` most · ${down}${marks}`);
  };
  for (const change of ['state', 'look'] as const) app.on(change, draw);
  draw();
  return { element: box, draw };
}

function matrixLegend(box: HTMLElement, app: App): void {
  const chip = (colour: string): HTMLElement => h('span', { class: 'chip', style: `background:var(${colour})` });
  const messages = app.hasWholeStory() ? [' ', chip('--message'), 'messages until now, the darker the more · ', chip('--lost'), 'lost ·'] : [];
  fill(box, 'row sends to column · ', chip('--edge'), 'link ·', ...messages, ' ╱ down');
}

/** While pictures are left out, the one that stands there says of when it is. */
export function stale(scenery: Scenery): HTMLElement {
  const { app } = scenery;
  const note = h('div', { class: 'stale', hidden: true });
  const draw = (): void => {
    const { state, present } = app;
    note.hidden = app.past() || !state || state.moment === present.moment;
    if (!note.hidden) text(note, `picture of moment ${state!.moment}; now ${present.moment}`);
  };
  for (const change of ['state', 'present'] as const) app.on(change, draw);
  return note;
}
