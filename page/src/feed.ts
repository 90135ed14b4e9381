/**
 * What comes from the server: the session as it is, its story, the state of the moment that is looked at. It asks, follows the stream,
 * and tells the parts of the page what changed.
 */
import { Api, ApiError } from './api.ts';
import { linksHere, numbering, stateHere } from './branch_nodes.ts';
import { Known } from './known.ts';
import { withPlaces } from './recorded.ts';
import { recordedLinks } from './recorded_links.ts';
import { keptShare, mostEvents, StoryOfRun } from './story.ts';
import type { Answer, Change, HistoryAnswer, Hello, LinksAnswer, PlacesAnswer, Present, RunEvent, StateAnswer, VotesAnswer } from './types.ts';

/** What is kept of the events over `storyLimit` nodes too: who is there, and the history. */
const ofHistory = new Set(['node_added', 'moment_made', 'went_to', 'restored', 'branch_made', 'branch_deleted', 'mark_set', 'command_done']);
const keptStates = 60;
const askAgain = 1000; // ms after a question that did not get through

/** Of a fast loop: so many answers; the events before `next`, but for those of new nodes. */
interface Missed {
  answers?: number;
  next?: number;
  nodes?: RunEvent[];
}

export abstract class Feed extends Known {
  api = new Api();
  /** The stream has begun: no answer is missed from now on. */
  listening = false;
  /** What was typed before this page was opened, as far as the events tell it; the newest last. */
  before: { cmd: string; says: string }[] = [];
  /** It goes on by itself, one command after the other. */
  playing = false;

  private states = new Map<number, StateAnswer>();
  /** The numbers of nodes that `links` has: the state and the links may be here before the events that tell them. */
  private linksNumbering = '';
  private nextEvent = 0;
  private loading = false;
  private again = false;
  private historyVersion = -1;
  private asksHistory = false;
  private soon = 0;
  private asked = 0;

  // ---------------------------------------------------------------- beginning, stream

  async begin(): Promise<void> {
    this.hello = await this.api.get<Hello>('/api/hello');
    if (this.hello.recorded) this.story = new StoryOfRun(Infinity);
    for (const n of this.hello.nodes) this.story.addNode(n.node);
    const [state, past] = await Promise.all([
      this.api.get<StateAnswer>('/api/state', { moment: this.hello.recorded ? 0 : null }), this.api.get<HistoryAnswer>('/api/history'),
    ]);
    this.takeHistory(past);
    // The start's own events, if the page was served then: what came before it was served, no event tells.
    const first = past.moments.find(({ moment }) => moment === 0)?.event ?? null;
    this.story.startEvents = first ?? 0;
    this.story.present = past.present;
    this.story.branch = past.branch;
    this.present = this.firstPresent(state, past);
    this.state = state;
    // A moment without an event was made before: what led to it no event tells, even where the page was served at the start.
    await this.loadEvents(first !== null && past.moments.every(({ event }) => event !== null));
    if (this.hasStory()) await this.loadStart();
    if (this.look.moment === this.present.moment) this.look.moment = null;
  }

  /** After the parts are there: what they listen to begins. */
  start(): void {
    for (const change of ['look', 'links', 'story', 'state', 'present', 'connection'] as Change[]) this.tell(change);
    void this.loadState();
    this.api.listen(() => this.nextEvent, {
      event: (kind, data) => this.streamed(kind, data),
      connection: (state, seconds) => {
        this.connection = state;
        this.retry = seconds;
        this.tell('connection');
      },
    });
  }

  private firstPresent(state: StateAnswer, past: HistoryAnswer): Present {
    return {
      moment: past.present, branch: past.branch, t: state.t, cycle: state.cycle, queued: state.counts.queued,
      nodes: state.nodes.index.length, links: 0, history: past.version, prompt: '', next: null, busy: null,
    };
  }

  private async loadEvents(fromStart: boolean): Promise<void> {
    this.nextEvent = this.hello.next_event;
    if (!this.hasStory()) {
      // The history has the commands that made moments.
      this.before = [...this.story.segments.values()].filter((m) => m.cmd !== '').map(({ cmd }) => ({ cmd, says: '' }));
      return;
    }
    const { present, branch } = this.story;
    // No more than the story keeps: a page that is opened into a fast loop begins with what happens now.
    let since = this.hello.recorded ? 0 : Math.max(this.hello.oldest_event, this.hello.next_event - mostEvents * keptShare);
    this.story.complete = fromStart && since === 0;
    if (!this.story.complete) this.story.miss();
    while (since < this.hello.next_event) {
      const part = await this.api.get<{ first: number; next: number; events: RunEvent[] }>('/api/events', { since, limit: 2000 });
      if (part.next <= since) break;
      if (part.first > since) this.story.miss();
      this.story.events(part.events);
      for (const e of part.events) {
        if (e.type === 'node_added') this.knowNode(String(e.node), String(e.name ?? ''));
        if (e.type === 'command_done') this.before.push({ cmd: String(e.command), says: String(e.message ?? '') });
      }
      since = part.next;
      this.nextEvent = part.next;
    }
    if (!this.story.complete) Object.assign(this.story, { present, branch });
  }

  private async loadStart(): Promise<void> {
    try {
      const [state, links] = await Promise.all([
        this.api.get<StateAnswer>('/api/state', { moment: 0 }), this.api.get<LinksAnswer>('/api/links', { moment: 0 }),
      ]);
      this.story.start = { state, links };
    } catch {
      // The start is not kept any more; moments that are gone stay unknown then.
    }
  }

  private streamed(kind: string, data: unknown): void {
    if (kind === 'events') this.takeEvents(data as { first: number; next: number; events: RunEvent[] });
    else if (kind === 'answer') this.takeAnswer(data as Answer);
    else if (kind === 'present') this.takePresent(data as Present);
    else if (kind === 'votes') this.takeVotes(data as VotesAnswer);
    else if (kind === 'missed') this.takeMissed(data as Missed);
    else if (kind === 'hello') this.takeHello(data as { next_event: number });
    else if (kind === 'end') {
      this.connection = 'ended';
      this.api.stop();
      this.tell('connection');
    }
  }

  /** A session with fewer events than were seen is another one, on the same port: begin anew. */
  private takeHello(data: { next_event: number }): void {
    this.listening = true;
    if (data.next_event < this.nextEvent) location.reload();
  }

  private takeEvents(data: { first: number; next: number; events: RunEvent[] }): void {
    // Who was away for long misses what the program no longer keeps.
    if (data.first > this.nextEvent) this.story.miss();
    const fresh = data.events.slice(Math.max(0, this.nextEvent - data.first));
    this.nextEvent = Math.max(this.nextEvent, data.next);
    if (fresh.length === 0) return;
    for (const e of fresh) if (e.type === 'node_added') this.knowNode(String(e.node), String(e.name ?? ''));
    const kept = this.hasStory() ? fresh : fresh.filter((e) => ofHistory.has(e.type));
    if (kept.length === 0) return;
    this.story.events(kept);
    this.tell('story');
    // The state may be here before the events that tell which nodes its numbers mean.
    if (this.story.hasJoined && kept.some((e) => e.type === 'moment_made')) this.askSoon();
  }

  /** More happened than a page can draw. The history tells of these moments, and their states can be asked for. */
  private takeMissed({ answers, next, nodes }: Missed): void {
    if (answers !== undefined) this.tell('missed', answers);
    if (next === undefined) return;
    this.nextEvent = next;
    for (const e of nodes ?? []) this.knowNode(String(e.node), String(e.name ?? ''));
    this.story.miss();
    this.tell('story');
  }

  private takeAnswer(answer: Answer): void {
    this.states.clear();
    this.tell('answer', answer);
    this.askSoon();
  }

  /** In the gear Fast four pictures a second, in Blind none while it plays; else as they come. The last one is always drawn. */
  private askSoon(): void {
    if (this.look.moment !== null || (this.look.gear === 'blind' && this.playing)) return;
    const pause = this.look.gear === 'fast' && this.playing ? 250 : 40;
    if (this.soon !== 0) return;
    this.soon = window.setTimeout(() => {
      this.soon = 0;
      this.asked = performance.now();
      void this.loadState();
    }, Math.max(0, this.asked + pause - performance.now()));
  }

  private takePresent(present: Present): void {
    const moved = present.moment !== this.present.moment;
    this.present = present;
    if (moved && this.look.moment === present.moment) this.set({ moment: null });
    void this.loadHistory();
    this.tell('present');
    if (this.look.gear !== 'blind' || !present.busy) this.askSoon();
  }

  private takeVotes(votes: VotesAnswer): void {
    this.votes = votes;
    this.tell('votes');
  }

  private takeHistory(answer: HistoryAnswer): void {
    this.historyVersion = answer.version;
    this.story.history(answer);
  }

  /** One at a time: only of a version that was answered the server knows what is new since, else it tells all moments again. */
  private async loadHistory(): Promise<void> {
    if (this.asksHistory) return;
    this.asksHistory = true;
    try {
      while (this.present.history > this.historyVersion) {
        this.takeHistory(await this.api.get<HistoryAnswer>('/api/history', { since: this.historyVersion < 0 ? null : this.historyVersion }));
        this.tell('story');
      }
    } catch {
      // The next present asks again.
    } finally {
      this.asksHistory = false;
    }
  }

  /** Loads the state of what is looked at; while one answer is awaited no second is asked for, and the latest wins. */
  async loadState(): Promise<void> {
    if (this.loading) {
      this.again = true;
      return;
    }
    this.loading = true;
    try {
      do {
        this.again = false;
        await this.oneState();
      } while (this.again);
    } finally {
      this.loading = false;
    }
  }

  private async oneState(): Promise<void> {
    const moment = this.look.moment;
    let state = moment === null ? undefined : this.states.get(moment);
    if (!state) state = (await this.askState(moment)) ?? undefined;
    if (moment !== this.look.moment) {
      this.again = true;
      return;
    }
    if (state && moment !== null) {
      if (state.moment !== moment) {
        // The program could not be reached, as happens when the machine's network changes: what is shown stays until it can.
        setTimeout(() => this.look.moment === moment && void this.loadState(), askAgain);
        return;
      }
      this.keepState(moment, state);
    }
    this.state = state ?? null;
    if (state) this.nameAsAt(state.moment);
    if (state && (!this.links || state.links !== this.links.version || numbering(this.story.nodesAt(state.moment)) !== this.linksNumbering)) await this.loadLinks(moment);
    this.tell('state');
  }

  /** On another branch the same address may have another name. */
  private nameAsAt(moment: number): void {
    for (const { index, name } of this.story.nodesAt(moment) ?? []) if (name !== null) this.hello.nodes[index]!.name = name;
  }

  private keepState(moment: number, state: StateAnswer): void {
    this.states.set(moment, state);
    if (this.states.size > keptStates) this.states.delete(this.states.keys().next().value!);
  }

  async stateOf(moment: number): Promise<StateAnswer | null> {
    const known = this.states.get(moment) ?? (moment === this.state?.moment ? this.state : undefined);
    if (known) return known;
    const state = await this.askState(moment);
    if (state?.moment !== moment) return null;
    this.keepState(moment, state);
    return state;
  }

  private async askState(moment: number | null): Promise<StateAnswer | null> {
    // A recorded run has only its start there, and old moments are not kept; events tell the rest.
    const gone = moment !== null && this.story.segments.get(moment)?.kept === false;
    if (this.hello.recorded) return this.askRecorded(moment ?? this.shown());
    if (gone) return this.story.stateAt(moment ?? this.shown());
    try {
      const state = await this.api.get<StateAnswer>('/api/state', { moment });
      return stateHere(state, this.story.nodesAt(state.moment));
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return this.story.stateAt(moment ?? this.shown());
      return this.state;
    }
  }

  /** Of a recorded run: out of its events, and where nodes were out of its places. */
  private async askRecorded(moment: number): Promise<StateAnswer | null> {
    const state = this.story.stateAt(moment);
    if (!state || !this.hello.places) return state;
    try {
      const places = await this.api.get<PlacesAnswer>('/api/places', { moment });
      return withPlaces(state, places, (address) => this.story.nodeIndex(address));
    } catch {
      return state;
    }
  }

  private async loadLinks(moment: number | null): Promise<void> {
    try {
      if (this.hello.recorded) throw new Error('only events tell');
      const links = await this.api.get<LinksAnswer>('/api/links', { moment });
      const nodes = this.story.nodesAt(this.state?.moment ?? this.shown());
      this.links = linksHere(links, nodes);
      this.linksNumbering = numbering(nodes);
    } catch {
      const { start } = this.story;
      if (start?.links && this.story.complete) {
        const joining = { present: start.state.nodes.index, meshed: this.hello.topology === 'full' };
        this.links = recordedLinks(start.links, this.story.way(this.shown()), (address) => this.story.nodeIndex(address), joining);
        this.linksNumbering = numbering(this.story.nodesAt(this.shown()));
      }
    }
    this.tell('links');
  }
}
