/**
 * The state of the nodes at a moment, out of the state at the start and what happened since: for recorded runs, and for moments that
 * the program no longer keeps. What events do not tell (what has expired in a guestbook) is left as it was, or out; where nodes that
 * move by themselves were, a recorded run has in a file of its own.
 */
import { GroupBook } from './flows.ts';
import { mailState } from './may.ts';
import type { MessageNow, PlacesAnswer, Segment, StateAnswer, TestColumns, Way } from './types.ts';

interface Row {
  up: number;
  examples: number;
  trained: number;
  loss: number | null;
  tests: Map<string, { accuracy: number; loss: number | null; old: number }>;
  met: Set<number>;
  guests: number; // of the guestbook, as a run that was resumed begins with some
  x: number | undefined;
  y: number | undefined;
}

/** The last tests of the k-th node: of a run that was resumed the start has some. */
function testsOf(start: StateAnswer, k: number): Row['tests'] {
  const tests: Row['tests'] = new Map();
  for (const [scope, { accuracy, loss, old }] of Object.entries(start.nodes.tests)) {
    if (accuracy[k] !== null) tests.set(scope, { accuracy: accuracy[k]!, loss: loss[k]!, old: old[k] ?? 0 });
  }
  return tests;
}

function startRows(start: StateAnswer): Map<number, Row> {
  const rows = new Map<number, Row>();
  start.nodes.index.forEach((node, k) => {
    rows.set(node, {
      up: start.nodes.up[k]!, examples: start.nodes.examples[k]!, trained: start.nodes.trained[k]!, loss: start.nodes.loss[k]!,
      tests: testsOf(start, k), met: new Set(), guests: start.nodes.guestbook[k]!, x: start.nodes.x?.[k], y: start.nodes.y?.[k],
    });
  });
  return rows;
}

/** Of the examples that a node is dealt, the part that it trains on: its first training tells it exactly. */
function shareOfTraining({ nodes }: StateAnswer): number {
  const sum = (values: readonly number[] = []): number => values.reduce((a, b) => a + b, 0);
  const [trains, heldOut] = [sum(nodes.examples), sum(nodes.held_out)];
  return trains > 0 ? trains / (trains + heldOut) : 1;
}

/** Replays what happened on the rows. */
function replay(rows: Map<number, Row>, groups: GroupBook, way: Way, start: StateAnswer): string | null {
  let scope = start.last_scope;
  const trainedShare = shareOfTraining(start);
  for (const h of way.happenings) {
    if (h.kind === 'other') groups.take(h.event);
    if (h.kind === 'added') {
      if (!rows.has(h.node)) {
        const examples = (h.like === null ? undefined : rows.get(h.like)?.examples) ?? Math.round(h.examples * trainedShare);
        rows.set(h.node, { up: 1, examples, trained: 0, loss: null, tests: new Map(), met: new Set(), guests: 0, x: undefined, y: undefined });
      }
      continue;
    }
    const row = h.node === null ? undefined : rows.get(h.node);
    if (!row || h.node === null) continue;
    if (h.kind === 'training') {
      row.examples = h.examples;
      if (h.end < 0) continue;
      ++row.trained;
      row.loss = h.loss;
      for (const test of row.tests.values()) test.old = 1;
    } else if (h.kind === 'aggregated') {
      for (const peer of h.peers) row.met.add(peer);
      if (h.changed) for (const test of row.tests.values()) test.old = 1;
    } else if (h.kind === 'tested') {
      row.tests.set(h.scope, { accuracy: h.accuracy, loss: h.loss, old: 0 });
      scope = h.scope;
    } else if (h.kind === 'down' || h.kind === 'up') {
      row.up = h.kind === 'up' ? 1 : 0;
    } else if (h.kind === 'removed') {
      rows.delete(h.node);
    } else if (h.kind === 'moved') {
      row.x = h.x;
      row.y = h.y;
    }
  }
  return scope;
}

/**
 * What the start has of messages, as a run that was resumed begins with some, and of which nothing was told since. An aggregation takes
 * from the inbox what its peers had sent.
 */
function startMail(start: StateAnswer, way: Way): MessageNow[] {
  const used = new Set<string>();
  for (const h of way.happenings) if (h.kind === 'aggregated') for (const peer of h.peers) used.add(`${peer} ${h.node}`);
  return start.messages.filter((m) => !way.messages.has(m.message) && !(m.state === 'inbox' && used.has(`${m.from} ${m.to}`)));
}

/** Where each message is at the end of a way. */
export function messagesAt(way: Way): MessageNow[] {
  const list: MessageNow[] = [];
  for (const life of way.messages.values()) {
    const state = mailState(life);
    if (state === 'lost' || state === 'used' || state === 'superseded') continue;
    list.push({
      message: life.message, from: life.from, to: life.to, bytes: life.bytes, state, sent: life.sentAt, arrives: life.arrivedAt,
    });
  }
  return list;
}

function testColumns(rows: Row[]): Record<string, TestColumns> {
  const scopes = new Set(rows.flatMap((r) => [...r.tests.keys()]));
  return Object.fromEntries(
    [...scopes].map((scope) => {
      const of = rows.map((r) => r.tests.get(scope));
      return [scope, {
        accuracy: of.map((t) => t?.accuracy ?? null), loss: of.map((t) => t?.loss ?? null), old: of.map((t) => t?.old ?? null),
      }];
    }),
  );
}

function counts(start: StateAnswer, way: Way, waiting: MessageNow[]): StateAnswer['counts'] {
  const result = { ...start.counts, in_flight: 0, queued: 0 };
  // Those on their way at the start were counted there.
  const flying = new Set(start.messages.filter((m) => m.state === 'flight').map((m) => m.message));
  for (const life of way.messages.values()) {
    const isOld = flying.has(life.message);
    if (life.sent < 0 && !isOld) continue;
    if (!isOld) {
      ++result.sent;
      result.bytes += life.bytes;
    }
    if (life.lost >= 0) ++result.lost;
    else if (life.arrived >= 0) ++result.delivered;
  }
  for (const m of waiting) {
    if (m.state === 'flight') ++result.in_flight;
    if (m.state === 'outbox') ++result.queued;
  }
  return result;
}

export function recordedState(start: StateAnswer, way: Way, segment: Segment, nodeIndex: (address: string) => number): StateAnswer {
  const rows = startRows(start);
  const groups = new GroupBook(start.groups, nodeIndex);
  const scope = replay(rows, groups, way, start);
  const index = [...rows.keys()].sort((a, b) => a - b);
  const list = index.map((i) => rows.get(i)!);
  const messages = [...startMail(start, way), ...messagesAt(way)];
  const count = (test: (m: MessageNow) => number | false): number[] => {
    const of = new Map<number, number>();
    for (const m of messages) {
      const node = test(m);
      if (node !== false) of.set(node, (of.get(node) ?? 0) + 1);
    }
    return index.map((i) => of.get(i) ?? 0);
  };
  const placed = list.every((r) => r.x !== undefined);
  return {
    moment: segment.moment, branch: segment.branch, t: segment.t, cycle: segment.cycle, autonet: start.autonet,
    nodes: {
      index, up: list.map((r) => r.up), examples: list.map((r) => r.examples), trained: list.map((r) => r.trained),
      loss: list.map((r) => r.loss), tests: testColumns(list), guestbook: list.map((r) => Math.max(r.guests, r.met.size)),
      outbox: count((m) => m.state === 'outbox' && m.from),
      in_flight_to: count((m) => m.state === 'flight' && m.to),
      inbox: count((m) => m.state === 'inbox' && m.to),
      ...(placed ? { x: list.map((r) => r.x!), y: list.map((r) => r.y!) } : {}),
    },
    groups: groups.list(), counts: counts(start, way, messages), last_scope: scope, consensus: null,
    links: -2 - segment.moment,
    messages: messages.slice(0, 400), messages_left_out: Math.max(0, messages.length - 400),
  };
}

/** The same with the places that were recorded; nodes that these do not tell of stay where they were. */
export function withPlaces(state: StateAnswer, places: PlacesAnswer, nodeIndex: (address: string) => number): StateAnswer {
  const known = new Map(places.node.map((address, k) => [nodeIndex(address), k]));
  const column = (name: 'x' | 'y'): (number | undefined)[] => state.nodes.index.map((node, k) => {
    const at = known.get(node);
    return at === undefined ? state.nodes[name]?.[k] : places[name][at];
  });
  const [x, y] = [column('x'), column('y')];
  const all = (values: (number | undefined)[]): values is number[] => values.every((v) => v !== undefined);
  return all(x) && all(y) ? { ...state, nodes: { ...state.nodes, x, y } } : state;
}
