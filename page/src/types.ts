/**
 * What the parts of the page agree on. The first half is the server's answers (docs/internals/page-server.md), the second the story
 * that the page makes of the events, and what a panel may use of the page.
 *
 * Nodes are indices into `hello.nodes`, times are whole nanoseconds of the simulated clock, `null` is "not known".
 */
import type { BranchNode } from './branch_nodes.ts';

// ---------------------------------------------------------------- answers of the server

export interface NodeName {
  node: string; // address
  name: string;
}

export interface CommandInfo {
  scope: string;
  usage: string;
  sentence: string;
  example: string;
  more: string;
}

export interface Hello {
  v: number;
  version: string;
  scenario: string;
  words?: string[]; // after `delstep`, that begin the same session elsewhere; not of a recorded run
  rights: 'command' | 'watch';
  recorded: boolean;
  topology?: string; // of a recorded run
  places?: boolean; // of a recorded run: it tells where nodes were at each moment
  share?: string;
  data: string;
  classes: string[];
  parameters: number;
  backend: string;
  goes_back: boolean;
  area: [number, number] | null;
  nodes: NodeName[];
  commands: CommandInfo[];
  metrics: string[];
  oldest_event: number;
  next_event: number;
}

export interface TestColumns {
  accuracy: (number | null)[];
  loss: (number | null)[];
  old: (number | null)[];
}

/** Columns: the k-th value of each belongs to node `index[k]`. */
export interface NodeColumns {
  index: number[];
  up: number[];
  examples: number[];
  held_out?: number[];
  trained: number[];
  busy_until?: (number | null)[];
  outbox: number[];
  in_flight_to: number[];
  inbox: number[];
  guestbook: number[];
  loss: (number | null)[];
  tests: Record<string, TestColumns>;
  x?: number[];
  y?: number[];
  attack?: string[];
  behaviour?: string[];
  rate?: number[];
}

export type MessageState = 'outbox' | 'flight' | 'arrived' | 'inbox';

export interface MessageNow {
  message: number;
  from: number;
  to: number;
  bytes: number;
  state: MessageState;
  sent: number | null;
  arrives: number | null;
}

export interface StateAnswer {
  moment: number;
  branch: string;
  t: number;
  cycle: number;
  autonet: boolean;
  nodes: NodeColumns;
  groups: { group: string; nodes: number[] }[];
  counts: { sent: number; delivered: number; lost: number; in_flight: number; queued: number; bytes: number };
  last_scope: string | null;
  consensus: number | null;
  messages: MessageNow[];
  messages_left_out: number;
  links?: number;
}

/** Constant a; uniform from a to b; normal with mean a and deviation b; exponential with mean a. In nanoseconds. */
export interface Latency {
  kind: 'constant' | 'uniform' | 'normal' | 'exponential';
  a: number;
  b: number;
}

export interface LinkProperties {
  loss: number;
  latency: Latency;
  bandwidth: number | null;
}

export interface LinksAnswer {
  version: number;
  full?: boolean; // more than 60 nodes, all linked to each other: `pairs` is empty then
  pairs: [number, number][];
  one_way: [number, number][];
  down: [number, number][];
  default: LinkProperties;
  own: (LinkProperties & { from: number; to: number; up: boolean })[];
}

export interface NodeAnswer {
  node: string;
  name: string;
  up: boolean;
  examples: number;
  held_out: number;
  trained: number;
  groups: string[];
  rate: number;
  model: string;
  neighbours: string[];
  last_trained: { loss: number; examples: number } | null;
  tests: { scope: string; accuracy: number; loss: number; old: boolean }[];
  guestbook: {
    node: string; name: string; expiry: number | null; examples: number; sent: number; received: number; distance: number | null;
  }[];
  not_met: string[];
  messages: { message: number; from: string; to: string; bytes: number; state: MessageState; arrives: number | null }[];
  labels: number[];
}

export interface WhySource {
  node: string;
  initial: number;
  trained: number;
  trainings: number;
}

export interface WhyHop {
  message: number;
  from: string;
  to: string;
  sent_at: number;
  arrived_at: number;
  aggregated_at: number;
  cycle: number;
  weight: number;
}

export interface WhyAnswer {
  node: string;
  exact: boolean;
  sources: WhySource[];
  way?: WhyHop[];
  way_weight?: number;
}

export interface LabelsAnswer {
  classes: string[];
  nodes: { node: string; counts: number[]; entropy: number }[];
}

export interface MomentInfo {
  moment: number;
  parent: number | null;
  branch: string;
  t: number;
  cycle: number;
  cmd: string;
  kept: boolean;
  event: number | null; // number of the first event after it; null: it was made before the page was served
}

export interface HistoryAnswer {
  version: number;
  present: number;
  branch: string;
  oldest: number;
  goes_back: boolean;
  why_not: string | null;
  branches: { branch: string; last: number }[];
  marks: { mark: string; moment: number }[];
  moments: MomentInfo[];
}

export interface CurveColumns {
  count?: number[];
  mean?: (number | null)[];
  std?: (number | null)[];
  min?: (number | null)[];
  max?: (number | null)[];
  p10?: (number | null)[];
  p90?: (number | null)[];
  tested?: number[]; // 1: somebody was measured anew since the point before; 0: all is repeated
  nodes?: (number | null)[][];
  value?: (number | null)[];
}

export interface CurvesAnswer {
  moment: number[];
  t: number[];
  bytes: number[];
  cycle: number[];
  metrics: Record<string, CurveColumns>;
}

export interface HeatAnswer {
  columns: [number, number][];
  rows: [number, number][];
  order: number[];
  scale: [number, number];
  mean: (number | null)[][];
  min: (number | null)[][];
  max: (number | null)[][];
  sent: number[];
  lost: number[];
}

/** What was sent from group to group; `flows`: column, places of sender and receiver in `groups`, messages sent, messages lost. */
export interface FlowsAnswer {
  groups: string[];
  columns: [number, number][];
  flows: [number, number, number, number, number][];
}

/** Of a recorded run: where nodes were, by address. */
export interface PlacesAnswer {
  node: string[];
  x: number[];
  y: number[];
}

export interface ConsensusAnswer {
  bins: number[];
  moments: { moment: number; counts: number[]; median: number; p90: number }[];
}

export interface Present {
  moment: number;
  branch: string;
  t: number;
  cycle: number;
  queued: number;
  nodes: number;
  links: number;
  history: number;
  prompt: string;
  next: string | null;
  busy: { client: string; cmd: string; seconds: number; done: number; of: number } | null;
}

/** An object of `--json` with what people are told. */
export interface Answer {
  n: number;
  cmd: string;
  ok: boolean;
  t: number;
  cycle: number;
  result: Record<string, unknown> | null;
  breaks?: { number: number; condition: string; what: string }[]; // breakpoints that were hit
  error?: { code: number; message: string; where: string; hint: string };
  client?: string;
  text?: string;
  says?: string;
}

export interface CommandReply {
  ok: boolean;
  code: number;
  answers: Answer[];
}

export interface LessonAsk {
  question: string;
  answers: string[];
}

export interface LessonStep {
  line: number;
  cmd: string;
  say: string[];
  note: string[];
  ask?: LessonAsk | null;
  scene?: Scene | '';
}

export interface LessonAnswer {
  file: string;
  title: string;
  steps: LessonStep[];
}

export interface VotesAnswer {
  ask: string | null;
  question?: string;
  answers?: string[];
  counts: number[];
}

/** An event of docs/reference/events.md, as it stands in events.jsonl. */
export interface RunEvent {
  v: number;
  type: string;
  t: number;
  cycle: number;
  [member: string]: unknown;
}

// ---------------------------------------------------------------- the story: what the events tell

export type LossReason =
  'loss' | 'down' | 'expired' | 'unreachable' | 'detached' | 'dropped' | 'contact' | 'backend';

/**
 * One thing that happened. `seq` counts the events along the way from the start to a moment (not over all branches), so the order of
 * `seq` is the order in which things happened; not every number is a happening. `moment` is the moment that the command ended in,
 * -1 while the command runs. What was only observed (tests) has the moment it was observed in.
 */
interface Base {
  seq: number;
  t: number;
  moment: number;
}
export type Happening = Base &
  (
    // A training stands where it started. `end`: seq of its end, -1 while it goes on; `endT` then null.
    | { kind: 'training'; node: number; examples: number; end: number; endT: number | null; loss: number | null }
    | {
        kind: 'aggregated'; node: number; peers: number[]; weights: (number | null)[]; messages: number[];
        own: number | null; changed: boolean; rate: number;
      }
    | { kind: 'tested'; node: number; scope: string; accuracy: number; loss: number | null }
    | { kind: 'queued'; node: number; message: number }
    | { kind: 'sent'; node: number; message: number }
    | { kind: 'delivered'; node: number; message: number }
    | { kind: 'lost'; node: number; message: number; reason: LossReason }
    | { kind: 'down'; node: number; planned: boolean }
    | { kind: 'up'; node: number; planned: boolean }
    | { kind: 'added'; node: number; examples: number; like: number | null } // `examples`: held-out ones too
    | { kind: 'removed'; node: number }
    | { kind: 'moved'; node: number; x: number; y: number }
    | { kind: 'met'; node: number; other: number }
    | { kind: 'parted'; node: number; other: number; began: number }
    | { kind: 'other'; node: number | null; event: RunEvent } // groups, settings, plans, links, cycle
  );

/** A message along one way through the moments. `seq`s are -1 (and times null) for what has not happened (yet). */
export interface MessageLife {
  message: number;
  from: number;
  to: number;
  bytes: number;
  queued: number; // seq
  queuedAt: number; // ns
  sent: number;
  sentAt: number | null;
  arrived: number; // seq of `delivered`
  arrivedAt: number | null; // when it came, before the receiver's step took it in
  lost: number;
  lostAt: number | null;
  reason: LossReason | null;
  used: number; // seq of the first aggregation that took it; later ones are in `uses`
  uses: number[];
  superseded: number; // seq of an aggregation that used a newer one of the same sender; this one left the inbox unused
  dropped: boolean; // taken out of an outbox: counts nowhere
}

/** The happenings between two moments. */
export interface Segment {
  moment: number;
  parent: number | null;
  branch: string;
  cmd: string;
  t: number; // at its end
  cycle: number;
  events: RunEvent[]; // what the command did
  kept: boolean; // the program can still show its state
  after: RunEvent[]; // what was only observed in the moment afterwards
}

/** Everything from the start to one moment, folded. It grows in place while the moment is the present one: `version` tells. */
export interface Way {
  moment: number;
  version: number;
  moments: number[]; // from 0, or the first whose events are here, to `moment`
  firstSeq: number[]; // per entry of `moments`: the seq at which it begins
  happenings: Happening[];
  messages: Map<number, MessageLife>;
  lastSeq: number;
  running: boolean; // there are events after the last moment: a command runs
}

export interface Story {
  /** Counts up with each event and each change of the history. */
  version: number;
  segments: Map<number, Segment>;
  present: number;
  branch: string;
  oldest: number;
  goesBack: boolean;
  whyNot: string | null;
  branches: { branch: string; last: number }[];
  marks: { mark: string; moment: number }[];
  /** False where events are missing: the server keeps 64 MiB, a page as many as it can draw, and of a fast loop not all are sent. */
  complete: boolean;
  /** The first moment whose events are here; ways begin with it. Infinity: none yet. */
  from: number;
  /** All moments, in order; and how often more has changed than that others came behind them. */
  numbers: readonly number[];
  shape: number;
  way(moment: number): Way;
  children(moment: number): number[];
  /** The path of moment numbers from 0 to `moment`; for now only, as it grows. */
  path(moment: number): readonly number[];
  /** Of moment 0; null while it is not known. */
  start: { state: StateAnswer; links: LinksAnswer | null } | null;
  /** State at a moment, folded from events, for what the server does not keep. Null while the start is not known. */
  stateAt(moment: number): StateAnswer | null;
  nodeIndex(address: string): number; // -1: none
  nodesAt(moment: number): BranchNode[] | null;
}

// ---------------------------------------------------------------- what this tab looks at

export type Panel = 'curves' | 'node' | 'why' | 'messages' | 'labels' | 'table' | 'help';
export type Scene = 'network' | 'time' | 'curves' | 'why';
export type Gear = 'step' | 'watch' | 'fast' | 'blind';
export type Axis = 'order' | 'time' | 'compressed';
/** By what nodes are ordered. */
export type Ground = 'given' | 'group' | 'accuracy' | 'crossings';
export type KeysSetting = 'on' | 'alt' | 'off';

/** In the address, after `#`; nothing of it is known to the server. */
export interface Look {
  moment: number | null; // null: the present one, whatever it becomes
  node: number | null;
  message: number | null;
  source: number | null; // of `why`: the node whose knowledge is followed
  panel: Panel;
  gear: Gear;
  axis: Axis;
  sort: Ground;
  scene: Scene | null; // presenting: the scene that fills the screen
  metric: 'accuracy' | 'distance' | 'age' | 'loss'; // of the heat map
  x: 'moment' | 't' | 'bytes'; // of the curves
  compare: boolean; // ghosts of other branches
  outlines: boolean; // of groups, in the network
  matrix: boolean; // the network as a matrix
  sample: boolean; // of many nodes: the best, the worst and some others below the map
  follow: boolean;
  keys: KeysSetting;
  theme: 'auto' | 'light' | 'dark';
}

// ---------------------------------------------------------------- what a part of the page gets

/** What changed; a part redraws what depends on it. */
export type Change =
  | 'look' // app.look
  | 'story' // events or history came
  | 'state' // app.state (of the moment that is looked at)
  | 'links'
  | 'present' // the session went on, or is busy
  | 'answer' // a command was answered; detail: Answer
  | 'missed' // answers that came too fast; detail: how many
  | 'connection'
  | 'votes'
  | 'size'
  | 'theme';

export interface MenuItem {
  label: string;
  cmd?: string; // typed into the console when chosen
  act?: () => void; // a look: nothing is sent
  types?: boolean; // `act` writes a command into the console, to be gone on with
  why?: string; // set: the item is disabled, and this says why
}

/** What a key, a button or an entry of the list of keys does. Each part registers its own; the bar and `keys.ts` run them by id. */
export interface Action {
  id: string;
  label: string; // "Look one moment back"
  keys: string; // as it stands in the list: "←", "Shift+P"
  run(): void;
  why?(): string | null; // why it cannot be done now
}

export interface App {
  readonly hello: Hello;
  readonly look: Look;
  readonly story: Story;
  readonly present: Present;
  /** Of the moment that is looked at; null until it is there. */
  readonly state: StateAnswer | null;
  readonly links: LinksAnswer | null;
  readonly votes: VotesAnswer | null;
  /** It goes on by itself. */
  readonly playing: boolean;
  readonly connection: 'open' | 'lost' | 'refused' | 'ended';

  /** The moment that is looked at: `look.moment`, or the present one. */
  shown(): number;
  past(): boolean;
  /** Whether `story` has single happenings: not with many nodes. */
  hasStory(): boolean;
  /** Whether it has them from the start on, so that they can be counted. */
  hasWholeStory(): boolean;
  set(change: Partial<Look>): void;
  on(change: Change, then: (detail?: unknown) => void): void;

  /**
   * Types a command: it is printed in the console and sent. While the past is looked at `goto K` goes first, and a line says so.
   * With the rights to look only, or in a recorded run, nothing is sent and a sentence says why.
   */
  send(cmd: string): Promise<CommandReply>;
  /** As `send`, without going to the moment that is looked at: for undo, redo, goto, switch. */
  sendNow(cmd: string): Promise<CommandReply>;
  /** Why commands cannot be sent now; null: they can. */
  mayNot(): string | null;
  /** The state at any moment; null: not known. Looked at moments are remembered. */
  stateOf(moment: number): Promise<StateAnswer | null>;
  /** Where the network has its nodes now, in units of its picture. */
  places(): ReadonlyMap<number, { x: number; y: number }>;
  get<T>(path: string, query?: Record<string, string | number | null | undefined>): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;

  register(...actions: Action[]): void;
  actions(): Action[];
  run(id: string): void;

  /** To the one live region; the last one wins. `now`: errors and breaks. */
  say(sentence: string, now?: boolean): void;
  /** A menu at a place of the window; by keyboard too. */
  menu(x: number, y: number, items: MenuItem[]): void;
  /** `ann (10.0.0.1)` or the address; `short`: the name, or the last numbers. */
  nodeName(index: number, short?: boolean): string;
  /** The word of commands for a node: its name or address. */
  nodeWord(index: number): string;
  /** Colours of the theme, by the names of styles.css: `--ink`, `--ground`, … */
  colour(name: string): string;
  /** Colour of an accuracy 0–1 on the fixed scale (cividis). */
  accuracyColour(value: number | null): string;
  readonly reducedMotion: boolean;
  /** The theme has a dark ground. */
  isDark(): boolean;
}

/** What `time/`, `why.ts` and the others export: they fill an element and keep it up to date by `app.on`. */
export type Mount = (host: HTMLElement, app: App) => void;
