// What can be done in the time panel, by key and by button. Looks only, but for those that type a command.

import type { App, Axis } from '../types.ts';
import { forks, sibling } from './branches.ts';
import { follow, noStory, sameNode } from './causes.ts';
import type { Diagram } from './diagram.ts';
import { goalOf } from './goal.ts';
import { mostLanes } from './lanes.ts';
import { orders } from './toolbar.ts';
import type { HeatView } from './heat-view.ts';
import type { Miniature } from './miniature.ts';
import type { BranchStrip } from './strip.ts';

const axes: Axis[] = ['order', 'time', 'compressed'];

export interface TimeParts {
  strip?: BranchStrip;
  diagram?: Diagram;
  heat?: HeatView;
  small?: Miniature;
}

export function registerTime(app: App, parts: TimeParts): void {
  const needsNode = (): string | null => (app.look.node === null ? 'Select a node first.' : null);
  const needsStory = (): string | null => (app.hasStory() ? null : noStory);
  app.register(
    { id: 'fork-back', label: 'Look at the fork before', keys: 'a', run: () => lookAtFork(app, -1) },
    { id: 'fork-on', label: 'Look at the next fork', keys: 'e', run: () => lookAtFork(app, 1) },
    { id: 'sibling-up', label: 'The branch above, as far from the start', keys: 'k', run: () => lookAtSibling(app, parts, -1) },
    { id: 'sibling-down', label: 'The branch below', keys: 'j', run: () => lookAtSibling(app, parts, 1) },
    { id: 'same-back', label: 'Look at what the node did before', keys: 'Shift+←', why: () => needsStory() ?? needsNode(), run: () => lookAtSame(app, -1) },
    { id: 'same-on', label: 'Look at what the node does next', keys: 'Shift+→', why: () => needsStory() ?? needsNode(), run: () => lookAtSame(app, 1) },
    { id: 'cause', label: 'To its cause', keys: '[', why: needsStory, run: () => trace(app, -1) },
    { id: 'effect', label: 'To what came of it', keys: ']', why: needsStory, run: () => trace(app, 1) },
    { id: 'lane-up', label: 'The node above', keys: '↑', run: () => parts.diagram?.moveLane(-1) },
    { id: 'lane-down', label: 'The node below', keys: '↓', run: () => parts.diagram?.moveLane(1) },
    { id: 'axis', label: 'Axis: order, time, compressed', keys: 'x', run: () => cycleAxis(app) },
    { id: 'order', label: 'Order of nodes: given, group, accuracy, crossings', keys: 'o', run: () => cycleOrder(app) },
    {
      id: 'sample', label: 'A sample of the nodes: best, worst, and some others', keys: 'l', run: () => app.set({ sample: !app.look.sample }),
      why: () => (app.hello.nodes.length > mostLanes ? null : `All nodes have lanes: up to ${mostLanes} do.`),
    },
    { id: 'compare', label: 'Compare with the other branches', keys: 'Shift+C', run: () => app.set({ compare: !app.look.compare }) },
    { id: 'zoom-in', label: 'Wider columns', keys: 'Shift++', run: () => parts.diagram?.zoomBy(1.4) },
    { id: 'zoom-out', label: 'Narrower columns', keys: 'Shift+−', run: () => parts.diagram?.zoomBy(1 / 1.4) },
    { id: 'zoom-fit', label: 'All that fits', keys: 'Shift+F', run: () => parts.diagram?.fit() },
    { id: 'why', label: 'Why does the node know that', keys: 'w', run: () => app.set({ panel: 'why' }) },
    { id: 'diff', label: 'What differs from the last mark', keys: 'd', why: () => app.mayNot() ?? lastMark(app)[1], run: () => typeDiff(app) },
    { id: 'break', label: 'Stop when a message reaches the node', keys: 'b', why: () => app.mayNot() ?? needsNode(), run: () => typeBreak(app) },
  );
}

function look(app: App, moment: number | null, otherwise: string): void {
  if (moment === null) app.say(otherwise, true);
  else app.set({ moment, follow: false });
}

function lookAtFork(app: App, by: -1 | 1): void {
  const path = app.story.path(goalOf(app));
  const at = path.indexOf(app.shown());
  const found = forks(app.story, path).map((moment) => path.indexOf(moment));
  const next = by < 0 ? found.findLast((k) => k < at) : found.find((k) => k > at);
  look(app, next === undefined ? null : path[next]!, by < 0 ? 'No fork before.' : 'No fork after.');
}

function lookAtSibling(app: App, parts: TimeParts, by: number): void {
  const strip = parts.strip?.strip;
  look(app, strip === null || strip === undefined ? null : sibling(strip, app.shown(), by), 'No branch there.');
}

function lookAtSame(app: App, by: -1 | 1): void {
  const { node } = app.look;
  if (node === null) return;
  const moment = sameNode(app.story.way(goalOf(app)), node, app.shown(), by);
  look(app, moment, `${app.nodeName(node, true)} did nothing ${by < 0 ? 'before' : 'after'}.`);
}

function trace(app: App, by: -1 | 1): void {
  const { node, message } = app.look;
  if (node === null && message === null) return app.say('Select a node or a message first.', true);
  const spot = follow(app.story.way(goalOf(app)), { moment: app.shown(), node, message }, by);
  if (spot === null) return app.say(by < 0 ? 'Nothing caused it.' : 'Nothing came of it.', true);
  app.set({ ...spot, follow: false });
}

function cycleAxis(app: App): void {
  const next = axes[(axes.indexOf(app.look.axis) + 1) % axes.length]!;
  app.set({ axis: next });
  app.say(`Axis: ${next}.`);
}

function cycleOrder(app: App): void {
  const known = app.hello.nodes.length > mostLanes ? orders.filter((o) => o !== 'crossings') : orders;
  const next = known[(known.indexOf(app.look.sort) + 1) % known.length]!;
  app.set({ sort: next });
  app.say(`Nodes by ${next}.`);
}

function lastMark(app: App): [string | null, string | null] {
  const mark = app.story.marks[app.story.marks.length - 1];
  return mark === undefined ? [null, 'There is no mark; `mark NAME` sets one.'] : [mark.mark, null];
}

function typeDiff(app: App): void {
  const [mark] = lastMark(app);
  if (mark !== null) void app.sendNow(`diff ${mark}`);
}

function typeBreak(app: App): void {
  if (app.look.node !== null) void app.sendNow(`break deliver ${app.nodeWord(app.look.node)}`);
}
