/** What can be done with a node, a link, a message: each entry is the command that would be typed. */
import { type } from '../bar.ts';
import { type Mail, messageNo, nodeNo, presence } from '../may.ts';
import type { App, MenuItem } from '../types.ts';

export function nodeMenu(app: App, node: number): MenuItem[] {
  const word = app.nodeWord(node);
  const up = presence(app, node) === 'up';
  const other = app.look.node;
  const down = nodeNo(app, node);
  const pair: MenuItem[] = other === null || other === node ? [] : [
    { label: `Exchange with ${app.nodeName(other, true)}`, cmd: `exchange ${app.nodeWord(other)} ${word}`, why: down },
    { label: `Link with ${app.nodeName(other, true)}`, cmd: `link ${app.nodeWord(other)} ${word} up` },
    { label: `What came from ${app.nodeName(other, true)}`, act: () => app.set({ node, source: other, panel: 'why' }) },
  ];
  const groups: MenuItem[] = (app.state?.groups ?? []).slice(0, 5).map(({ group, nodes }) =>
    nodes.includes(node) ? { label: `Out of group ${group}`, cmd: `group ${group} remove ${word}` } : { label: `Into group ${group}`, cmd: `group ${group} add ${word}` });
  return [
    { label: 'Train', cmd: `train ${word}`, why: down },
    { label: 'Test on its own data', cmd: `test ${word} local`, why: down },
    { label: 'Send to its neighbours', cmd: `flood ${word}`, why: down },
    { label: 'Aggregate what came', cmd: `ag ${word}`, why: down },
    { label: 'Step', cmd: `step ${word}`, why: down },
    ...pair,
    up ? { label: 'Fail', cmd: `node down ${word}` } : { label: 'Revive', cmd: `node up ${word}` },
    ...groups,
    { label: 'Into a new group …', act: () => type(`group create GROUP; group GROUP add ${word}`), types: true },
    { label: 'Why is its model so?', act: () => app.set({ node, source: null, panel: 'why' }) },
    { label: 'Look at it', act: () => app.set({ node, panel: 'node' }) },
  ];
}

export function linkMenu(app: App, from: number, to: number, link: 'up' | 'down' | 'none'): MenuItem[] {
  const pair = `${app.nodeWord(from)} ${app.nodeWord(to)}`;
  if (link === 'none') return [{ label: 'Link them', cmd: `link ${pair} up` }, { label: 'Exchange models', cmd: `exchange ${pair}` }];
  return [
    link === 'down' ? { label: 'Mend', cmd: `link ${pair} up` } : { label: 'Cut', cmd: `link ${pair} down` },
    { label: 'Exchange models', cmd: `exchange ${pair}` },
    { label: 'Lose half of what is sent', cmd: `link ${pair} loss 0.5` },
    { label: 'Latency …', act: () => type(`link ${pair} latency 20ms`), types: true },
    { label: 'Bandwidth …', act: () => type(`link ${pair} bandwidth 1Mbps`), types: true },
    { label: 'As all others', cmd: `link default ${pair}` },
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

export function groundMenu(): MenuItem[] {
  return [
    { label: 'Train all', cmd: 'train' }, { label: 'Each sends to its neighbours', cmd: 'flood' },
    { label: 'Network step', cmd: 'nstep' }, { label: 'Aggregate', cmd: 'ag' },
    { label: 'Test on own data', cmd: 'test local' }, { label: 'Add a node', cmd: 'node add' },
  ];
}
