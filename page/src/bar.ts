/** The bar on top: where the session is, going through time, the gear, what comes next; and the amber bar while the past is looked at. */
import type { Page } from './app.ts';
import { busyLine, openConsole } from './console.ts';
import { attribute, fill, h, perFrame, text } from './dom.ts';
import { clock } from './format.ts';
import { withCode } from './layout.ts';
import { icon } from './icons.ts';
import { Player } from './play.ts';
import type { Gear } from './types.ts';

const gears: [Gear, string][] = [['step', 'Step'], ['watch', 'Watch'], ['fast', 'Fast'], ['blind', 'Blind']];

/** A button that does an action; the list of keys names the same actions. */
function actionButton(page: Page, id: string, face: string | Node): HTMLButtonElement {
  const button = h('button', { type: 'button', 'data-action': id, onclick: () => page.run(id) }, face);
  const name = perFrame(() => nameButton(page, button, id));
  for (const change of ['present', 'look', 'connection'] as const) page.on(change, name);
  return button;
}

function nameButton(page: Page, button: HTMLButtonElement, id: string): void {
  const action = page.actions().find((a) => a.id === id);
  if (!action) return;
  const why = action.why?.() ?? null;
  attribute(button, 'title', `${action.label} (${action.keys})${why ? `: ${why}` : ''}`);
  // Who sees the word on a button may also say it: the name begins with it.
  const face = button.textContent ?? '';
  attribute(button, 'aria-label', face === '' ? action.label : `${face}: ${action.label}`);
  attribute(button, 'aria-disabled', why ? 'true' : null);
}

/** Looks one moment back or on: on the way to the present one, or along the youngest branch. */
export function lookBy(page: Page, by: -1 | 1): void {
  const { story } = page;
  const at = page.shown();
  if (by < 0) {
    const parent = story.segments.get(at)?.parent ?? null;
    if (parent === null) return page.say('Nothing to go back to.', true);
    return page.set({ moment: parent });
  }
  const path = story.path(page.present.moment);
  const k = path.indexOf(at);
  const next = k >= 0 ? path[k + 1] : story.children(at).at(-1);
  if (next === undefined) return page.say('Nothing came after this moment.', true);
  page.set({ moment: next });
}

function registerTime(page: Page, player: Player): void {
  const no = (): string | null => page.mayNot();
  const noWayBack = (): string | null => no() ?? (page.story.goesBack ? null : page.story.whyNot ?? 'This backend cannot go back; looking works.');
  const atPresent = (): string | null => (page.past() ? null : 'The present moment is looked at.');
  page.register(
    { id: 'look-start', label: 'Look at the start', keys: 'Home', run: () => page.set({ moment: page.story.path(page.shown())[0] ?? 0 }) },
    { id: 'look-back', label: 'Look one moment back', keys: '←', run: () => lookBy(page, -1) },
    { id: 'play', label: 'Play or pause', keys: 'Space', run: () => player.toggle() },
    { id: 'look-on', label: 'Look one moment on', keys: '→', run: () => lookBy(page, 1) },
    { id: 'look-end', label: 'Look at the present moment', keys: 'End', run: () => page.set({ moment: null }) },
    { id: 'slower', label: 'Slower', keys: '−', run: () => player.faster(0.5) },
    { id: 'faster', label: 'Faster', keys: '+', run: () => player.faster(2) },
    { id: 'go-here', label: 'Go to the moment looked at', keys: 'Enter', why: () => noWayBack() ?? atPresent(), run: () => goHere(page) },
    { id: 'now', label: 'Back to the present moment', keys: 'Esc', why: atPresent, run: () => page.set({ moment: null }) },
    { id: 'undo', label: 'Undo', keys: 'Ctrl+Z', why: noWayBack, run: () => void page.sendNow('undo') },
    { id: 'redo', label: 'Redo', keys: 'Ctrl+Shift+Z', why: noWayBack, run: () => void page.sendNow('redo') },
    { id: 'next', label: 'Next happening', keys: 'n', why: no, run: () => void page.send('next') },
    { id: 'nstep', label: 'Network step', keys: 's', why: no, run: () => void page.send('nstep') },
  );
}

function goHere(page: Page): void {
  const moment = page.shown();
  void page.sendNow(`goto ${moment}`).then((reply) => {
    if (reply.ok) page.say(`Now at moment ${moment}.`);
  });
}

function registerOthers(page: Page, find: HTMLInputElement): void {
  page.register(
    { id: 'find', label: 'Find a node', keys: '/', run: () => find.focus() },
    { id: 'goto', label: 'Go to a moment, mark or branch', keys: 'g', why: () => page.mayNot(), run: () => type('goto ') },
    { id: 'mark', label: 'Mark the present moment', keys: 'm', why: () => page.mayNot(), run: () => type('mark ') },
    {
      id: 'share', label: 'The address for looking on', keys: '', run: () => showShare(page),
      why: () => (page.hello.share ? null : page.hello.recorded ? 'Everybody may only look here.' : 'Only who may type commands has it.'),
    },
    {
      id: 'theme', label: 'Light or dark', keys: 'Shift+T',
      run: () => page.set({ theme: document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark' }),
    },
  );
}

/** The address for those who only look, large enough to be read from the last row. */
function showShare(page: Page): void {
  const address = page.hello.share ?? '';
  const copy = h('button', { type: 'button', onclick: () => void navigator.clipboard?.writeText(address).then(() => page.say('Copied.')) }, 'Copy');
  const alone = ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(address, location.href).hostname);
  const reach = alone ? h('p', { class: 'reach' }, ...withCode('Only this machine can open it. For a class start the program with `--page-bind 0.0.0.0`.')) : null;
  const dialog = h('dialog', { class: 'share', 'aria-label': 'The address for looking on' },
    h('p', {}, 'Who opens this address sees everything, may vote, and types nothing.'), h('p', { class: 'address' }, address), reach,
    h('form', { method: 'dialog', class: 'tools' }, copy, h('button', {}, 'Close')));
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** Puts the beginning of a command into the console's line. */
export function type(words: string): void {
  const input = openConsole();
  input.value = words;
  input.dispatchEvent(new Event('input'));
}

function findNode(page: Page, words: string): void {
  const wanted = words.trim().toLowerCase();
  if (wanted === '') return;
  const all = page.hello.nodes;
  const exact = all.findIndex((n) => n.node === wanted || n.name.toLowerCase() === wanted);
  const node = exact >= 0 ? exact : all.findIndex((n) => n.node.endsWith(`.${wanted}`) || n.name.toLowerCase().startsWith(wanted));
  if (node < 0) return page.say(`No node is called ${words}.`, true);
  page.set({ node, panel: 'node' });
  page.say(`${page.nodeName(node)} selected.`);
}

export function mountBar(host: HTMLElement, page: Page): void {
  const player = new Player(page, () => drawAll());
  const find = h('input', { type: 'search', placeholder: 'find node', 'aria-label': 'Find a node by name or address', id: 'find', 'data-action': 'find' });
  find.addEventListener('keydown', (e) => {
    if (e.key === 'Enter') findNode(page, find.value);
    if (e.key === 'Escape') find.blur();
  });
  registerTime(page, player);
  registerOthers(page, find);
  const branch = h('select', { 'aria-label': 'Branch', title: 'Branch: another one is gone to by `switch`' });
  branch.onchange = () => void page.sendNow(`switch ${branch.value}`);
  const facts = h('span', { class: 'facts', id: 'facts' });
  const gear = h('select', { 'aria-label': 'Gear', title: 'How playing goes on, and how often is drawn' }, ...gears.map(([id, label]) => h('option', { value: id }, label)));
  gear.onchange = () => page.set({ gear: gear.value as Gear });
  const speed = h('span', { class: 'facts soft' });
  const next = h('span', { class: 'next', id: 'next' });
  const button = (id: string, face: string | Node): HTMLButtonElement => actionButton(page, id, face);
  const play = button('play', icon('play'));
  fill(host,
    h('h1', {}, page.hello.scenario || 'DEL-Step'), branch, facts,
    h('span', { class: 'group' }, button('look-start', icon('first')), button('look-back', icon('back')), play, button('look-on', icon('on')), button('look-end', icon('last'))),
    h('span', { class: 'group' }, gear, button('slower', icon('minus')), button('faster', icon('plus')), speed),
    h('span', { class: 'group' }, button('undo', icon('undo')), button('redo', icon('redo')), button('next', 'next'), button('nstep', 'nstep')), next,
    h('span', { class: 'group' }, find, button('table', icon('table')), button('theme', icon('theme')), button('share', 'Share'), button('present', 'Present'), button('help', '?')));
  const drawAll = (): void => {
    drawBranch(page, branch);
    text(facts, factsLine(page));
    gear.value = page.look.gear;
    text(speed, page.look.gear === 'step' ? '' : page.look.gear === 'watch' ? `${player.speed}/s` : `${player.speed} s`);
    if (play.getAttribute('aria-pressed') !== String(player.playing)) fill(play, icon(player.playing ? 'pause' : 'play'));
    attribute(play, 'aria-pressed', String(player.playing));
    text(next, nextLine(page));
    attribute(next, 'title', next.textContent ?? '');
  };
  for (const change of ['present', 'look', 'story', 'state'] as const) page.on(change, drawAll);
  mountLooking(document.getElementById('looking')!, page);
}

function drawBranch(page: Page, branch: HTMLSelectElement): void {
  const names = page.story.branches.map((b) => b.branch);
  if (!names.includes(page.present.branch)) names.push(page.present.branch);
  if ([...branch.options].map((o) => o.value).join(' ') !== names.join(' ')) fill(branch, ...names.map((n) => h('option', { value: n }, n)));
  branch.value = page.present.branch;
  branch.disabled = page.mayNot() !== null;
}

function factsLine(page: Page): string {
  const segment = page.story.segments.get(page.shown());
  const last = Math.max(page.present.moment, page.story.numbers.at(-1)!);
  const t = page.past() ? segment?.t ?? null : page.present.t;
  return `moment ${page.shown()}/${last} · cycle ${page.past() ? segment?.cycle ?? '–' : page.present.cycle} · t=${clock(t)}`;
}

function nextLine(page: Page): string {
  const { next } = page.present;
  const busy = page.busy();
  if (busy) return busyLine(busy);
  return next ? `Next: ${next}` : '';
}

/** Amber: the past is looked at. Grey: the server is lost, or the address is not right. */
function mountLooking(host: HTMLElement, page: Page): void {
  const line = h('span', {});
  const here = h('button', { type: 'button', 'data-action': 'go-here', onclick: () => page.run('go-here') }, 'Go here');
  const now = h('button', { type: 'button', 'data-action': 'now', onclick: () => page.run('now') }, 'Back to now');
  const share = h('span', { class: 'soft' });
  fill(host, line, here, now, share);
  const draw = (): void => {
    const lost = page.connection !== 'open';
    const past = page.past();
    host.hidden = !lost && !past && !page.hello.recorded;
    host.classList.toggle('gone', lost || !past);
    here.hidden = lost || !past || page.mayNot() !== null;
    now.hidden = lost || !past;
    text(line, lost ? lostLine(page) : past ? `Looking at moment ${page.shown()}; the present one is ${page.present.moment}.` : 'Recorded run: looking only.');
    text(share, lost ? '' : past && page.hello.recorded ? 'Recorded run: looking only.' : pastLine(page));
  };
  for (const change of ['look', 'present', 'connection'] as const) page.on(change, draw);
}

/** What is special about the moment that is looked at. */
function pastLine(page: Page): string {
  if (!page.past() || page.story.segments.get(page.shown())?.kept !== false) return '';
  return `Kept from moment ${page.story.oldest} on (history.memory); what is shown here is told by events alone.`;
}

function lostLine(page: Page): string {
  if (page.connection === 'refused') return 'Another session answers here, and this address is not for it; its terminal prints the new one. What is here is how the old one was.';
  if (page.connection === 'ended') return 'The session has ended. What is here is how it was.';
  return `The program does not answer. What is here is how it was last; trying again in ${page.retry} s.`;
}
