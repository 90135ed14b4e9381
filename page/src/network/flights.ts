/**
 * Messages that are drawn: those that wait, those that are on their way at the moment looked at, and short flights of those that were
 * sent just now. Where latency is 0 nothing is ever on its way, and only the short flights show that something was sent.
 */
import type { App, MessageLife } from '../types.ts';

export interface Dot {
  message: number;
  from: number;
  to: number;
  /** 0 at the sender, 1 at the receiver. */
  at: number;
  state: 'outbox' | 'flight' | 'arrived' | 'inbox' | 'lost';
}

const flight = 700; // ms, of a message that was sent just now
const atMost = 300;
const lostAt = 0.6; // where a lost one ends
const lostStays = 900; // ms

export class Flights {
  private going: { life: MessageLife; begun: number }[] = [];
  private seen = -1;
  private moment = -1;

  constructor(private app: App) {}

  /** Looks for messages that were sent since the last call. Nothing flies while somebody looks at the past, or wants no motion. */
  update(now: number): void {
    const { app } = this;
    const way = app.past() || !app.hasStory() ? null : app.story.way(app.present.moment);
    const quiet = way === null || app.reducedMotion || app.look.gear === 'blind' || app.look.gear === 'fast';
    if (quiet || way.lastSeq < this.seen || this.seen < 0 || (way.moment < this.moment)) {
      this.going = [];
      this.seen = way?.lastSeq ?? -1;
      this.moment = way?.moment ?? -1;
      return;
    }
    for (let k = way.happenings.length - 1; k >= 0 && way.happenings[k]!.seq > this.seen; --k) {
      const h = way.happenings[k]!;
      if (h.kind !== 'sent' || this.going.length >= atMost) continue;
      const life = way.messages.get(h.message);
      if (life) this.going.push({ life, begun: now });
    }
    this.seen = way.lastSeq;
    this.moment = way.moment;
  }

  get moving(): boolean {
    return this.going.length > 0;
  }

  /** The dots at a time of the wall clock; flights that are over are forgotten. */
  dots(now: number): Dot[] {
    this.going = this.going.filter((g) => now - g.begun < (g.life.lost >= 0 ? flight + lostStays : flight));
    const flying = new Set<number>();
    const list: Dot[] = this.going.map(({ life, begun }) => {
      flying.add(life.message);
      const part = (now - begun) / flight;
      const lost = life.lost >= 0 && part >= lostAt;
      return { message: life.message, from: life.from, to: life.to, at: lost ? lostAt : Math.min(1, part), state: lost ? 'lost' : 'flight' };
    });
    const state = this.app.state;
    for (const m of state?.messages ?? []) {
      if (flying.has(m.message)) continue;
      const known = m.state === 'flight' && m.sent !== null && m.arrives !== null && m.arrives > m.sent;
      const at = known ? (state!.t - m.sent!) / (m.arrives! - m.sent!) : 0.5;
      list.push({ message: m.message, from: m.from, to: m.to, at: Math.min(1, Math.max(0, at)), state: m.state });
    }
    return list;
  }
}
