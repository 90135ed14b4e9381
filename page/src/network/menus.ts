/** What can be done with a node, a link, a message: each entry is the command that would be typed. */
import { type } from '../bar.ts';
import { type Mail, messageNo, nodeNo, presence } from '../may.ts';
import type { App, MenuItem } from '../types.ts';

export function nodeMenu(app: App, node: number): MenuItem[] {
  const word = app.nodeWord(node);
  const no = app.mayNot() ?? undefined;
  const up = presence(app, node) === 'up';
  const other = app.look.node;
  const down = nodeNo(app, node);
  const pair: MenuItem[] = other === null || other === node ? [] : [
    { label: `Exchange with ${app.nodeName(other, true)}`, cmd: `exchange ${app.nodeWord(other)} ${word}`, why: down },
    { label: `Link with ${app.nodeName(other, true)}`, cmd: `link ${app.nodeWord(other)} ${word} up`, why: no },
    { label: `What came from ${app.nodeName(other, true)}`, act: () => app.set({ node, source: other, panel: 'why' }) },
  ];
  const groups: MenuItem[] = (app.state?.groups ?? []).slice(0, 5).map(({ group, nodes }) =>
    nodes.includes(node) ? { label: `Out of group ${group}`, cmd: `group ${group} remove ${word}`, why: no } : { label: `Into group ${group}`, cmd: `group ${group} add ${word}`, why: no });
  return [
    { label: 'Train', cmd: `train ${word}`, why: down },
    { label: 'Test on its own data', cmd: `test ${word} local`, why: down },
    { label: 'Send to its neighbours', cmd: `flood ${word}`, why: down },
    { label: 'Aggregate what came', cmd: `ag ${word}`, why: down },
    { label: 'Step', cmd: `step ${word}`, why: down },
    ...pair,
    up ? { label: 'Fail', cmd: `node down ${word}`, why: no } : { label: 'Revive', cmd: `node up ${word}`, why: no },
    ...groups,
    { label: 'Into a new group …', act: () => type(`group create GROUP; group GROUP add ${word}`), why: no },
    { label: 'Why is its model so?', act: () => app.set({ node, source: null, panel: 'why' }) },
    { label: 'Look at it', act: () => app.set({ node, panel: 'node' }) },
  ];
}

export function linkMenu(app: App, from: number, to: number, link: 'up' | 'down' | 'none'): MenuItem[] {
  const pair = `${app.nodeWord(from)} ${app.nodeWord(to)}`;
  const why = app.mayNot() ?? undefined;
  if (link === 'none') return [{ label: 'Link them', cmd: `link ${pair} up`, why }, { label: 'Exchange models', cmd: `exchange ${pair}`, why }];
  return [
    link === 'down' ? { label: 'Mend', cmd: `link ${pair} up`, why } : { label: 'Cut', cmd: `link ${pair} down`, why },
    { label: 'Exchange models', cmd: `exchange ${pair}`, why },
    { label: 'Lose half of what is sent', cmd: `link ${pair} loss 0.5`, why },
    { label: 'Latency …', act: () => type(`link ${pair} latency 20ms`), why },
    { label: 'Bandwidth …', act: () => type(`link ${pair} bandwidth 1Mbit`), why },
    { label: 'As all others', cmd: `link default ${pair}`, why },
  ];
}

export function messageMenu(app: App, message: Mail & { message: number }): MenuItem[] {
  const id = message.message;
  const entry = (label: string, what: 'drop' | 'deliver' | 'resend'): MenuItem => ({ label, cmd: `${what} ${id}`, why: messageNo(app, what, message) });
  return [
    entry('Drop', 'drop'), entry('Deliver now', 'deliver'), entry('Send again', 'resend'),
    { label: 'Show in the list', act: () => app.set({ message: id, panel: 'messages' }) },
  ];
}

export function groundMenu(app: App): MenuItem[] {
  const why = app.mayNot() ?? undefined;
  return [
    { label: 'Train all', cmd: 'train', why }, { label: 'Each sends to its neighbours', cmd: 'flood', why },
    { label: 'Network step', cmd: 'nstep', why }, { label: 'Aggregate', cmd: 'ag', why },
    { label: 'Test on own data', cmd: 'test local', why }, { label: 'Add a node', cmd: 'node add', why },
  ];
}
