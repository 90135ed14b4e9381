/**
 * Which points of a curve were measured. The program repeats the last value at each moment; a point stands only where the value is
 * new, and what is repeated up to the end is drawn as such. No DOM in here.
 */

type Values = (number | null)[];

/** The values where somebody was measured anew, null elsewhere. `tested`: 1 there; without it each value is new. */
export function measured(values: Values, tested: number[] | undefined): Values {
  return tested === undefined ? values : values.map((value, k) => (tested[k] === 1 ? value : null));
}

/** From the last measured value to the end, at that value; null before, and everywhere if the last moment was measured. */
export function carried(values: Values, tested: number[] | undefined): Values {
  const points = measured(values, tested);
  const last = points.findLastIndex((value) => value !== null);
  if (last < 0 || last === values.length - 1) return values.map(() => null);
  return values.map((value, k) => (k >= last ? value : null));
}

/**
 * The points of one node. That somebody was measured is known, not who: it was this one if its value is another one, or if no value
 * of all `nodes` is.
 */
export function measuredOf(node: number, nodes: Values[], tested: number[] | undefined): Values {
  const own = nodes[node] ?? [];
  if (tested === undefined) return own;
  const before = lastPoints(tested);
  const changed = (values: Values, k: number): boolean => values[k] !== (before[k] === -1 ? null : values[before[k]!]);
  return own.map((value, k) => (tested[k] === 1 && (changed(own, k) || !nodes.some((n) => changed(n, k))) ? value : null));
}

// Per point the one before it that was measured; -1: none.
function lastPoints(tested: number[]): number[] {
  let last = -1;
  return tested.map((on, k) => {
    const before = last;
    if (on === 1) last = k;
    return before;
  });
}
