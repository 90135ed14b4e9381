// What a command did, for the miniature of its moment.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';
import { aggregated, delivered, lived, lost, pairRun, queued, sent } from './runs.mjs';

const { StoryOfRun, happenedIn } = await load('story.ts', 'time/happened.ts');

const of = (story, moment) => {
  const { trained, aggregated, messages } = happenedIn(story.segments.get(moment), (a) => story.nodeIndex(a));
  return { trained: [...trained], aggregated: [...aggregated], messages: messages.map((m) => `${m.from}${m.lost ? ' x ' : ' to '}${m.to}`) };
};

test('Each moment of a run has what its command did, and nothing of the others', () => {
  const story = pairRun(StoryOfRun); // train; flood; nstep; ag
  assert.deepEqual(of(story, 0), { trained: [], aggregated: [], messages: [] });
  assert.deepEqual(of(story, 1), { trained: [0, 1], aggregated: [], messages: [] });
  assert.deepEqual(of(story, 2), { trained: [], aggregated: [], messages: [] }); // queued only: nothing is on its way
  assert.deepEqual(of(story, 3), { trained: [], aggregated: [], messages: ['0 to 1', '1 to 0'] });
  assert.deepEqual(of(story, 4), { trained: [], aggregated: [0, 1], messages: [] });
});

test('A lost message is one message; who had nothing to aggregate has not aggregated', () => {
  const story = lived(StoryOfRun, ['a', 'b'], ['run 1s', [1, 0], [
    queued(0, 'a', 'b'), sent(0, 'a', 'b'), queued(1, 'b', 'a'), sent(1, 'b', 'a'), lost(0, 'a', 'b', 'loss'), delivered(1, 'b', 'a'), aggregated('b', [], 1, [], [])]]);
  assert.deepEqual(of(story, 1), { trained: [], aggregated: [], messages: ['0 x 1', '1 to 0'] });
});
