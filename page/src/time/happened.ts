// What a command did, node by node, for the miniature of its moment. No DOM in here.

import type { RunEvent, Segment } from '../types.ts';

export interface Happened {
  trained: Set<number>;
  aggregated: Set<number>;
  /** From, to, and whether it was lost within the command. */
  messages: { from: number; to: number; lost: boolean }[];
}

/** Messages count where they went on the wire, or were lost: those that only wait are not on their way. */
export function happenedIn(segment: Pick<Segment, 'events'>, nodeIndex: (address: string) => number): Happened {
  const happened: Happened = { trained: new Set(), aggregated: new Set(), messages: [] };
  const messages = new Map<number, Happened['messages'][number]>();
  const node = (event: RunEvent, member = 'node'): number => nodeIndex(String(event[member]));
  for (const event of segment.events) {
    if (event.type === 'trained') happened.trained.add(node(event));
    else if (event.type === 'aggregated' && event.changed) happened.aggregated.add(node(event));
    else if (event.type === 'sent' || event.type === 'lost') {
      messages.set(event.message as number, { from: node(event, 'from'), to: node(event, 'to'), lost: event.type === 'lost' });
    }
  }
  happened.messages = [...messages.values()];
  return happened;
}
