/**
 * The tree of moments: which came of which. It grows to hundreds of thousands in a fast loop, so what is asked at each drawing is not made
 * anew each time: a path goes on where it was, and `numbers` only gets longer.
 */
import type { Segment } from './types.ts';

/** Paths that are remembered: to the present moment, and to the one that is looked at. */
const keptPaths = 2;

export class Tree {
  segments = new Map<number, Segment>();
  branches: { branch: string; last: number }[] = [];
  marks: { mark: string; moment: number }[] = [];
  /** All moments, in order. A parent has a lower number than what came of it. */
  numbers: number[] = [0];
  /** Counts up when more changes than moments that come behind all others. */
  shape = 0;

  private childrenOf = new Map<number, number[]>();
  private paths: number[][] = [];
  private mixed = false;

  constructor() {
    this.segments.set(0, { moment: 0, parent: null, branch: 'main', cmd: '', t: 0, cycle: 0, kept: true, events: [], after: [] });
  }

  children(moment: number): number[] {
    return this.childrenOf.get(moment) ?? [];
  }

  /** From 0 to `moment`. Not to be changed, and only for now: it grows. */
  path(moment: number): readonly number[] {
    const segment = this.segments.get(moment);
    // It is told of before its events are here: nothing of it is remembered.
    if (!segment) return [moment];
    const { parent } = segment;
    const known = this.paths.find((path) => path.at(-1) === moment) ?? this.paths.find((path) => path.at(-1) === parent);
    if (known) {
      if (known.at(-1) !== moment) known.push(moment);
      return known;
    }
    const path: number[] = [];
    const seen = new Set<number>();
    for (let at: number | null = moment; at !== null && !seen.has(at); at = this.segments.get(at)?.parent ?? null) {
      seen.add(at);
      path.push(at);
    }
    this.paths.push(path.reverse());
    if (this.paths.length > keptPaths) this.paths.shift();
    return path;
  }

  protected setBranch(branch: string, last: number): void {
    const known = this.branches.find((b) => b.branch === branch);
    if (!known) this.branches.push({ branch, last });
    else if (known.last < last) known.last = last;
  }

  /** What a branch or a mark still leads to stays, and belongs to the first of these branches, as in the session; the rest is gone. */
  protected branchDeleted(name: string): void {
    this.branches = this.branches.filter((b) => b.branch !== name);
    const owner = new Map<number, string>();
    for (const { last, branch } of [...this.branches, ...this.marks.map((m) => ({ last: m.moment, branch: name }))]) {
      for (const moment of this.path(last)) if (!owner.has(moment)) owner.set(moment, branch);
    }
    for (const [moment, segment] of this.segments) {
      if (segment.branch !== name) continue;
      const heir = owner.get(moment);
      if (heir !== undefined) segment.branch = heir;
      else if (segment.parent !== null) this.forget(moment, segment.parent);
    }
    this.reshaped();
  }

  protected reshaped(): void {
    ++this.shape;
    this.paths = [];
  }

  protected forget(moment: number, parent: number): void {
    this.segments.delete(moment);
    this.numbers = this.numbers.filter((number) => number !== moment);
    this.childrenOf.set(parent, this.children(parent).filter((child) => child !== moment));
    this.reshaped();
  }

  /** After each `put` or many of them: paths through moments that were missing were cut off. */
  protected settle(): void {
    if (!this.mixed) return;
    this.mixed = false;
    this.numbers.sort((a, b) => a - b);
    this.reshaped();
  }

  protected put(segment: Segment): void {
    const before = this.segments.get(segment.moment);
    this.segments.set(segment.moment, segment);
    if (before && before.branch !== segment.branch) this.reshaped();
    if (before || segment.parent === null) return;
    const last = this.numbers.at(-1)!;
    this.numbers.push(segment.moment);
    if (segment.moment < last) this.mixed = true;
    const siblings = this.childrenOf.get(segment.parent) ?? [];
    siblings.push(segment.moment);
    siblings.sort((a, b) => a - b);
    this.childrenOf.set(segment.parent, siblings);
  }
}
