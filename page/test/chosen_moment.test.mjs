// Which lines go to the moment that is looked at before they run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './load.mjs';

const { choosesMoment } = await load('chosen_moment.ts');

test('Lines that go somewhere themselves, or only ask, need no goto', () => {
  for (const line of ['undo', 'undo 2; train', 'redo', 'goto 3; train', 'switch main', 'reset', 'help train', 'history', 'history; undo; train', 'diff 0; help', 'branch', 'branch delete x', 'branch; undo'])
    assert.equal(choosesMoment(line), true, line);
});

// They ran at the present moment, with all that came after them in the line.
test('What begins with a question, and names of the moment, mean the one that is looked at', () => {
  for (const line of ['train', 'history; train', 'help; train; undo', 'mark here', 'branch try', 'branch try; train', 'branch; train', 'repeat 2 { undo; train }', 'diff 0; train', 'marked'])
    assert.equal(choosesMoment(line), false, line);
});
