/** Links at a moment that the server does not have, out of those of the start and the events since, as in a recorded run. */
import type { LinkProperties, LinksAnswer, RunEvent, Way } from './types.ts';

type Pair = [number, number];

const key = (a: number, b: number): string => `${a} ${b}`;
const sorted = (a: number, b: number): string => (a < b ? key(a, b) : key(b, a));
const asPairs = (set: Iterable<string>): Pair[] => [...set].map((p) => p.split(' ').map(Number) as Pair);
const propertiesOf = (event: RunEvent): LinkProperties =>
  ({ loss: event.loss as number, latency: event.latency as LinkProperties['latency'], bandwidth: event.bandwidth as number | null });
const alike = (a: LinkProperties, b: LinkProperties): boolean =>
  a.loss === b.loss && a.bandwidth === b.bandwidth && JSON.stringify(a.latency) === JSON.stringify(b.latency);

class Links {
  private pairs: Set<string>;
  private down: Set<string>;
  private usual: LinkProperties;
  private own: Map<string, LinksAnswer['own'][number]>;

  constructor(private start: LinksAnswer, private index: (address: string) => number) {
    this.pairs = new Set(start.pairs.map(([a, b]) => sorted(a, b)));
    this.down = new Set(start.down.map(([a, b]) => key(a, b)));
    this.usual = start.default;
    this.own = new Map(start.own.map((link) => [key(link.from, link.to), link]));
  }

  meet(a: number, b: number): void {
    this.pairs.add(sorted(a, b));
  }

  part(a: number, b: number): void {
    this.pairs.delete(sorted(a, b));
  }

  neighbours(node: number): number[] {
    return asPairs(this.pairs).filter((pair) => pair.includes(node)).map(([a, b]) => (a === node ? b : a));
  }

  remove(node: number): void {
    for (const other of this.neighbours(node)) this.part(node, other);
    for (const pair of [...this.down, ...this.own.keys()]) {
      if (!pair.split(' ').includes(String(node))) continue;
      this.down.delete(pair);
      this.own.delete(pair);
    }
  }

  /** One direction goes down or comes up; that two are neighbours is said of both. */
  change(event: RunEvent): void {
    const [from, to] = [this.index(String(event.from)), this.index(String(event.to))];
    if (event.made) this.meet(from, to);
    if (event.up) this.down.delete(key(from, to));
    else this.down.add(key(from, to));
    this.own.set(key(from, to), { from, to, ...propertiesOf(event), up: Boolean(event.up) });
  }

  /** `link P` sets the loss of the links with properties of their own too, `set network.*` does not. */
  changeUsual(event: RunEvent, isSet: boolean): void {
    this.usual = propertiesOf(event);
    if (isSet) return;
    for (const [pair, link] of this.own) {
      // What differs in nothing any more follows it from now on.
      if (link.up && alike({ ...link, loss: this.usual.loss }, this.usual)) this.own.delete(pair);
      else this.own.set(pair, { ...link, loss: this.usual.loss });
    }
  }

  answer(version: number): LinksAnswer {
    return { ...this.start, version, pairs: asPairs(this.pairs), down: asPairs(this.down), default: this.usual, own: [...this.own.values()] };
  }
}

/** Who is there at the start, and whether a node that joins is linked to everybody. */
export interface Joining {
  present: readonly number[];
  meshed: boolean;
}

/** Links at the end of a way: those of the start, with what was made, met and parted since. */
export function recordedLinks(start: LinksAnswer, way: Way, index: (address: string) => number, joining: Joining): LinksAnswer {
  const links = new Links(start, index);
  const present = new Set(joining.present);
  way.happenings.forEach((h, k) => {
    if (h.kind === 'met') links.meet(h.node, h.other);
    else if (h.kind === 'parted') links.part(h.node, h.other);
    else if (h.kind === 'removed') {
      present.delete(h.node);
      links.remove(h.node);
    } else if (h.kind === 'added' && !present.has(h.node)) {
      // A full mesh of many has no list of pairs.
      const meshed = joining.meshed && !start.full;
      const near = h.like !== null ? links.neighbours(h.like) : meshed ? [...present] : [];
      for (const other of near) links.meet(h.node, other);
      present.add(h.node);
    } else if (h.kind === 'other' && h.event.type === 'link_changed') links.change(h.event);
    else if (h.kind === 'other' && h.event.type === 'default_link_changed') {
      const after = way.happenings[k + 1];
      // Of the same command: the next one may set something else.
      const isSet = after?.kind === 'other' && after.moment === h.moment && after.event.type === 'config_changed' && String(after.event.key).startsWith('network.');
      links.changeUsual(h.event, isSet);
    }
  });
  return links.answer(-2 - way.moment);
}
