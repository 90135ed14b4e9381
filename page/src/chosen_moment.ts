/** Where a line that is typed while the past is looked at belongs. No DOM in here. */

/** What is the same at every moment, or asks for its moments by name. */
const asks = new Set(['help', 'history', 'diff']);
const chooses = new Set(['undo', 'redo', 'goto', 'switch', 'reset']);

/** `branch` alone lists branches, and `branch delete` names the one that it means. */
const onlyAsks = ([word, next]: string[]): boolean => asks.has(word!) || (word === 'branch' && (next === undefined || next === 'delete'));

/**
 * The line goes to a moment itself, or only asks, so `goto` need not go first. What it does before it goes somewhere, and what `branch`
 * and `mark` call "here", is meant of the moment that is looked at.
 */
export function choosesMoment(line: string): boolean {
  const commands = line.split(/[;{}]/).map((part) => part.trim().split(/\s+/)).filter(([word]) => word !== '');
  const first = commands.find((words) => !onlyAsks(words));
  return first === undefined || chooses.has(first[0]!);
}
