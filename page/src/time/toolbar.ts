// The buttons of the time panel, and the line that says what lies below the pointer.

import { attribute, h, perFrame, text } from '../dom.ts';
import type { App, Axis, Ground, Look } from '../types.ts';
import type { Measure } from './heat.ts';

export const orders: Ground[] = ['given', 'group', 'accuracy', 'crossings'];

/** A button for an action that some part has registered; it is disabled, with the reason, where it cannot be done. */
export function actionButton(app: App, id: string, face: string): HTMLButtonElement {
  const button = h('button', { type: 'button', class: 'st-button', 'data-action': id, onclick: () => app.run(id) }, face);
  refresh(app, button);
  return button;
}

export function refresh(app: App, button: HTMLButtonElement): void {
  const action = app.actions().find((a) => a.id === button.dataset['action']);
  if (action === undefined) return;
  const why = action.why?.() ?? null;
  attribute(button, 'aria-disabled', String(why !== null));
  attribute(button, 'title', `${action.label} [${action.keys}]${why === null ? '' : `: ${why}`}`);
  const face = button.textContent ?? '';
  attribute(button, 'aria-label', face === '' ? action.label : `${face}: ${action.label}`);
}

export class Toolbar {
  readonly element: HTMLElement;
  readonly buttons: HTMLButtonElement[] = [];
  private readonly line = h('output', { class: 'st-hover', 'aria-live': 'off' });
  private readonly axis: HTMLSelectElement;
  private readonly sort: HTMLSelectElement;
  private readonly compare: HTMLInputElement;
  private readonly metric: HTMLSelectElement;
  private readonly forMany: HTMLElement;
  private readonly forFew: HTMLElement;
  private readonly from = h('span', { class: 'soft', title: 'More has happened than the page keeps and draws. Earlier moments can be looked at in the strip.' });

  constructor(host: HTMLElement, private readonly app: App, measure: (value: Measure) => void, fold: (on: boolean) => void) {
    this.axis = select('axis', ['order', 'time', 'compressed'], (value) => app.set({ axis: value as Axis }));
    this.sort = select('order', orders, (value) => app.set({ sort: value as Ground }));
    this.compare = h('input', { type: 'checkbox', 'data-action': 'compare', onchange: () => app.set({ compare: this.compare.checked }) });
    this.metric = select('', ['accuracy', 'distance', 'age', 'loss'], (value) => app.set({ metric: value as Look['metric'] }));
    const measures = select('', ['mean', 'worst', 'spread'], (value) => measure(value as Measure));
    this.forMany = h('span', {}, h('label', {}, 'colour ', this.metric), ' ', h('label', {}, 'of ', measures), ' ', this.group('sample', 'sample'));
    const quiet = h('input', { type: 'checkbox', onchange: () => fold(quiet.checked) });
    this.forFew = h('span', {}, h('label', {}, 'axis ', this.axis), h('label', { title: 'Lanes on which nothing happens share one' }, quiet, ' fold quiet'), this.from);
    this.element = h('div', { class: 'st-tools' },
      this.forFew, this.forMany, h('label', { title: 'Order of the lanes (o). Crossings: so that few messages cross' }, 'nodes by ', this.sort),
      h('label', { title: 'Diamonds: what only this branch has. Pale: what only others have.' }, this.compare, ' compare'),
      this.group('fork-back', '‹ fork', 'fork-on', 'fork ›', 'sibling-up', 'branch ↑', 'sibling-down', '↓'),
      this.group('same-back', '‹ same node', 'same-on', 'same node ›', 'cause', '‹ cause', 'effect', 'effect ›'),
      this.group('lane-up', 'node ↑', 'lane-down', '↓'),
      this.group('why', 'why', 'mark', 'mark', 'diff', 'diff', 'break', 'break', 'goto', 'go to…', 'follow', 'follow'),
      this.group('zoom-out', '−', 'zoom-in', '+', 'zoom-fit', 'fit'));
    host.append(this.element, this.line);
    this.update();
  }

  say(sentence: string): void {
    text(this.line, sentence);
    this.line.title = sentence;
  }

  /** The tools of the heat map, or those of the diagram. */
  show(many: boolean): void {
    // The map is ordered by the server, which knows no lines.
    for (const option of this.sort.options) option.disabled = many && option.value === 'crossings';
    this.forMany.hidden = !many;
    this.forFew.hidden = many;
  }

  update(): void {
    const { look } = this.app;
    this.metric.value = look.metric;
    this.axis.value = look.axis;
    this.sort.value = look.sort;
    this.compare.checked = look.compare;
    const { from } = this.app.story;
    text(this.from, from === 0 ? '' : ` ${Number.isFinite(from) ? `from moment ${from} on` : 'from the next moment on'}`);
    this.refresh();
  }

  private readonly refresh = perFrame(() => {
    for (const button of this.buttons) refresh(this.app, button);
    attribute(this.forMany.querySelector('[data-action=sample]')!, 'aria-pressed', String(this.app.look.sample));
  });

  private group(...pairs: string[]): HTMLElement {
    const made: HTMLButtonElement[] = [];
    for (let k = 0; k + 1 < pairs.length; k += 2) made.push(actionButton(this.app, pairs[k]!, pairs[k + 1]!));
    this.buttons.push(...made);
    return h('span', { class: 'st-group', role: 'group' }, ...made);
  }
}

function select(action: string, words: string[], change: (value: string) => void): HTMLSelectElement {
  const made = h('select', { 'data-action': action === '' ? null : action, onchange: () => change(made.value) }, ...words.map((word) => h('option', { value: word }, word)));
  return made;
}
