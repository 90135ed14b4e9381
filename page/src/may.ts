// Why a command about a node or a message cannot be given, so that buttons and menus are grey before the program refuses. No DOM in here.

import type { App, MessageLife, MessageState } from './types.ts';

type Known = Pick<App, 'mayNot' | 'state' | 'nodeName' | 'hello'>;

/** A message as buttons know it; what is over has no state of the program's. */
export interface Mail {
  from: number;
  to: number;
  state: MessageState | 'lost' | 'used' | 'superseded';
}

/** Where a message is, out of what has happened to it. */
export function mailState(life: MessageLife): Mail['state'] {
  if (life.lost >= 0 || life.dropped) return 'lost';
  if (life.used >= 0) return 'used';
  if (life.superseded >= 0) return 'superseded';
  return life.arrived >= 0 ? 'inbox' : life.sent >= 0 ? 'flight' : 'outbox';
}

/** At the moment that is looked at. While that is not known, all are up. */
export function presence(app: Pick<App, 'state'>, node: number): 'up' | 'down' | 'left' {
  if (app.state === null) return 'up';
  const k = app.state.nodes.index.indexOf(node);
  return k < 0 ? 'left' : app.state.nodes.up[k] === 1 ? 'up' : 'down';
}

/** Why a node cannot do anything; undefined: it can. */
export function nodeNo(app: Known, node: number): string | undefined {
  const is = presence(app, node);
  return app.mayNot() ?? (is === 'up' ? undefined : is === 'down' ? 'The node is down.' : 'The node has left.');
}

/** Why a message cannot be dropped, delivered or sent again; undefined: it can. */
export function messageNo(app: Known, what: 'drop' | 'deliver' | 'resend', mail: Mail): string | undefined {
  const no = app.mayNot();
  if (no) return no;
  const absent = (node: number): string | null => {
    const is = presence(app, node);
    return is === 'up' ? null : `${app.nodeName(node, true)} ${is === 'down' ? 'is down' : 'has left'}`;
  };
  const [from, to] = [absent(mail.from), absent(mail.to)];
  if (what === 'resend') return from === null ? undefined : `${from}, and cannot send.`;
  if (mail.state === 'used') return 'It has been aggregated already; go back before that.';
  if (mail.state === 'superseded') return 'A newer one of the same node was aggregated in its place.';
  if (mail.state === 'lost') return 'It is lost already.';
  if (what === 'drop') return undefined;
  if (mail.state === 'inbox') return 'It has arrived already.';
  if (app.hello.backend !== 'builtin') return 'Only the built-in network can deliver out of turn.';
  if (to !== null) return `It cannot arrive: ${to}.`;
  if (mail.state === 'outbox' && from !== null) return `It cannot be sent: ${from}.`;
  return undefined;
}
