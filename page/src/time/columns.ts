// Gives each happening along a way a column of the space-time diagram. No DOM in here.
//
// A *column* is a set of happenings that nobody could put in another order: within it each node goes
// on to later kinds of doing only. `flood; nstep; ag` makes three columns, and nodes that act at one
// instant share one. Messages of a network step leave at the left edge of its column and arrive at
// the right one. A moment in which nothing happens (`set`) has a column too, so that it can be chosen.

import type { Happening, MessageLife, Way } from '../types.ts';

export interface Column {
  moment: number; // -1: of a command that still runs
  t: number; // ns, of its happenings
  first: number; // place in `way.happenings` of the first one in it or after it
}

/** A place: the column, where in it (0 is the left edge, 1 the right one), and the clock in ns. */
export interface Place {
  column: number;
  part: number;
  t: number;
}

// What a node does within one instant, in this order.
const rankOf: Record<Happening['kind'], number> = {
  other: 0, added: 0, removed: 0, moved: 0, met: 0, parted: 0, down: 0, up: 0, training: 1, queued: 2,
  sent: 3, delivered: 3, lost: 3, aggregated: 4, tested: 5,
};
const partOf: Partial<Record<Happening['kind'], number>> = {
  sent: 0, delivered: 1, lost: 1, training: 0, tested: 0.9,
};

export class Columns {
  readonly columns: Column[] = [];
  /** First and last column per moment. */
  readonly spans = new Map<number, [number, number]>();
  private readonly columnOf: number[] = []; // per seq
  private readonly ranks = new Map<number, number>(); // of what each node did last in this column
  way: Way | null = null;
  private done = 0; // happenings that have a column for good
  private settled = 0; // columns that stay
  private moments = 0; // moments of the way that have a column

  /** Takes in what is new. Starts again if `way` is another one than before. */
  update(way: Way): void {
    if (this.way !== way || way.happenings.length < this.done) this.reset(way);
    // The columns of a command that ran are made anew: now it is known which moment it ended in.
    this.columns.length = this.settled;
    this.spans.delete(-1);
    this.ranks.clear();
    while (this.done < way.happenings.length && way.happenings[this.done]!.moment >= 0) {
      const happening = way.happenings[this.done]!;
      this.reach(happening.moment, happening.t);
      this.add(happening, happening.moment, this.done++);
    }
    const last = way.moments[way.moments.length - 1];
    if (last !== undefined) this.reach(last, this.columns[this.columns.length - 1]?.t ?? 0);
    this.settled = this.columns.length;
    for (let k = this.done; k < way.happenings.length; k++) this.add(way.happenings[k]!, -1, k);
  }

  /** Where a happening stands; null for one that is not there (seq -1). */
  place(seq: number, part: number, t: number | null): Place | null {
    const column = this.columnOf[seq];
    if (seq < 0 || column === undefined) return null;
    return { column, part, t: t ?? this.columns[column]!.t };
  }

  placeOf(happening: Happening): Place {
    const part = partOf[happening.kind] ?? 0.5;
    return this.place(happening.seq, part, happening.t) ?? { column: 0, part, t: happening.t };
  }

  /** Where a time stands: at `part` of the column of that time, else before the next one. */
  placeAt(t: number, part = 0): Place {
    let low = 0;
    let high = Math.max(0, this.columns.length - 1);
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.columns[middle]!.t < t) low = middle + 1;
      else high = middle;
    }
    return { column: low, part: this.columns[low]?.t === t ? part : 0, t };
  }

  private reset(way: Way): void {
    this.columns.length = this.columnOf.length = this.done = this.settled = this.moments = 0;
    this.spans.clear();
    this.way = way;
  }

  // Moments up to `moment` have a column: what comes next belongs to it.
  private reach(moment: number, t: number): void {
    const way = this.way!;
    while (!this.spans.has(moment) && this.moments < way.moments.length) {
      const next = way.moments[this.moments++]!;
      if (!this.spans.has(next)) this.open(next, t, this.done);
    }
  }

  private add(happening: Happening, moment: number, k: number): void {
    const rank = rankOf[happening.kind];
    const actors = actorsOf(happening, this.way!.messages);
    const last = this.columns[this.columns.length - 1];
    const late = actors.some((node) => (this.ranks.get(node) ?? -1) > rank);
    const mine = last !== undefined && last.moment === moment;
    if (mine && last.first === k) last.t = happening.t;
    else if (!mine || late || last.t !== happening.t) this.open(moment, happening.t, k);
    for (const node of actors) this.ranks.set(node, rank);
    this.columnOf[happening.seq] = this.columns.length - 1;
  }

  private open(moment: number, t: number, first: number): void {
    this.columns.push({ moment, t, first });
    this.ranks.clear();
    const column = this.columns.length - 1;
    const span = this.spans.get(moment);
    if (span === undefined) this.spans.set(moment, [column, column]);
    else span[1] = column;
  }
}

/** The nodes that a happening changes: of a delivery it is the receiver. */
export function actorsOf(happening: Happening, messages: Map<number, MessageLife>): number[] {
  switch (happening.kind) {
    case 'met':
    case 'parted':
      return [happening.node, happening.other];
    case 'delivered':
    case 'lost': {
      const message = messages.get(happening.message);
      return message === undefined ? [happening.node] : [message.to];
    }
    default:
      return happening.node === null ? [] : [happening.node];
  }
}
