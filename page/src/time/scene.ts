// Collects from a way what is not found by looking at the columns in view alone: trainings that last, absences, contacts, and
// which aggregations remembered. It grows with the way. No DOM in here.

import type { Happening, Way } from '../types.ts';
import type { Columns, Place } from './columns.ts';

export type Trained = Extract<Happening, { kind: 'training' }>;
export type Aggregated = Extract<Happening, { kind: 'aggregated' }>;
export type Tested = Extract<Happening, { kind: 'tested' }>;

/** Something with a beginning and perhaps an end. `nodes`: one, or the pair in contact. `since`: ns, where no happening tells. */
export interface Span {
  nodes: number[];
  begun: Happening | null;
  since: number;
  ended: Happening | null;
}

export class Scene {
  /** Trainings that are not over in the instant in which they began. */
  longTrainings: Trained[] = [];
  downs: Span[] = [];
  /** Of nodes that came later, and of those that have left: there they have no lane. */
  absences: Span[] = [];
  contacts: Span[] = [];
  /** Aggregations in which a model of an earlier time took part, by seq. */
  remembering = new Set<number>();
  lost = 0;
  trainings = 0;
  aggregations = 0;
  private used = new Set<number>(); // messages that took part in some aggregation
  private open = new Map<string, Span>();
  private way: Way | null = null;
  private done = 0;

  update(way: Way): void {
    if (this.way !== way || way.happenings.length < this.done) Object.assign(this, new Scene(), { way });
    for (; this.done < way.happenings.length; this.done++) this.take(way.happenings[this.done]!);
    // Most trainings end while the next ones are awaited; those that turned out to be instants go.
    this.longTrainings = this.longTrainings.filter((t) => t.end < 0 || t.endT !== t.t);
  }

  private take(h: Happening): void {
    switch (h.kind) {
      case 'training':
        this.trainings++;
        this.longTrainings.push(h);
        return;
      case 'aggregated':
        this.aggregations++;
        if (h.messages.some((message) => this.used.has(message))) this.remembering.add(h.seq);
        for (const message of h.messages) this.used.add(message);
        return;
      case 'lost':
        this.lost++;
        return;
      case 'added':
        // Those of the start are there from the beginning.
        return h.moment === 0 ? undefined : this.end(this.absences, `gone ${h.node}`, [h.node], h, 0);
      case 'removed':
        this.end(this.downs, `down ${h.node}`, [h.node], h, null);
        return this.begin(this.absences, `gone ${h.node}`, [h.node], h);
      case 'down':
        return this.begin(this.downs, `down ${h.node}`, [h.node], h);
      case 'up':
        return this.end(this.downs, `down ${h.node}`, [h.node], h, null);
      case 'met':
        return this.begin(this.contacts, pair(h.node, h.other), [h.node, h.other], h);
      case 'parted':
        return this.end(this.contacts, pair(h.node, h.other), [h.node, h.other], h, h.began);
    }
  }

  private begin(spans: Span[], key: string, nodes: number[], begun: Happening): void {
    if (this.open.has(key)) return;
    const span: Span = { nodes, begun, since: begun.t, ended: null };
    this.open.set(key, span);
    spans.push(span);
  }

  // What a run begins with has no beginning among the events: `since` stands for it.
  private end(spans: Span[], key: string, nodes: number[], ended: Happening, since: number | null): void {
    const span = this.open.get(key);
    this.open.delete(key);
    if (span !== undefined) span.ended = ended;
    else if (since !== null) spans.push({ nodes, begun: null, since, ended });
  }
}

function pair(a: number, b: number): string {
  return `met ${Math.min(a, b)} ${Math.max(a, b)}`;
}

/** Where a training begins and ends. Without compute time both are in one column, and it is a mark of the column's width. */
export function placesOf(training: Trained, columns: Columns): { begun: Place; ended: Place | null } {
  const begun = columns.placeOf(training);
  if (training.end < 0) return { begun, ended: null };
  if (training.endT === training.t) return { begun, ended: { ...begun, part: 1 } };
  return { begun, ended: columns.placeAt(training.endT ?? training.t, 1) };
}

/** The letter that stands beside the cross of a lost message. */
export const reasonLetter: Record<string, string> = {
  loss: 'L', down: 'D', expired: 'E', unreachable: 'U', detached: 'T', dropped: 'R', contact: 'C', backend: 'B',
};

/** In words, for the sentence below the pointer. */
export const reasonWords: Record<string, string> = {
  loss: 'the link lost it', down: 'an end or the link was down', expired: 'it came too late',
  unreachable: 'there was no way', detached: 'an end left', dropped: 'taken away by drop',
  contact: 'the two parted', backend: 'the network went with it',
};
