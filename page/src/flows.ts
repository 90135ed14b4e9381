/**
 * Messages from group to group, in bins of moments: out of the events where these are here, else as the server counts them. A node
 * counts for the first of its groups, as they were at the end of a moment. Drawn in the network (network/traffic.ts) and in the map
 * of many nodes (time/heat-flows.ts).
 */
import { binsOf } from './recorded_heat.ts';
import type { App, FlowsAnswer, RunEvent, StateAnswer, Way } from './types.ts';

type Groups = StateAnswer['groups'];

const mostGroups = 8; // as many as have a colour of their own
const pause = 250; // ms between two pictures

/** Who is in which group along a way. */
export class GroupBook {
  private readonly groups: Map<string, Set<number>>;

  constructor(start: Groups, private readonly nodeIndex: (address: string) => number) {
    this.groups = new Map(start.map(({ group, nodes }) => [group, new Set(nodes)]));
  }

  /** An event of any kind; those of groups change them. */
  take(event: RunEvent): void {
    const name = String(event.group);
    if (event.type === 'group_created') this.groups.set(name, new Set());
    else if (event.type === 'group_deleted') this.groups.delete(name);
    else if (event.type === 'group_joined') this.groups.get(name)?.add(this.nodeIndex(String(event.node)));
    else if (event.type === 'group_left') this.groups.get(name)?.delete(this.nodeIndex(String(event.node)));
  }

  list(): Groups {
    return [...this.groups].map(([group, nodes]) => ({ group, nodes: [...nodes] }));
  }

  /** The first group of each node that has one. */
  first(): Map<number, string> {
    const of = new Map<number, string>();
    for (const [group, nodes] of this.groups) for (const node of nodes) if (!of.has(node)) of.set(node, group);
    return of;
  }
}

/** As /api/flows, out of a way. `names`: the groups that are asked for. */
export function flowsOf(way: Way, book: GroupBook, names: readonly string[], columns: number): FlowsAnswer {
  const bins = binsOf(way.moments.length, columns);
  const place = new Map(names.map((name, k) => [name, k]));
  const flows: FlowsAnswer['flows'] = [];
  let next = 0;
  bins.forEach(([first, last], column) => {
    const sums = new Map<number, [number, number]>(); // sent, lost
    for (let k = first; k <= last; ++k) {
      const [begin, end] = [next, way.firstSeq[k + 1] ?? Infinity];
      for (; next < way.happenings.length && way.happenings[next]!.seq < end; ++next) {
        const h = way.happenings[next]!;
        if (h.kind === 'other') book.take(h.event);
      }
      const group = book.first();
      for (const h of way.happenings.slice(begin, next)) {
        if (h.kind !== 'sent' && h.kind !== 'lost') continue;
        const life = way.messages.get(h.message)!;
        const [from, to] = [place.get(group.get(life.from) ?? ''), place.get(group.get(life.to) ?? '')];
        if (from === undefined || to === undefined || from === to) continue;
        const key = from * names.length + to;
        const sum = sums.get(key) ?? [0, 0];
        ++sum[h.kind === 'sent' ? 0 : 1];
        sums.set(key, sum);
      }
    }
    for (const [key, [sent, lost]] of [...sums].sort((a, b) => a[0] - b[0])) flows.push([column, Math.floor(key / names.length), key % names.length, sent, lost]);
  });
  return { groups: [...names], columns: bins.map(([first, last]) => [way.moments[first]!, way.moments[last]!]), flows };
}

/** `east → west: 24 messages, 3 lost` */
export function flowWords(groups: readonly string[], from: number, to: number, sent: number, lost: number): string {
  return `${groups[from]} → ${groups[to]}: ${sent} ${sent === 1 ? 'message' : 'messages'}${lost > 0 ? `, ${lost} lost` : ''}`;
}

/** Keeps the newest answer for a part of the page. */
export class FlowsSource {
  answer: FlowsAnswer | null = null;
  private key = '';
  private due = 0;
  private timer = 0;

  /** `changed`: the answer is another one. */
  constructor(private readonly app: App, private readonly changed: () => void) {}

  /** Asks where what the answer depends on has changed, a few times a second at most. Less than two groups send nothing to each other. */
  update(moment: number, columns: number): void {
    const { app } = this;
    const names = (app.state?.groups ?? []).slice(0, mostGroups).map((g) => g.group);
    if (names.length < 2) {
      this.answer = null;
      this.key = '';
      return;
    }
    const version = app.hasWholeStory() ? app.story.way(moment).version : app.present.history;
    const key = JSON.stringify([moment, columns, version, names]);
    clearTimeout(this.timer);
    if (key === this.key) return;
    const wait = this.due - performance.now();
    if (wait > 0) {
      this.timer = window.setTimeout(() => this.update(moment, columns), wait);
      return;
    }
    this.due = performance.now() + pause;
    this.key = key;
    void this.ask(moment, columns, names, key);
  }

  private async ask(moment: number, columns: number, names: string[], key: string): Promise<void> {
    const { app } = this;
    if (app.hasWholeStory()) {
      const book = new GroupBook(app.story.start?.state.groups ?? app.state?.groups ?? [], (address) => app.story.nodeIndex(address));
      this.answer = flowsOf(app.story.way(moment), book, names, columns);
    } else {
      // The newest is asked for without its number: events tell of a moment a little before it can be asked for.
      const gone = app.story.segments.get(moment)?.kept === false;
      const newest = moment === app.story.present;
      const answer = gone && !newest ? null : await app.get<FlowsAnswer>('/api/flows', { moment: newest ? null : moment, columns }).catch(() => null);
      if (key !== this.key) return;
      this.answer = answer;
    }
    this.changed();
  }
}
