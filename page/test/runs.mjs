// Little runs, as events of docs/reference/events.md, for the tests.

/** A story that has lived through these commands: each is a list of events, ended by the moment that it makes (or null). */
export function lived(StoryOfRun, nodes, ...commands) {
  const story = new StoryOfRun();
  story.events(nodes.map((node) => ({ type: 'node_added', t: 0, cycle: 0, node, name: node })));
  for (const [cmd, moment, events] of commands) story.events([...events, ...ending(cmd, moment)]);
  return story;
}

/** `moment`: [number, parent, branch, t], or null for a command that only looks. */
export function ending(cmd, moment) {
  const done = { type: 'command_done', t: 0, cycle: 0, command: cmd, code: 0, message: '' };
  if (moment === null) return [done];
  const [made, parent, branch = 'main', t = 0] = moment;
  return [{ type: 'moment_made', t, cycle: 0, moment: made, parent, branch }, { ...done, t }];
}

export const queued = (message, from, to, t = 0) => ({ type: 'queued', t, cycle: 0, message, from, to, bytes: 100 });
export const sent = (message, from, to, t = 0) => ({ type: 'sent', t, cycle: 0, message, from, to, bytes: 100 });
export const delivered = (message, from, to, sentAt = 0, t = 0) =>
  ({ type: 'delivered', t, cycle: 0, message, from, to, bytes: 100, sent: sentAt, arrived: t });
export const lost = (message, from, to, reason, t = 0) =>
  ({ type: 'lost', t, cycle: 0, message, from, to, bytes: 100, sent: t, ended: t, reason });
export const started = (node, t = 0) => ({ type: 'training_started', t, cycle: 0, node, examples: 10, epochs: 1, local_steps: 0, lr: 0.1 });
export const trained = (node, t = 0, loss = 0.5) => ({ type: 'trained', t, cycle: 0, node, examples: 10, epochs: 1, steps: 1, loss, lr: 0.1 });
export const aggregated = (node, peers, own, weights, messages, t = 0) =>
  ({ type: 'aggregated', t, cycle: 0, node, peers, rate: 1, changed: peers.length > 0, own_weight: own, weights, messages });
export const tested = (node, accuracy, t = 0) => ({ type: 'evaluated', t, cycle: 0, node, scope: 'local', examples: 10, loss: 1, accuracy });
export const wentTo = (moment, from, branch = 'main') =>
  [{ type: 'restored', t: 0, cycle: 0 }, { type: 'went_to', t: 0, cycle: 0, moment, from_moment: from, branch }];
export const branched = (branch, moment) => ({ type: 'branch_made', t: 0, cycle: 0, branch, moment });

/** a and b flood to each other, everything at t = 0: `train; flood; nstep; ag; test`. */
export function pairRun(StoryOfRun) {
  return lived(StoryOfRun, ['a', 'b'],
    ['train', [1, 0], [started('a'), started('b'), trained('a'), trained('b')]],
    ['flood', [2, 1], [queued(0, 'a', 'b'), queued(1, 'b', 'a')]],
    ['nstep', [3, 2], [sent(0, 'a', 'b'), sent(1, 'b', 'a'), delivered(0, 'a', 'b'), delivered(1, 'b', 'a')]],
    ['ag', [4, 3], [aggregated('a', ['b'], 0.5, [0.5], [1]), aggregated('b', ['a'], 0.25, [0.75], [0])]],
    ['test local', null, [tested('a', 0.5), tested('b', 0.75)]]);
}

/** The example of docs/guide/why.md: ann to ben, ben to carl, each half and half. */
export function chainRun(StoryOfRun) {
  const ms = 1e6;
  return lived(StoryOfRun, ['ann', 'ben', 'carl'],
    ['train ann', [1, 0], [started('ann'), trained('ann')]],
    ['send ann ben', [2, 1], [queued(0, 'ann', 'ben')]],
    ['nstep', [3, 2, 'main', 20 * ms], [sent(0, 'ann', 'ben'), delivered(0, 'ann', 'ben', 0, 20 * ms)]],
    ['ag ben', [4, 3, 'main', 20 * ms], [aggregated('ben', ['ann'], 0.5, [0.5], [0], 20 * ms)]],
    ['send ben carl', [5, 4, 'main', 20 * ms], [queued(1, 'ben', 'carl', 20 * ms)]],
    ['nstep', [6, 5, 'main', 40 * ms], [sent(1, 'ben', 'carl', 20 * ms), delivered(1, 'ben', 'carl', 20 * ms, 40 * ms)]],
    ['ag carl', [7, 6, 'main', 40 * ms], [aggregated('carl', ['ben'], 0.5, [0.5], [1], 40 * ms)]]);
}
