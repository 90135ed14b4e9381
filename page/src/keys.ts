// The keys, and the panel that lists them.
//
// Letters count only outside of text fields. By the setting they work alone, with Alt, or not at all
// (WCAG 2.1.4). What a key does is an action that the part concerned has registered; the same action
// has a button.

import { h } from './dom.ts';
import { keyOf } from './keymap.ts';
import type { Action, App, KeysSetting } from './types.ts';

const settings: [KeysSetting, string][] = [['on', 'on'], ['alt', 'with Alt'], ['off', 'off (arrows stay)']];

/** The panel that lists the keys; the keys themselves work from the beginning, see `listenToKeys`. */
export function mountKeys(host: HTMLElement, app: App): void {
  const choice = h('select', { 'aria-label': 'Keys', onchange: () => app.set({ keys: choice.value as KeysSetting }) },
    ...settings.map(([value, label]) => h('option', { value }, label)));
  const table = h('table', { class: 'keys' });
  host.append(h('p', {}, 'Keys work outside of text fields. Each has a button. ', h('label', {}, 'Letters: ', choice)), table);
  const draw = (): void => {
    choice.value = app.look.keys;
    const body = app.actions().filter((a) => a.keys !== '').map((action) => row(app, action));
    table.replaceChildren(h('tbody', {}, ...body));
  };
  app.on('look', () => {
    if (app.look.panel === 'help') draw();
  });
  draw();
}

function row(app: App, action: Action): HTMLElement {
  const keys = app.look.keys === 'alt' && /^[^A-Z]$|^Shift\+.$/u.test(action.keys) ? `Alt+${action.keys}` : action.keys;
  const button = h('button', { type: 'button', class: 'link', onclick: () => app.run(action.id) }, action.label);
  return h('tr', {}, h('td', {}, h('kbd', {}, keys)), h('td', {}, button));
}

/** Listens on the whole page. Called once. */
export function listenToKeys(app: App): void {
  document.addEventListener('keydown', (event) => {
    // A dialog has the keys for itself: Escape closes it, and nothing behind it is done.
    if (event.defaultPrevented || isWriting(event.target) || document.querySelector('dialog[open]')) return;
    const id = keyOf(event, app.look.keys, app.look.scene !== null);
    if (id === null || (isChooser(event.target) && /^(lane|look|same)-|^go-here$|^play$/.test(id))) return;
    if (!app.actions().some((action) => action.id === id)) return;
    event.preventDefault();
    app.run(id);
  });
}

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('textarea, select, input:not([type=checkbox]):not([type=range])');
}

// Arrows, Enter and Space belong to what has the focus where it knows them itself.
function isChooser(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.matches('[role=menuitem], [role=separator], [role=tab], button, a, input, summary') && !target.matches('.st-name');
}
