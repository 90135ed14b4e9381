/**
 * What comes from the server: the session as it is, its story, the state of the moment that is looked at. It asks, follows the stream,
 * and tells the parts of the page what changed.
 */
import { Api, ApiError } from './api.ts';
import { withPlaces } from './recorded.ts';
import { recordedLinks } from './recorded_answers.ts';
import { StoryOfRun } from './story.ts';
import type { Answer, Change, HistoryAnswer, Hello, LinksAnswer, Look, PlacesAnswer, Present, RunEvent, StateAnswer, VotesAnswer } from './types.ts';

/** Over so many nodes the single happenings are not kept: the heat map tells their story in bins. */
export const storyLimit = 200;
/** What is kept of the events even then: who is there, and the history. */
const ofHistory = new Set(['node_added', 'moment_made', 'went_to', 'restored', 'branch_made', 'branch_deleted', 'mark_set', 'command_done']);
const keptStates = 60;

export abstract class Feed {
  hello!: Hello;
  abstract look: Look;
  story = new StoryOfRun();
  present!: Present;
  state: StateAnswer | null = null;
  links: LinksAnswer | null = null;
  votes: VotesAnswer | null = null;
  connection: 'open' | 'lost' | 'refused' | 'ended' = 'open';
  /** Seconds until the next try, while the connection is lost. */
  retry = 0;
  api = new Api();
  /** The stream has begun: no answer is missed from now on. */
  listening = false;
  /** What was typed before this page was opened, as far as the events tell it; the newest last. */
  before: { cmd: string; says: string }[] = [];
  /** It goes on by itself, one command after the other. */
  playing = false;

  private listeners = new Map<Change, ((detail?: unknown) => void)[]>();
  private states = new Map<number, StateAnswer>();
  private nextEvent = 0;
  private loading = false;
  private again = false;
  private historyVersion = -1;
  private soon = 0;
  private asked = 0;

  abstract set(change: Partial<Look>): void;
  abstract shown(): number;

  on(change: Change, then: (detail?: unknown) => void): void {
    const list = this.listeners.get(change) ?? [];
    list.push(then);
    this.listeners.set(change, list);
  }

  tell(change: Change, detail?: unknown): void {
    for (const then of this.listeners.get(change) ?? []) then(detail);
  }

  // ---------------------------------------------------------------- beginning, stream

  async begin(): Promise<void> {
    this.hello = await this.api.get<Hello>('/api/hello');
    for (const n of this.hello.nodes) this.story.addNode(n.node);
    const [state, past] = await Promise.all([
      this.api.get<StateAnswer>('/api/state', { moment: this.hello.recorded ? 0 : null }), this.api.get<HistoryAnswer>('/api/history'),
    ]);
    this.takeHistory(past);
    this.story.present = past.present;
    this.story.branch = past.branch;
    this.present = this.firstPresent(state, past);
    this.state = state;
    await this.loadEvents();
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

  private async loadEvents(): Promise<void> {
    this.nextEvent = this.hello.next_event;
    if (!this.hasStory()) {
      // The history has the commands that made moments.
      this.before = [...this.story.segments.values()].filter((m) => m.cmd !== '').map(({ cmd }) => ({ cmd, says: '' }));
      return;
    }
    this.story.complete = this.hello.oldest_event === 0;
    const { present, branch } = this.story;
    for (let since = this.hello.oldest_event; since < this.hello.next_event; ) {
      const part = await this.api.get<{ first: number; next: number; events: RunEvent[] }>('/api/events', { since, limit: 5000 });
      if (part.next <= since) break;
      this.story.events(part.events);
      for (const e of part.events) if (e.type === 'command_done') this.before.push({ cmd: String(e.command), says: String(e.message ?? '') });
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
    if (data.first > this.nextEvent) this.story.complete = false;
    const fresh = data.events.slice(Math.max(0, this.nextEvent - data.first));
    this.nextEvent = Math.max(this.nextEvent, data.next);
    if (fresh.length === 0) return;
    for (const e of fresh) if (e.type === 'node_added') this.knowNode(String(e.node), String(e.name ?? ''));
    const kept = this.hasStory() ? fresh : fresh.filter((e) => ofHistory.has(e.type));
    if (kept.length === 0) return;
    this.story.events(kept);
    this.tell('story');
  }

  /** Whether single happenings are here. A recorded run has nothing else. */
  hasStory(): boolean {
    return this.hello.recorded || this.hello.nodes.length <= storyLimit;
  }

  private knowNode(node: string, name: string): void {
    if (this.story.addNode(node) === this.hello.nodes.length) this.hello.nodes.push({ node, name });
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
    if (present.history !== this.historyVersion) void this.loadHistory();
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

  private async loadHistory(): Promise<void> {
    const since = this.historyVersion;
    this.historyVersion = this.present.history;
    try {
      this.takeHistory(await this.api.get<HistoryAnswer>('/api/history', { since: since < 0 ? null : since }));
      this.tell('story');
    } catch {
      this.historyVersion = since;
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
    this.state = state ?? null;
    if (state && moment !== null) this.keepState(moment, state);
    if (state && (!this.links || state.links !== this.links.version)) await this.loadLinks(moment);
    this.tell('state');
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
      return await this.api.get<StateAnswer>('/api/state', { moment });
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
      this.links = await this.api.get<LinksAnswer>('/api/links', { moment });
    } catch {
      const start = this.story.start?.links;
      if (start) this.links = recordedLinks(start, this.story.way(this.shown()), (address) => this.story.nodeIndex(address));
    }
    this.tell('links');
  }
}
