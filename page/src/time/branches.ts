// The branch strip: a lane per branch, with a line to where it forked. No DOM in here.
//
// x is the number of steps from the start, so that moments of two branches above each other are as
// far from their fork. Beyond a few lanes the oldest branches are folded; main, the present one and
// the one that is looked at stay.

import type { Story } from '../types.ts';

export interface Track {
  branch: string;
  lane: number;
  moments: number[]; // that this branch made, in order
  first: number; // depth of the first of them
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

export function layStrip(story: Pick<Story, 'segments' | 'branch' | 'branches'>, shown: number, most = mostTracks): Strip {
  const depth = new Map<number, number>();
  const made = new Map<string, number[]>();
  // Parents have lower numbers than their children, so one pass in order is enough.
  const numbers = [...story.segments.keys()].sort((a, b) => a - b);
  for (const moment of numbers) {
    const { parent, branch } = story.segments.get(moment)!;
    depth.set(moment, parent === null ? 0 : (depth.get(parent) ?? 0) + 1);
    const list = made.get(branch);
    if (list === undefined) made.set(branch, [moment]);
    else list.push(moment);
  }
  const names = [...made.keys()].filter((name) => name === 'main' || story.branches.some((b) => b.branch === name));
  const kept = choose(names, most, ['main', story.branch, story.segments.get(shown)?.branch ?? 'main']);
  const tracks = kept.map((branch, lane): Track => {
    const moments = made.get(branch)!;
    const fork = story.segments.get(moments[0]!)?.parent ?? 0;
    return { branch, lane, moments, first: depth.get(moments[0]!) ?? 0, fork, bold: branch === story.branch };
  });
  const deepest = Math.max(0, ...tracks.map((t) => depth.get(t.moments[t.moments.length - 1]!) ?? 0));
  return { tracks, folded: names.filter((n) => !kept.includes(n)), depth, deepest, lanes: Math.max(1, tracks.length) };
}

// Those that must stay, then the newest; in the order in which they were made.
function choose(names: readonly string[], most: number, must: readonly string[]): string[] {
  const kept = new Set(names.filter((name) => must.includes(name)));
  for (let k = names.length - 1; k >= 0 && kept.size < most; k--) kept.add(names[k]!);
  return names.filter((name) => kept.has(name));
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
  if (k >= 0) return track.moments[Math.min(k, track.moments.length - 1)]!;
  const parent = strip.tracks.find((t) => t.moments.includes(track.fork));
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
