// Parts of the picture of the network: outlines of groups, and the matrix.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';
import { pairRun } from './runs.mjs';

const { hull, matrixOf, cellLook, cellAt, density, readable, placeOf, View, StoryOfRun } = await load('network/names.ts', 'network/hulls.ts', 'network/matrix.ts', 'network/view.ts', 'story.ts');

test('A hull has the corners only: what lies inside or on an edge is left out', () => {
  const square = [[0, 0], [4, 0], [4, 4], [0, 4]];
  const points = [...square, [2, 2], [2, 0], [1, 3]].map(([x, y]) => ({ x, y }));
  assert.deepEqual(hull(points).map(({ x, y }) => [x, y]).sort(), square.sort());
});

test('Every point lies on one side of each edge of its hull', () => {
  let seed = 3;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const points = Array.from({ length: 60 }, () => ({ x: random(), y: random() }));
  const corners = hull(points);
  corners.forEach((a, k) => {
    const b = corners[(k + 1) % corners.length];
    for (const p of points) assert.ok((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x) >= -1e-12);
  });
});

/** Three nodes, a and b have sent to each other; c is linked to a one way, the link from b to a is down. */
function app(links = { version: 1, pairs: [[0, 1]], one_way: [[2, 0]], down: [[1, 0]] }, story = pairRun(StoryOfRun)) {
  return {
    story, links, look: { sort: 'given' }, hello: { nodes: ['a', 'b', 'c'].map((node) => ({ node, name: node })) }, shown: () => 4, hasStory: () => true, hasWholeStory: () => true,
    state: { nodes: { index: [0, 1, 2], tests: {} }, groups: [], last_scope: null },
  };
}

test('A row per sender, a column per receiver: links, those that are down, messages', () => {
  const { order, link, sent, lost } = matrixOf(app());
  assert.deepEqual(order, [0, 1, 2]);
  assert.deepEqual([...link], [0, 1, 0, 2, 0, 0, 1, 0, 0]); // a to b is up, b to a is down, c to a
  assert.deepEqual([...sent], [0, 1, 0, 1, 0, 0, 0, 0, 0]);
  assert.deepEqual([...lost], Array(9).fill(0));
  const kinds = Array.from({ length: 9 }, (_, k) => cellLook({ order, link, sent, lost }, k, 1).kind);
  assert.deepEqual(kinds, [0, 3, 0, 2, 0, 0, 1, 0, 0]); // a link that is down is shown before what it carried
});

test('Where all are linked to each other, every cell but the diagonal is a link', () => {
  const { link } = matrixOf(app({ version: 1, full: true, pairs: [], one_way: [], down: [] }));
  assert.deepEqual([...link], [0, 1, 1, 1, 0, 1, 1, 1, 0]);
});

test('More messages are darker, the most at full strength', () => {
  const matrix = { order: [0, 1], link: Uint8Array.of(0, 1, 1, 0), sent: Uint32Array.of(0, 1, 9, 0), lost: Uint32Array.of(0, 0, 3, 0) };
  const [few, many] = [1, 2].map((k) => cellLook(matrix, k, 9));
  assert.ok(few.strength < many.strength);
  assert.equal(many.strength, 1);
  assert.equal(many.lost, 3 / 9);
});

test('The cell below the pointer; beside the first column stands the node itself', () => {
  const matrix = matrixOf(app());
  const view = Object.assign(new View(), { scale: 10, x: 100, y: 50 });
  assert.deepEqual(cellAt(matrix, view, 115, 55), { from: 0, to: 1 });
  assert.deepEqual(cellAt(matrix, view, 90, 75), { from: 2, to: 2 });
  assert.equal(cellAt(matrix, view, 131, 55), null);
  assert.equal(cellAt(matrix, view, 115, 45), null);
});

test('With fewer dots than cells a dot tells how much of its block is linked', () => {
  // Four nodes, two dots a side: the block of the first two senders and the last two receivers has 4 links, that of the others 1.
  const link = Uint8Array.from([0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
  const matrix = { order: [0, 1, 2, 3], link, sent: new Uint32Array(16), lost: new Uint32Array(16) };
  assert.deepEqual([...density(matrix, 2)], [0, 1, 1 / 4, 0]);
});

test('Of names that would lie on each other the first is written', () => {
  const name = (node, x, y, width = 20) => ({ node, word: String(node), x, y, width });
  // 1 lies on 0; 2 is far enough to the right (20 px), 3 on another line.
  const kept = readable([name(0, 0, 0), name(1, 15, 3), name(2, 20, 3), name(3, 0, 11)]);
  assert.deepEqual(kept.map((n) => n.node), [0, 2, 3]);
});

test('The name of a group stands above its outline, and elsewhere where another name is', () => {
  const corners = [[0, 0], [100, 0], [100, 80], [0, 80]].map(([x, y]) => ({ x, y }));
  const first = placeOf(corners, 'east', 30, []);
  assert.deepEqual([first.x, first.y], [0, -3]);
  const second = placeOf(corners, 'west', 30, [first]);
  assert.deepEqual([second.x, second.y], [100, 92]); // 12 px below the first of the lowest corners
});
