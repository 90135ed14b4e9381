// The speaker's window: notes, what comes next, the clock, the votes, and what the audience sees.

import { fill, h, text } from '../dom.ts';
import type { App } from '../types.ts';
import type { Shown, Word } from './player.ts';
import { minutes, nextDoing } from './steps.ts';

const lessonSeconds = 45 * 60;

/** Fills the window. Everything that it does, it asks of the window that presents. */
export function mountSpeaker(host: HTMLElement, app: App): void {
  const channel = new BroadcastChannel('delstep-lesson');
  // The tab that opened this window; in one that somebody opened by hand, the first that presents.
  let tab = new URLSearchParams(location.search).get('speaker') ?? '';
  const ask = (id: string): void => channel.postMessage({ kind: 'do', tab, id } satisfies Word);
  const notes = h('div', { class: 'notes' });
  const clock = h('div', { class: 'clock', role: 'timer' });
  const buttons = h('div', { class: 'row' }, ...([
    ['lesson-back', '◀ back'], ['lesson-on', 'next ▶'], ['blank', 'blank'], ['scene-network', '1 network'], ['scene-time', '2 time'],
    ['scene-curves', '3 curves'], ['scene-why', '4 why'],
  ] as const).map(([id, face]) => h('button', { type: 'button', onclick: () => ask(id) }, face)));
  fill(host, h('div', { class: 'speaker' }, h('header', {}, clock, buttons), notes));
  let state: Shown | null = null;
  channel.onmessage = (event: MessageEvent<Word>) => {
    if (event.data.kind !== 'state') return;
    if (tab === '') tab = event.data.tab;
    if (tab !== event.data.tab) return;
    state = event.data.state;
    drawNotes(notes, state, app);
  };
  app.on('votes', () => {
    if (state !== null) drawNotes(notes, state, app);
  });
  document.addEventListener('keydown', (event) => {
    const id = ({ PageDown: 'lesson-on', PageUp: 'lesson-back', '.': 'blank', b: 'blank' } as Record<string, string>)[event.key];
    if (id === undefined) return;
    event.preventDefault();
    ask(id);
  });
  const tick = (): void => {
    const left = state === null ? lessonSeconds : lessonSeconds - (Date.now() - state.began) / 1000;
    text(clock, `${new Date().toTimeString().slice(0, 5)} · ${minutes(left)} left`);
    clock.classList.toggle('bad', left < 0);
  };
  tick();
  setInterval(tick, 500);
  drawNotes(notes, state, app);
  channel.postMessage({ kind: 'who' } satisfies Word);
}

function drawNotes(host: HTMLElement, state: Shown | null, app: App): void {
  if (state === null || state.progress === null)
    return fill(host, h('p', {}, 'Open a lesson in the window that presents: Present, then Open script.'));
  const { progress } = state;
  const step = progress.steps[progress.next];
  const coming = progress.steps.slice(progress.next, progress.next + 3).map((s) => s.cmd || '(only said)');
  const { votes } = app;
  const counted = votes?.answers?.length ? votes.answers.map((a, k) => `${a}: ${votes.counts[k] ?? 0}`).join(' · ') : '–';
  fill(host,
    h('h1', {}, `${state.title} – step ${Math.min(progress.next + 1, progress.steps.length)} of ${progress.steps.length}`),
    h('h2', {}, 'Notes'), ...(step?.note.length ? step.note.map((n) => h('p', { class: 'note' }, n)) : [h('p', { class: 'soft' }, '–')]),
    h('h2', {}, nextDoing(progress) === 'run' ? 'The next key runs' : 'The next key shows'),
    h('ol', {}, ...coming.map((cmd) => h('li', {}, h('code', {}, cmd)))),
    h('h2', {}, votes?.ask ? 'Votes' : 'Votes, over'), h('p', {}, counted),
    h('h2', {}, 'The audience sees'), h('p', {}, `${state.blank ? 'nothing (blank)' : (state.scene ?? 'the whole page')}: ${state.caption || '–'}`));
}
