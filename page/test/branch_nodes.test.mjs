// Two branches with other nodes: the server numbers those of each anew.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';
import { ending, wentTo } from './runs.mjs';

const { StoryOfRun, stateHere, linksHere, curvesHere, heatHere, numbering } = await load('story.ts', 'branch_nodes.ts');

const added = (node, name = '') => ({ type: 'node_added', t: 0, cycle: 0, node, name });

/** Nodes a and b; moment 1 adds c, moment 2 of the other branch adds d, and moment 3 after it c by another name. */
function story() {
  const run = new StoryOfRun();
  for (const node of ['a', 'b']) run.addNode(node);
  run.startEvents = 0;
  run.start = { state: { nodes: { index: [0, 1] } }, links: null };
  run.events([
    added('c', 'xavier'), ...ending('node add c name xavier', [1, 0]), ...wentTo(0, 1),
    added('d'), ...ending('node add d', [2, 0, 'main-2']), added('c', 'yvonne'), ...ending('node add c name yvonne', [3, 2, 'main-2']),
  ]);
  return run;
}

test('Each moment has the nodes of its branch, in the order in which they came', () => {
  const names = (moment) => story().nodesAt(moment).map(({ index, name }) => [index, name]);
  assert.deepEqual(names(0), [[0, null], [1, null]]);
  assert.deepEqual(names(1), [[0, null], [1, null], [2, 'xavier']]);
  assert.deepEqual(names(3), [[0, null], [1, null], [3, ''], [2, 'yvonne']]); // d is the third here, and 3 in the list of the page
  assert.equal(story().nodesAt(9), null);
});

// The page took the third node of one branch for that of the other.
test('Answers of another branch are told in the numbers of the page', () => {
  const nodes = story().nodesAt(3);
  const state = stateHere({ nodes: { index: [0, 2, 3], up: [1, 0, 1] }, groups: [{ group: 'g', nodes: [2] }], messages: [{ message: 0, from: 2, to: 3 }] }, nodes);
  assert.deepEqual(state.nodes, { index: [0, 3, 2], up: [1, 0, 1] });
  assert.deepEqual([state.groups[0].nodes, state.messages[0].from, state.messages[0].to], [[3], 3, 2]);
  const links = linksHere({ pairs: [[0, 2]], one_way: [[2, 3]], down: [], own: [{ from: 1, to: 2, loss: 0 }] }, nodes);
  assert.deepEqual([links.pairs, links.one_way, links.own], [[[0, 3]], [[3, 2]], [{ from: 1, to: 3, loss: 0 }]]);
  const curves = curvesHere({ metrics: { test_acc: { nodes: [[1], [2], [3], [4]] }, drops: {} } }, nodes);
  assert.deepEqual(curves.metrics.test_acc.nodes, [[1], [2], [4], [3]]);
  // Of the other branch d is missing in between.
  assert.deepEqual(curvesHere({ metrics: { test_acc: { nodes: [[1], [2], [3]] } } }, story().nodesAt(2)).metrics.test_acc.nodes, [[1], [2], [null], [3]]);
  assert.deepEqual(heatHere({ order: [2, 3, 0, 1] }, nodes).order, [3, 2, 0, 1]);
  // Links that came before the events have another numbering, and are asked for anew.
  assert.deepEqual([numbering(null), numbering(story().nodesAt(1)), numbering(nodes)], ['', '', '0 1 3 2']);
  const same = { nodes: { index: [0] } };
  assert.equal(stateHere(same, story().nodesAt(1)), same);
});
