// Which way the diagram draws: to the present moment while that passes the moment that is looked at.

import type { App } from '../types.ts';

/** The moment at the end of the way that is drawn. */
export function goalOf(app: Pick<App, 'story' | 'shown' | 'present'>): number {
  const { story } = app;
  const shown = app.shown();
  if (story.path(story.present).includes(shown)) return story.present;
  const of = story.segments.get(shown)?.branch;
  const last = story.branches.find((b) => b.branch === of)?.last;
  if (last !== undefined && story.path(last).includes(shown)) return last;
  const other = story.branches.find((b) => story.path(b.last).includes(shown));
  return other?.last ?? shown;
}

/** The moment before and after the one that is looked at, on the way that is drawn. */
export function beside(app: Pick<App, 'story' | 'shown' | 'present'>, by: number): number | null {
  const path = app.story.path(goalOf(app));
  const at = path.indexOf(app.shown());
  return path[at + by] ?? null;
}
