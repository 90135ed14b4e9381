/**
 * A way: what happened from the start to one moment, on one branch. Message numbers are counted per branch too (going back takes them
 * back), so the life of a message belongs to a way and not to the run.
 */
import type { Happening, LossReason, MessageLife, RunEvent, Segment, Way } from './types.ts';

type Of<K extends Happening['kind']> = Extract<Happening, { kind: K }>;

export class WayBuilder implements Way {
  moment = 0;
  version = 0;
  moments: number[] = [];
  firstSeq: number[] = [];
  happenings: Happening[] = [];
  messages = new Map<number, MessageLife>();
  lastSeq = -1;
  running = false;

  /** Trainings that go on, by node. */
  private training = new Map<number, Of<'training'>>();
  /** Messages that lie in inboxes, by receiver, in order of arrival. */
  private inboxes = new Map<number, MessageLife[]>();
  /** The first of `happenings` that has no moment yet. */
  private open = 0;
  private nodeIndex: (address: string) => number;

  constructor(nodeIndex: (address: string) => number) {
    this.nodeIndex = nodeIndex;
  }

  /** Begins a moment: the next events are those of the command that made it. */
  begin(): void {
    this.firstSeq.push(this.lastSeq + 1);
  }

  /** Adds a whole segment. */
  add(segment: Segment): void {
    this.begin();
    for (const event of segment.events) this.event(event);
    this.end(segment.moment);
    for (const event of segment.after) this.event(event);
    this.observed();
  }

  /** The events since the last moment were those of `moment`. */
  end(moment: number): void {
    if (this.firstSeq.length === this.moments.length) this.begin();
    this.moments.push(moment);
    this.moment = moment;
    this.observed();
  }

  /** The events since the last moment only looked at it. */
  observed(): void {
    for (; this.open < this.happenings.length; ++this.open) this.happenings[this.open]!.moment = this.moment;
    // No moment came of them: the next one begins behind them.
    if (this.firstSeq.length > this.moments.length) this.firstSeq.pop();
    this.running = false;
    ++this.version;
  }

  /** Adds one event; it has no moment before `end` or `observed`. */
  event(event: RunEvent): void {
    if (this.firstSeq.length === this.moments.length && !isNote(event.type)) {
      // The first event after a moment; whether it makes one is known at its end.
      this.firstSeq.push(this.lastSeq + 1);
      this.running = true;
    }
    // Notes have no number, so that a way has the same numbers whether it grew or was folded at once.
    if (!isNote(event.type)) ++this.lastSeq;
    ++this.version;
    this.fold(event);
  }

  private node(event: RunEvent, member = 'node'): number {
    return this.nodeIndex(String(event[member]));
  }

  private push(happening: Happening): void {
    this.happenings.push(happening);
  }

  private fold(event: RunEvent): void {
    const base = { seq: this.lastSeq, t: event.t, moment: -1 };
    switch (event.type) {
      case 'training_started':
        return this.start(event);
      case 'trained':
        return this.trained(event);
      case 'aggregated':
        return this.aggregated(event);
      case 'evaluated':
        return this.push({
          ...base, kind: 'tested', node: this.node(event), scope: String(event.scope),
          accuracy: event.accuracy as number, loss: event.loss as number | null,
        });
      case 'queued':
      case 'sent':
      case 'delivered':
      case 'lost':
        return this.message(event);
      case 'node_went_down':
        return this.push({ ...base, kind: 'down', node: this.node(event), planned: Boolean(event.planned) });
      case 'node_came_up':
        return this.push({ ...base, kind: 'up', node: this.node(event), planned: Boolean(event.planned) });
      case 'node_added':
        return this.push({
          ...base, kind: 'added', node: this.node(event), examples: (event.examples as number | undefined) ?? 0,
          like: typeof event.like === 'string' ? this.node(event, 'like') : null,
        });
      case 'node_removed':
        return this.push({ ...base, kind: 'removed', node: this.node(event) });
      case 'node_moved':
        return this.push({ ...base, kind: 'moved', node: this.node(event), x: event.x as number, y: event.y as number });
      case 'contact_began':
        return this.push({ ...base, kind: 'met', node: this.node(event, 'a'), other: this.node(event, 'b') });
      case 'contact_ended':
        return this.push({
          ...base, kind: 'parted', node: this.node(event, 'a'), other: this.node(event, 'b'), began: event.began as number,
        });
      case 'command_done':
        return this.commandDone(event);
      default:
        if (isNote(event.type)) return;
        this.push({ ...base, kind: 'other', node: typeof event.node === 'string' ? this.node(event) : null, event });
    }
  }

  private start(event: RunEvent): void {
    const node = this.node(event);
    const happening: Of<'training'> = {
      seq: this.lastSeq, t: event.t, moment: -1, kind: 'training', node, examples: event.examples as number,
      end: -1, endT: null, loss: null,
    };
    this.training.set(node, happening);
    this.push(happening);
  }

  private trained(event: RunEvent): void {
    const node = this.node(event);
    if (!this.training.has(node)) this.start(event);
    const happening = this.training.get(node)!;
    this.training.delete(node);
    happening.end = this.lastSeq;
    happening.endT = event.t;
    happening.loss = event.loss as number | null;
  }

  private aggregated(event: RunEvent): void {
    const peers = (event.peers as string[]) ?? [];
    const messages = (event.messages as number[] | undefined) ?? [];
    this.push({
      seq: this.lastSeq, t: event.t, moment: -1, kind: 'aggregated', node: this.node(event),
      peers: peers.map((p) => this.nodeIndex(p)), weights: (event.weights as number[] | null) ?? peers.map(() => null), messages,
      own: event.own_weight as number | null, changed: Boolean(event.changed), rate: event.rate as number,
    });
    for (const number of messages) {
      const life = this.messages.get(number);
      if (!life) continue;
      if (life.used < 0) life.used = this.lastSeq;
      life.uses.push(this.lastSeq);
    }
    this.emptyInbox(this.node(event));
  }

  /** Of several messages of one sender the newest is used; with it the older ones leave the inbox. */
  private emptyInbox(node: number): void {
    const newest = new Map<number, number>();
    const inbox = this.inboxes.get(node) ?? [];
    for (const life of inbox) if (life.used === this.lastSeq) newest.set(life.from, life.arrived);
    const isOlder = (life: MessageLife): boolean => life.used < 0 && life.arrived < (newest.get(life.from) ?? -1);
    for (const life of inbox) if (isOlder(life)) life.superseded = this.lastSeq;
    this.inboxes.set(node, inbox.filter((life) => life.used < 0 && life.superseded < 0));
  }

  private message(event: RunEvent): void {
    const number = event.message as number;
    const life = this.messages.get(number) ?? this.newLife(event, number);
    const seq = this.lastSeq;
    const kind = event.type as 'queued' | 'sent' | 'delivered' | 'lost';
    const happening = { seq, t: event.t, moment: -1, node: kind === 'delivered' ? life.to : life.from, message: number };
    if (kind === 'lost') {
      life.lost = seq;
      life.lostAt = (event.ended as number | null) ?? event.t;
      life.reason = event.reason as LossReason;
      this.push({ ...happening, kind, reason: life.reason });
      return;
    }
    if (kind === 'sent') {
      life.sent = seq;
      life.sentAt = event.t;
    } else if (kind === 'delivered') {
      life.arrived = seq;
      life.arrivedAt = event.arrived as number;
      life.sentAt ??= event.sent as number;
      const inbox = this.inboxes.get(life.to);
      if (inbox) inbox.push(life);
      else this.inboxes.set(life.to, [life]);
    }
    this.push({ ...happening, kind });
  }

  private newLife(event: RunEvent, message: number): MessageLife {
    const life: MessageLife = {
      message, from: this.node(event, 'from'), to: this.node(event, 'to'), bytes: event.bytes as number,
      queued: this.lastSeq, queuedAt: event.t, sent: -1, sentAt: null, arrived: -1, arrivedAt: null,
      lost: -1, lostAt: null, reason: null, used: -1, uses: [], superseded: -1, dropped: false,
    };
    this.messages.set(message, life);
    return life;
  }

  /** `drop` of what waits in an outbox makes no event of its own; the command tells. A training that was stopped has no end. */
  private commandDone(event: RunEvent): void {
    const words = String(event.command).trim().split(/\s+/);
    if (words[0] !== 'drop' || event.code !== 0) return;
    for (const word of words.slice(1)) {
      const life = this.messages.get(Number(word));
      if (life && life.sent < 0) life.dropped = true;
    }
  }
}

/** Events that tell of the history itself and of commands; nothing happens in the simulated world by them. */
function isNote(type: string): boolean {
  return ['command_done', 'moment_made', 'restored', 'went_to', 'mark_set', 'branch_made', 'branch_deleted', 'traffic'].includes(type);
}
