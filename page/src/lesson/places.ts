// Where a session stands, and by which commands it gets somewhere else. No DOM in here.

import type { HistoryAnswer } from '../types.ts';

/** A moment on a branch. Several branches share the moments before they parted, and each goes on in its own way. */
export interface Place {
  moment: number;
  branch: string;
}

export function isSame(a: Place, b: Place): boolean {
  return a.moment === b.moment && a.branch === b.branch;
}

export function placeOf(history: Pick<HistoryAnswer, 'present' | 'branch'>): Place {
  return { moment: history.present, branch: history.branch };
}

/**
 * The commands that lead to a place from where the session stands; '' where it stands there, null where none do.
 * `goto` finds the branch that made a moment. To be there on another one, its end is gone to and then back.
 */
export function wayTo(place: Place, history: HistoryAnswer): string | null {
  const here = placeOf(history);
  if (isSame(here, place)) return '';
  const back = (from: number): number | null => stepsBack(history, from, place.moment);
  const undone = here.branch === place.branch ? back(here.moment) : null;
  if (undone !== null) return `undo ${undone}`;
  if (history.moments.some((m) => m.moment === place.moment && m.branch === place.branch)) return `goto ${place.moment}`;
  const last = history.branches.find((b) => b.branch === place.branch)?.last;
  const behind = last === undefined ? null : back(last);
  if (behind === null) return null;
  return behind === 0 ? `switch ${place.branch}` : `switch ${place.branch}; undo ${behind}`;
}

// How many moments lie between; null: the first one does not come after the other.
function stepsBack(history: HistoryAnswer, from: number, to: number): number | null {
  const parents = new Map(history.moments.map((m) => [m.moment, m.parent]));
  let at: number | null | undefined = from;
  for (let steps = 0; at !== null && at !== undefined; steps++) {
    if (at === to) return steps;
    at = parents.get(at);
  }
  return null;
}
