/** The frame around the panels: borders to drag, tabs, one panel that fills the room, menus, tips, the live region. */
import { fill, h, text } from './dom.ts';
import type { App, MenuItem, Mount, Panel } from './types.ts';

/** Borders move by pointer and by the arrow keys. Sizes stay in this browser only. */
export function borders(main: HTMLElement): void {
  const drag = (id: string, across: boolean, before: string, after: string): void => {
    const border = document.getElementById(id)!;
    const setShare = (share: number): void => {
      const kept = Math.min(0.85, Math.max(0.15, share));
      main.style.setProperty(before, `${kept * 100}fr`);
      main.style.setProperty(after, `${(1 - kept) * 100}fr`);
      border.setAttribute('aria-valuenow', String(Math.round(kept * 100)));
    };
    const share = (): number => {
      const box = main.getBoundingClientRect();
      const own = border.getBoundingClientRect();
      return across ? (own.left - box.left) / box.width : (own.top - box.top) / box.height;
    };
    border.setAttribute('aria-valuenow', across ? '57' : '60');
    border.addEventListener('pointerdown', (e) => {
      border.setPointerCapture(e.pointerId);
      border.onpointermove = (m) => {
        const box = main.getBoundingClientRect();
        setShare(across ? (m.clientX - box.left) / box.width : (m.clientY - box.top) / box.height);
      };
    });
    border.addEventListener('pointerup', () => (border.onpointermove = null));
    border.addEventListener('keydown', (e) => {
      const step = { ArrowLeft: -0.03, ArrowUp: -0.03, ArrowRight: 0.03, ArrowDown: 0.03 }[e.key];
      if (step === undefined) return;
      e.preventDefault();
      e.stopPropagation();
      setShare(share() + step);
    });
  };
  drag('border-side', true, '--left', '--right');
  drag('border-time', false, '--top', '--below');
}

/** One panel fills the room; null: all are there. */
export function fullPanel(main: HTMLElement, panel: string | null): void {
  if (panel === null || main.dataset.full === panel) delete main.dataset.full;
  else main.dataset.full = panel;
}

export interface Tab {
  id: Panel;
  label: string;
  key: string;
  mount: Mount;
  flush?: boolean; // draws up to its border
}

/** The panels on the right, one at a time. A panel is made when it is first looked at. */
export function tabs(side: HTMLElement, app: App, list: Tab[]): void {
  const buttons = new Map<Panel, HTMLButtonElement>();
  const hosts = new Map<Panel, HTMLElement>();
  const bar = h('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Panels' });
  for (const tab of list) {
    const button = h('button', {
      role: 'tab', id: `tab-${tab.id}`, 'data-action': `panel-${tab.id}`, 'aria-controls': `panel-${tab.id}`, title: `${tab.label} (key ${tab.key})`, type: 'button',
      onclick: () => app.set({ panel: tab.id }),
    }, tab.label);
    const host = h('div', {
      class: tab.flush ? 'panel flush' : 'panel', id: `panel-${tab.id}`, role: 'tabpanel', 'aria-labelledby': `tab-${tab.id}`, tabindex: '0', hidden: true,
    });
    app.register({ id: `panel-${tab.id}`, label: `Panel: ${tab.label}`, keys: tab.key, run: () => app.set({ panel: tab.id }) });
    buttons.set(tab.id, button);
    hosts.set(tab.id, host);
    bar.append(button);
  }
  const shownBefore = new Set<Panel>();
  const show = (): void => {
    for (const tab of list) {
      const on = tab.id === app.look.panel;
      buttons.get(tab.id)!.setAttribute('aria-selected', String(on));
      buttons.get(tab.id)!.tabIndex = on ? 0 : -1;
      const host = hosts.get(tab.id)!;
      if (on && !shownBefore.has(tab.id)) {
        shownBefore.add(tab.id);
        host.hidden = false;
        tab.mount(host, app);
      }
      host.hidden = !on;
    }
  };
  bar.addEventListener('keydown', (e) => {
    if (e.key !== 'ArrowLeft' && e.key !== 'ArrowRight') return;
    const at = list.findIndex((t) => t.id === app.look.panel);
    const next = list[(at + (e.key === 'ArrowRight' ? 1 : list.length - 1)) % list.length]!;
    e.preventDefault();
    e.stopPropagation();
    app.set({ panel: next.id });
    buttons.get(next.id)!.focus();
  });
  side.append(bar, ...hosts.values());
  app.on('look', show);
}

/** A menu of commands: arrows move in it, Escape closes it. What cannot be done says why. */
export function menus(app: App): (x: number, y: number, items: MenuItem[]) => void {
  let open: HTMLElement | null = null;
  let before: Element | null = null;
  const close = (): void => {
    open?.remove();
    open = null;
    if (before instanceof HTMLElement) before.focus();
  };
  document.addEventListener('pointerdown', (e) => {
    if (open && !open.contains(e.target as Node)) close();
  });
  const entry = (item: MenuItem): HTMLElement =>
    h('button', {
      role: 'menuitem', type: 'button', 'aria-disabled': item.why ? 'true' : null,
      onclick: () => {
        if (item.why) return app.say(item.why, true);
        close();
        if (item.act) item.act();
        else if (item.cmd) void app.send(item.cmd);
      },
    }, h('span', {}, item.label, item.why ? h('small', {}, item.why) : null), item.cmd ? h('code', {}, item.cmd) : null);
  return (x, y, items) => {
    close();
    before = document.activeElement;
    const menu = h('div', { class: 'menu', role: 'menu' }, ...items.map(entry));
    // A landmark of its own: else it would lie outside of all.
    open = h('section', { 'aria-label': 'What can be done' }, menu);
    menu.addEventListener('keydown', (e) => {
      const all = [...menu.querySelectorAll('button')];
      const at = all.indexOf(document.activeElement as HTMLButtonElement);
      e.stopPropagation();
      if (e.key === 'Escape' || e.key === 'Tab') close();
      else if (e.key === 'ArrowDown') all[(at + 1) % all.length]!.focus();
      else if (e.key === 'ArrowUp') all[(at + all.length - 1) % all.length]!.focus();
      else return;
      e.preventDefault();
    });
    document.body.append(open);
    const box = menu.getBoundingClientRect();
    menu.style.left = `${Math.max(4, Math.min(x, innerWidth - box.width - 4))}px`;
    menu.style.top = `${Math.max(4, Math.min(y, innerHeight - box.height - 4))}px`;
    menu.querySelector('button')?.focus();
  };
}

/** The one live region: the last sentence wins, and they come at least 1.5 s apart. What is urgent goes to the other one at once. */
export function liveRegion(): (sentence: string, now: boolean) => void {
  const polite = document.getElementById('live')!;
  const alert = document.getElementById('alert')!;
  let waiting: string | null = null;
  let quiet = false;
  const speak = (): void => {
    if (waiting === null) {
      quiet = false;
      return;
    }
    text(polite, waiting);
    waiting = null;
    quiet = true;
    setTimeout(speak, 1500);
  };
  return (sentence, now) => {
    if (now) {
      alert.textContent = sentence;
      return;
    }
    waiting = sentence;
    if (!quiet) speak();
  };
}

const tip = h('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' });

/** A sentence beside the pointer; null takes it away. */
export function showTip(x: number, y: number, sentence: string | null): void {
  if (!tip.isConnected) document.body.append(tip);
  tip.hidden = sentence === null;
  if (sentence === null) return;
  text(tip, sentence);
  const { width, height } = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(2, Math.min(x + 14, innerWidth - width - 4))}px`;
  tip.style.top = `${y + 18 + height > innerHeight ? y - height - 8 : y + 18}px`;
}

/** An empty state: a sentence, and a button that types the command that helps. */
export function emptyState(app: App, sentence: string, cmd?: string): HTMLElement {
  const button = cmd ? h('button', { type: 'button', onclick: () => void app.send(cmd) }, cmd) : null;
  if (button && app.mayNot()) {
    button.disabled = true;
    button.title = app.mayNot()!;
  }
  const box = h('div', { class: 'empty' });
  fill(box, h('p', {}, ...withCode(sentence)), button);
  return box;
}

/** What stands between backticks is a command, and looks like one. */
export function withCode(sentence: string): (string | HTMLElement)[] {
  return sentence.split('`').map((part, k) => (k % 2 === 1 ? h('code', {}, part) : part));
}
