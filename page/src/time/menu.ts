// Menus of the diagram: each entry is a command as it would be typed, or says why it cannot be.

import { mailState, messageNo, nodeNo } from '../may.ts';
import type { App, MenuItem, MessageLife } from '../types.ts';
import { goalOf } from './goal.ts';

export type Thing = { kind: 'node'; node: number } | { kind: 'message'; message: number } | { kind: 'moment'; moment: number; t?: number };

export function contextMenu(app: App, thing: Thing, x: number, y: number): void {
  app.menu(x, y, itemsOf(app, thing));
}

export function itemsOf(app: App, thing: Thing): MenuItem[] {
  if (thing.kind === 'node') return nodeItems(app, thing.node);
  if (thing.kind === 'moment') return momentItems(app, thing.moment, thing.t);
  const life = app.story.way(goalOf(app)).messages.get(thing.message);
  return life === undefined ? [] : messageItems(app, life);
}

function nodeItems(app: App, node: number): MenuItem[] {
  const word = app.nodeWord(node);
  const why = nodeNo(app, node);
  return [
    { label: 'Select', act: () => app.set({ node, message: null, panel: 'node' }) },
    { label: `Why does it know that`, act: () => app.set({ node, panel: 'why' }) },
    { label: 'Train', cmd: `train ${word}`, why },
    { label: 'Send to all neighbours', cmd: `flood ${word}`, why },
    { label: 'Aggregate', cmd: `ag ${word}`, why },
    { label: 'Test', cmd: `test ${word}`, why },
    { label: 'Stop what runs when a message reaches it', cmd: `break deliver ${word}` },
    { label: 'Stop what runs when one of its messages is lost', cmd: `break lost ${word}` },
  ];
}

/** Inside a `run` there is no moment; the same time is reached from where it began. Null: `t` is the moment's own time. */
export function insideRun(app: Pick<App, 'story'>, moment: number, t: number | undefined): string | null {
  const segment = app.story.segments.get(moment);
  const parent = segment?.parent ?? null;
  const began = parent === null ? undefined : app.story.segments.get(parent)?.t;
  if (segment === undefined || t === undefined || began === undefined || t >= segment.t || t <= began) return null;
  return /^run\b/.test(segment.cmd) ? `goto ${parent}; run ${t - began}ns` : null;
}

function momentItems(app: App, moment: number, t?: number): MenuItem[] {
  const inside = insideRun(app, moment, t);
  const refused = app.story.goesBack ? undefined : (app.story.whyNot ?? 'This network cannot go back.');
  return [
    { label: `Look at moment ${moment}`, act: () => app.set({ moment }) },
    withWhy(now(app, 'Go here', `goto ${moment}`), refused),
    ...(inside === null ? [] : [withWhy(now(app, 'Go here, inside the run', inside), refused)]),
    withWhy(now(app, 'Begin a branch here', `goto ${moment}; branch from-${moment}`), refused),
    now(app, 'What differs from now', `diff ${moment}`),
  ];
}

function messageItems(app: App, life: MessageLife): MenuItem[] {
  const number = life.message;
  const mail = { ...life, state: mailState(life) };
  const without = withoutIt(app, life);
  return [
    { label: 'Select', act: () => app.set({ message: number, panel: 'messages' }) },
    { label: 'Take it away', cmd: `drop ${number}`, why: messageNo(app, 'drop', mail) },
    { label: 'Let it arrive now, before all others', cmd: `deliver ${number}`, why: messageNo(app, 'deliver', mail) },
    { label: 'Send the same again', cmd: `resend ${number}`, why: messageNo(app, 'resend', mail) },
    withWhy(now(app, `Branch without it: ${without.sentence}`, without.cmd), without.why),
    { label: `Stop when a message reaches ${app.nodeName(life.to, true)}`, cmd: `break deliver ${app.nodeWord(life.to)}` },
  ];
}

/**
 * The commands that play again what was done since, but without this message: to the moment before it was used (or lost), a new
 * branch, `drop`, and what was typed from there on.
 */
export function withoutIt(app: Pick<App, 'story' | 'shown' | 'present'>, life: MessageLife): { cmd: string; sentence: string; why?: string } {
  const { story } = app;
  const way = story.way(goalOf(app));
  if (life.lost >= 0) return { cmd: '', sentence: '', why: 'It was lost: it is missing already.' };
  const used = way.happenings.find((h) => h.seq === life.used);
  if (used === undefined) return { cmd: '', sentence: '', why: 'It has not been used; take it away here.' };
  const at = way.moments.indexOf(used.moment);
  const before = way.moments[at - 1];
  const queued = way.happenings.find((h) => h.seq === life.queued);
  if (before === undefined || queued === undefined) return { cmd: '', sentence: '', why: 'It was used while its command ran.' };
  // Sent and used within one command: there is no moment in which it lies somewhere.
  if (way.moments.indexOf(queued.moment) > at - 1)
    return { cmd: '', sentence: '', why: 'It was sent and used within one command; there is no moment between.' };
  const again = way.moments.slice(at).map((moment) => story.segments.get(moment)?.cmd ?? '').filter((cmd) => cmd !== '');
  const name = freeName(story.branches.map((b) => b.branch), `no-${life.message}`);
  const cmd = [`goto ${before}`, `branch ${name}`, `drop ${life.message}`, ...again].join('; ');
  return { cmd, sentence: `back to moment ${before}, then ${again.length === 1 ? 'the same command' : `the same ${again.length} commands`}` };
}

function freeName(taken: readonly string[], wanted: string): string {
  let name = wanted;
  for (let k = 2; taken.includes(name); k++) name = `${wanted}-${k}`;
  return name;
}

// These say themselves where they go to; the moment that is looked at does not matter.
export function now(app: App, label: string, cmd: string): MenuItem {
  return { label, cmd, act: () => void app.sendNow(cmd) };
}

function withWhy(item: MenuItem, why: string | undefined): MenuItem {
  return why === undefined ? item : { ...item, why };
}
