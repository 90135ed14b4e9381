/**
 * The story: the tree of moments with the events of each, made of the events as they come. Going back takes nothing out of it, so the
 * page can look along any branch. A way through it (`way`) is folded when it is asked for and goes on growing while it is the present one.
 */
import { recordedState } from './recorded.ts';
import type { HistoryAnswer, LinksAnswer, RunEvent, Segment, StateAnswer, Story, Way } from './types.ts';
import { WayBuilder } from './way.ts';

/** Ways kept beside the present one: those that were looked at last. */
const keptWays = 6;

export class StoryOfRun implements Story {
  version = 0;
  segments = new Map<number, Segment>();
  present = 0;
  branch = 'main';
  oldest = 0;
  goesBack = true;
  whyNot: string | null = null;
  branches: { branch: string; last: number }[] = [];
  marks: { mark: string; moment: number }[] = [];
  complete = false;
  /** Of moment 0, for recorded runs and moments that are not kept. */
  start: { state: StateAnswer; links: LinksAnswer | null } | null = null;

  private index = new Map<string, number>();
  private addresses: string[] = [];
  /** Events since the last moment or the last end of a command. */
  private open: RunEvent[] = [];
  private builder: WayBuilder | null = null;
  private others = new Map<number, WayBuilder>();
  private last: Segment | null = null;
  /** A run begins with its first nodes and groups: they are the start, and no command's. */
  private beginning = true;
  private childrenOf = new Map<number, number[]>();

  constructor() {
    this.segments.set(0, { moment: 0, parent: null, branch: 'main', cmd: '', t: 0, cycle: 0, kept: true, events: [], after: [] });
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
    if (this.beginning && ['node_added', 'group_created', 'group_joined'].includes(event.type)) {
      this.segments.get(0)!.events.push(event);
      this.builder = null;
      return;
    }
    this.beginning = false;
    this.open.push(event);
    this.builder?.event(event);
    if (event.type === 'command_done') this.commandDone(event);
  }

  private momentMade(event: RunEvent): void {
    const moment = event.moment as number;
    const parent = event.parent as number;
    const known = this.segments.get(moment);
    // The same command after an undo has the same events: they take the place of those from before.
    this.put({
      moment, parent, branch: String(event.branch), cmd: known?.cmd ?? '', t: event.t, cycle: event.cycle,
      kept: true, events: this.open, after: known?.after ?? [],
    });
    this.last = this.segments.get(moment)!;
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
      segment.after.push(...this.open);
      this.others.clear();
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

  /** What a branch or a mark still leads to stays, and belongs to the first of these branches, as in the session; the rest is gone. */
  private branchDeleted(name: string): void {
    this.branches = this.branches.filter((b) => b.branch !== name);
    const owner = new Map<number, string>();
    for (const { last, branch } of [...this.branches, ...this.marks.map((m) => ({ last: m.moment, branch: name }))]) {
      for (const moment of this.path(last)) if (!owner.has(moment)) owner.set(moment, branch);
    }
    for (const [moment, segment] of this.segments) {
      if (segment.branch !== name) continue;
      const heir = owner.get(moment);
      if (heir !== undefined) segment.branch = heir;
      else if (segment.parent !== null) this.forget(moment, segment.parent);
    }
  }

  private forget(moment: number, parent: number): void {
    this.segments.delete(moment);
    this.others.delete(moment);
    this.childrenOf.set(parent, this.children(parent).filter((child) => child !== moment));
  }

  private put(segment: Segment): void {
    const before = this.segments.get(segment.moment);
    this.segments.set(segment.moment, segment);
    if (before || segment.parent === null) return;
    const siblings = this.childrenOf.get(segment.parent) ?? [];
    siblings.push(segment.moment);
    siblings.sort((a, b) => a - b);
    this.childrenOf.set(segment.parent, siblings);
  }

  private setBranch(branch: string, last: number): void {
    const known = this.branches.find((b) => b.branch === branch);
    if (!known) this.branches.push({ branch, last });
    else if (known.last < last) known.last = last;
  }

  /** The history as the server has it: also of moments whose events are not here. */
  history(answer: HistoryAnswer): void {
    for (const m of answer.moments) {
      const known = this.segments.get(m.moment);
      if (known) {
        known.cmd = m.cmd || known.cmd;
        known.t = m.t;
        known.cycle = m.cycle;
        known.branch = m.branch;
        known.kept = m.kept;
      } else {
        this.put({ ...m, events: [], after: [] });
      }
    }
    this.oldest = answer.oldest;
    this.goesBack = answer.goes_back;
    this.whyNot = answer.why_not;
    this.branches = answer.branches;
    this.marks = answer.marks;
    ++this.version;
  }

  // ---------------------------------------------------------------- questions

  children(moment: number): number[] {
    return this.childrenOf.get(moment) ?? [];
  }

  path(moment: number): number[] {
    const path: number[] = [];
    const seen = new Set<number>();
    for (let at: number | null = moment; at !== null && !seen.has(at); at = this.segments.get(at)?.parent ?? null) {
      seen.add(at);
      path.push(at);
    }
    return path.reverse();
  }

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
    for (const at of this.path(moment)) {
      const segment = this.segments.get(at);
      if (segment) builder.add(segment);
    }
    return builder;
  }

  stateAt(moment: number): StateAnswer | null {
    if (!this.start) return null;
    const segment = this.segments.get(moment);
    if (!segment) return null;
    return recordedState(this.start.state, this.way(moment), segment, (address) => this.nodeIndex(address));
  }
}
