/**
 * The story: the tree of moments with the events of each, made of the events as they come. Going back takes nothing out of it, so the
 * page can look along any branch. A way through it (`way`) is folded when it is asked for and goes on growing while it is the present one.
 *
 * Events are kept up to a bound: then those of the oldest moments go, and ways begin with `from`. They begin there too where the server
 * has left out what lies between (`miss`), because a fast loop makes more than can be drawn.
 */
import type { BranchNode } from './branch_nodes.ts';
import { recordedState } from './recorded.ts';
import type { HistoryAnswer, LinksAnswer, RunEvent, Segment, StateAnswer, Story, Way } from './types.ts';
import { Tree } from './tree.ts';
import { WayBuilder } from './way.ts';

/** Ways kept beside the present one: those that were looked at last. */
const keptWays = 6;
/** Events that are kept, about 1 kB each with what is made of them. A moment costs as much as some events, however few it has. */
export const mostEvents = 100_000;
/** What is left of them when there are too many: ways are folded anew then, at once. */
export const keptShare = 0.2;
const weightOfMoment = 10;

const weightOf = (segment: Segment): number => weightOfMoment + segment.events.length + segment.after.length;

export class StoryOfRun extends Tree implements Story {
  version = 0;
  present = 0;
  branch = 'main';
  oldest = 0;
  goesBack = true;
  whyNot: string | null = null;
  complete = false;
  from = 0;
  /** Of moment 0, for recorded runs and moments that are not kept. */
  start: { state: StateAnswer; links: LinksAnswer | null } | null = null;
  /** Of the events that come: so many tell of the start. Where nobody says so, as many as are of its kinds. */
  startEvents = Infinity;

  private index = new Map<string, number>();
  private addresses: string[] = [];
  /** Events since the last moment or the last end of a command. */
  private open: RunEvent[] = [];
  private builder: WayBuilder | null = null;
  private others = new Map<number, WayBuilder>();
  private last: Segment | null = null;
  /** A run begins with its first nodes and groups: they are the start, and no command's. */
  private beginning = true;
  /** Moments with events, in the order in which they came, and what all of them weigh. */
  private held: number[] = [];
  private weight = 0;
  /** Events were left out: the moment that they belong to is not known by its events. */
  private missing = false;
  /** Moments whose commands added nodes. */
  private joined = new Set<number>();

  /** `most`: of a recorded run nobody else has the events, so all of them are kept. */
  constructor(private readonly most = mostEvents) {
    super();
  }

  nodeIndex(address: string): number {
    return this.index.get(address) ?? -1;
  }

  /** The list of `hello`; new nodes come by events. Returns the new index. */
  addNode(address: string): number {
    const known = this.index.get(address);
    if (known !== undefined) return known;
    this.index.set(address, this.addresses.length);
    this.addresses.push(address);
    return this.addresses.length - 1;
  }

  // ---------------------------------------------------------------- what comes in

  /** Events in the order of their numbers. */
  events(events: RunEvent[]): void {
    for (const event of events) this.event(event);
    ++this.version;
  }

  private event(event: RunEvent): void {
    switch (event.type) {
      case 'moment_made':
        return this.momentMade(event);
      case 'went_to':
        return this.wentTo(event);
      case 'restored':
        this.open = [];
        return;
      case 'branch_made':
        this.branch = String(event.branch);
        this.setBranch(this.branch, event.moment as number);
        return;
      case 'branch_deleted':
        return this.branchDeleted(String(event.branch));
      case 'mark_set':
        this.marks = this.marks.filter((m) => m.mark !== event.mark);
        this.marks.push({ mark: String(event.mark), moment: event.moment as number });
        return;
      case 'node_added':
        this.addNode(String(event.node));
    }
    if (this.beginning && this.startEvents > 0 && ['node_added', 'group_created', 'group_joined'].includes(event.type)) {
      --this.startEvents;
      this.segments.get(0)!.events.push(event);
      this.builder = null;
      return;
    }
    this.beginning = false;
    if (this.missing) return;
    this.open.push(event);
    if (this.open.length > this.most) return this.miss();
    this.builder?.event(event);
    if (event.type === 'command_done') this.commandDone(event);
  }

  private momentMade(event: RunEvent): void {
    const moment = event.moment as number;
    const told = event.parent as number;
    // Of the moments before a run was resumed its record does not tell: it goes on from the start.
    const parent = this.most === Infinity && !this.segments.has(told) ? 0 : told;
    const known = this.segments.get(moment);
    if (known) this.release(known);
    // The same command after an undo has the same events: they take the place of those from before.
    this.put({
      moment, parent, branch: String(event.branch), cmd: known?.cmd ?? '', t: event.t, cycle: event.cycle,
      kept: true, events: this.open, after: known?.after ?? [],
    });
    if (this.open.some((e) => e.type === 'node_added')) this.joined.add(moment);
    this.settle();
    this.last = this.segments.get(moment)!;
    if (this.missing) this.beginWith(this.last);
    this.hold(this.last);
    // The events of a run that did not begin at the present moment are not on the builder's way.
    if (this.builder && this.builder.moment !== parent) this.builder = null;
    else this.builder?.end(moment);
    this.open = [];
    this.present = moment;
    this.branch = String(event.branch);
    this.setBranch(this.branch, moment);
  }

  private commandDone(event: RunEvent): void {
    if (this.last) {
      if (this.last.cmd === '') this.last.cmd = String(event.command);
      this.last = null;
    }
    // What is left only looked at the present moment; those of the start are the start.
    const segment = this.segments.get(this.present);
    if (segment && this.open.some((e) => e.type !== 'command_done')) {
      this.release(segment);
      segment.after.push(...this.open);
      this.others.clear();
      this.hold(segment);
    } else if (segment && String(event.command).startsWith('drop')) {
      segment.after.push(event);
    }
    this.builder?.observed();
    this.open = [];
  }

  private wentTo(event: RunEvent): void {
    this.present = event.moment as number;
    this.branch = String(event.branch);
    this.open = [];
    this.builder = null;
    this.last = null;
  }

  protected override forget(moment: number, parent: number): void {
    this.release(this.segments.get(moment)!);
    this.others.delete(moment);
    super.forget(moment, parent);
  }

  // ---------------------------------------------------------------- what is kept

  /** Events were left out. What was told before does not lead to what comes: the story goes on with the next moment. */
  miss(): void {
    this.missing = true;
    this.beginning = false;
    for (const moment of this.held) this.empty(moment);
    this.held = [];
    this.weight = 0;
    this.open = [];
    this.last = null;
    this.waysBeginWith(Infinity);
  }

  private beginWith(segment: Segment): void {
    this.missing = false;
    this.empty(segment.moment);
    this.waysBeginWith(segment.moment);
  }

  private waysBeginWith(moment: number): void {
    this.from = moment;
    this.complete = false;
    this.builder = null;
    this.others.clear();
    ++this.version;
  }

  private release(segment: Segment): void {
    const at = this.held.lastIndexOf(segment.moment);
    if (at < 0) return;
    this.held.splice(at, 1);
    this.weight -= weightOf(segment);
  }

  private empty(moment: number): void {
    const segment = this.segments.get(moment)!;
    segment.events = [];
    segment.after = [];
  }

  private hold(segment: Segment): void {
    if (segment.moment < (this.held.at(-1) ?? 0)) this.held.splice(this.held.findIndex((m) => m > segment.moment), 0, segment.moment);
    else this.held.push(segment.moment);
    this.weight += weightOf(segment);
    if (this.weight <= this.most) return;
    // Many at once, so that ways are seldom folded anew.
    let last = 0;
    while (this.weight > this.most * keptShare && this.held.length > 1) {
      last = this.held[0]!;
      this.release(this.segments.get(last)!);
      this.empty(last);
    }
    // What a single moment has is too much.
    if (this.weight > this.most) this.miss();
    else this.waysBeginWith(Math.max(this.from, last + 1));
  }

  /** The history as the server has it: also of moments whose events are not here. */
  history(answer: HistoryAnswer): void {
    for (const m of answer.moments) {
      const known = this.segments.get(m.moment);
      if (known) {
        known.cmd = m.cmd || known.cmd;
        known.t = m.t;
        known.cycle = m.cycle;
        if (known.branch !== m.branch) this.reshaped();
        known.branch = m.branch;
        known.kept = m.kept;
      } else {
        this.put({ ...m, events: [], after: [] });
      }
    }
    this.settle();
    this.oldest = answer.oldest;
    this.goesBack = answer.goes_back;
    this.whyNot = answer.why_not;
    this.branches = answer.branches;
    this.marks = answer.marks;
    ++this.version;
  }

  // ---------------------------------------------------------------- questions

  way(wanted: number): Way {
    // It may be told that a moment is the present one before its events are here: until then the way ends before it.
    const moment = this.segments.has(wanted) ? wanted : this.present;
    if (moment === this.present) {
      if (!this.builder) {
        this.builder = this.build(moment);
        for (const event of this.open) this.builder.event(event);
      }
      return this.builder;
    }
    const known = this.others.get(moment);
    if (known) return known;
    const built = this.build(moment);
    this.others.set(moment, built);
    if (this.others.size > keptWays) this.others.delete(this.others.keys().next().value!);
    return built;
  }

  private build(moment: number): WayBuilder {
    const builder = new WayBuilder((address) => this.nodeIndex(address));
    const path = this.path(moment);
    // Numbers rise along a path. What the events do not tell of is a way of its own.
    const from = path.findLastIndex((at) => at < this.from) + 1;
    for (const at of path.slice(Math.min(from, path.length - 1))) {
      const segment = this.segments.get(at);
      if (segment) builder.add(segment);
    }
    return builder;
  }

  /** Nodes have been added, so branches may have others. */
  get hasJoined(): boolean {
    return this.joined.size > 0;
  }

  /** The nodes of a moment in the order of its branch, as the server numbers them there. Null: not all of them are known. */
  nodesAt(moment: number): BranchNode[] | null {
    if (!this.start || this.from > 0 || !this.segments.has(moment)) return null;
    const path = this.joined.size > 0 ? this.path(moment) : [];
    const added = path.filter((at) => this.joined.has(at)).flatMap((at) => this.segments.get(at)!.events.filter((e) => e.type === 'node_added'));
    return [
      ...this.start.state.nodes.index.map((index) => ({ index, name: null })),
      ...added.map((e) => ({ index: this.nodeIndex(String(e.node)), name: String(e.name ?? '') })),
    ];
  }

  stateAt(moment: number): StateAnswer | null {
    if (!this.start || this.from > 0) return null;
    const segment = this.segments.get(moment);
    if (!segment) return null;
    return recordedState(this.start.state, this.way(moment), segment, (address) => this.nodeIndex(address));
  }
}
