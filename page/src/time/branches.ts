// The branch strip: a lane per branch, with a line to where it forked. No DOM in here.
//
// x is the number of steps from the start, so that moments of two branches above each other are as
// far from their fork. Beyond a few lanes the oldest branches are folded; main, the present one and
// the one that is looked at stay.

import type { Story } from '../types.ts';

export interface Track {
  branch: string;
  lane: number;
  moments: number[]; // that this branch made, in order; none yet where it was only named
  first: number; // depth of the first of them, or of the one that it will make
  fork: number; // moment that it starts from
  bold: boolean; // the present one
}

export interface Strip {
  tracks: Track[];
  folded: string[]; // names of branches that have no lane
  depth: Map<number, number>; // per moment of a track: steps from the start
  deepest: number;
  lanes: number;
}

export const mostTracks = 5;

/** What each branch made, and how far each moment is from the start; it grows with the story. */
export class StripBook {
  depth = new Map<number, number>();
  made = new Map<string, number[]>();
  /** Moments that were looked at, of all time: tests look at it. */
  taken = 0;
  private done = 0;
  private shape = -1;

  update(story: Pick<Story, 'segments' | 'numbers' | 'shape'>): void {
    if (story.shape !== this.shape) Object.assign(this, { depth: new Map(), made: new Map(), done: 0, shape: story.shape });
    // Parents have lower numbers than their children, so one pass in order is enough.
    for (; this.done < story.numbers.length; ++this.done, ++this.taken) {
      const moment = story.numbers[this.done]!;
      const { parent, branch } = story.segments.get(moment)!;
      this.depth.set(moment, parent === null ? 0 : (this.depth.get(parent) ?? 0) + 1);
      const list = this.made.get(branch);
      if (list === undefined) this.made.set(branch, [moment]);
      else list.push(moment);
    }
  }
}

type Told = Pick<Story, 'segments' | 'branch' | 'branches' | 'numbers' | 'shape'>;

export function layStrip(story: Told, shown: number, most = mostTracks, book = new StripBook()): Strip {
  book.update(story);
  const { depth, made } = book;
  const alive = [...made.keys()].filter((name) => name === 'main' || story.branches.some((b) => b.branch === name));
  // A branch that has made no moment yet has a lane too: the next command makes one there.
  const names = [...alive, ...story.branches.map((b) => b.branch).filter((name) => !made.has(name))];
  const kept = choose(names, most, ['main', story.branch, story.segments.get(shown)?.branch ?? 'main']);
  const tracks = kept.map((branch, lane): Track => {
    const moments = made.get(branch) ?? [];
    const begun = moments[0];
    const fork = begun === undefined ? story.branches.find((b) => b.branch === branch)?.last ?? 0 : story.segments.get(begun)?.parent ?? 0;
    const first = begun === undefined ? (depth.get(fork) ?? 0) + 1 : depth.get(begun) ?? 0;
    return { branch, lane, moments, first, fork, bold: branch === story.branch };
  });
  const deepest = Math.max(0, ...tracks.map((t) => depth.get(endOfTrack(t)) ?? 0));
  return { tracks, folded: names.filter((n) => !kept.includes(n)), depth, deepest, lanes: Math.max(1, tracks.length) };
}

/** The moment in which a branch ends; of one that made none, that from which it will go on. */
export function endOfTrack(track: Track): number {
  return track.moments[track.moments.length - 1] ?? track.fork;
}

/** The lane in which a moment is marked as the present one: its own, or that of a branch that begins there and is the present one. */
export function trackOf(strip: Strip, moment: number, present: boolean): Track | undefined {
  const empty = present ? strip.tracks.find((t) => t.bold && t.moments.length === 0 && t.fork === moment) : undefined;
  return empty ?? strip.tracks.find((t) => t.moments.includes(moment));
}

// Those that must stay, then the newest; in the order in which they were made.
function choose(names: readonly string[], most: number, must: readonly string[]): string[] {
  const kept = new Set(names.filter((name) => must.includes(name)));
  for (let k = names.length - 1; k >= 0 && kept.size < most; k--) kept.add(names[k]!);
  return names.filter((name) => kept.has(name));
}

/** Few branches have lanes that a pointer meets easily, of 24 px; more share the room. */
export function stripLaneHeight(lanes: number): number {
  return lanes <= 2 ? 24 : lanes === 3 ? 20 : 16;
}

/** Pixels per step, and how much is scrolled off so that `at` is in view. */
export function stripScale(deepest: number, width: number, at: number): { step: number; scroll: number } {
  const step = Math.max(3, Math.min(30, (width - 24) / Math.max(1, deepest)));
  const scroll = Math.max(0, Math.min(step * deepest - (width - 24), step * at - width / 2));
  return { step, scroll };
}

/** The moment of a track that is nearest to a depth; of the parent's way where the depth is before its fork. */
export function momentAt(strip: Strip, lane: number, depth: number): number {
  const track = strip.tracks[Math.max(0, Math.min(strip.tracks.length - 1, lane))];
  if (track === undefined) return 0;
  const k = Math.round(depth) - track.first;
  if (k >= 0) return track.moments[Math.min(k, track.moments.length - 1)] ?? track.fork;
  const parent = trackOf(strip, track.fork, false);
  return parent === undefined || parent === track ? track.fork : momentAt(strip, parent.lane, depth);
}

/** Moments of which several begin: where branches fork. */
export function forks(story: Pick<Story, 'segments' | 'children'>, path: readonly number[]): number[] {
  return path.filter((moment) => story.children(moment).length > 1);
}

/** The moment on the previous (-1) or next (1) branch as far from the start as this one, or that branch's end. */
export function sibling(strip: Strip, moment: number, by: number): number | null {
  const own = strip.tracks.findIndex((t) => t.moments.includes(moment));
  const track = strip.tracks[(own < 0 ? 0 : own) + by];
  if (track === undefined) return null;
  return momentAt(strip, track.lane, strip.depth.get(moment) ?? 0);
}
