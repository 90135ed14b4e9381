/** Numbers as people read them. */

/**
 * Nanoseconds of the simulated clock, in the words of the console, so that they can be typed: `0ns`, `20ms`, `12.44s`. Four digits;
 * what is longer than that is told in whole seconds.
 */
export function time(ns: number | null | undefined): string {
  if (ns === null || ns === undefined) return '–';
  const s = ns / 1e9;
  for (const [unit, size] of [['ns', 1e-9], ['us', 1e-6], ['ms', 1e-3]] as const) {
    const value = round(s / size, 4);
    if (value < 1000) return `${value}${unit}`;
  }
  return `${s < 1000 ? round(s, 4) : Math.round(s)}s`;
}

function round(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

/** The clock as the prompt of the console has it: one decimal. */
export function clock(ns: number | null | undefined): string {
  if (ns === null || ns === undefined) return '–';
  for (const [unit, size] of [['ns', 1], ['us', 1e3], ['ms', 1e6]] as const) {
    const value = Math.round((10 * ns) / size) / 10;
    if (value < 1000) return `${value}${unit}`;
  }
  return `${Math.round(ns / 1e8) / 10}s`;
}

/** Sizes in powers of 1024, as the console tells them. */
export function bytes(count: number | null | undefined): string {
  if (count === null || count === undefined) return '–';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    ++unit;
  }
  return unit === 0 ? `${count} B` : `${value.toFixed(1)} ${units[unit]}`;
}

/** An accuracy, a loss, a weight. */
export function number(value: number | null | undefined, digits = 3): string {
  return value === null || value === undefined ? '–' : value.toFixed(digits);
}

// Made once: to make one for each number is slow.
const grouped = new Intl.NumberFormat('en');

export function count(value: number): string {
  return grouped.format(value);
}

/** `1 message`, `2 messages`. */
export function plural(value: number, word: string, words = `${word}s`): string {
  return `${count(value)} ${value === 1 ? word : words}`;
}

/** As it is typed: `20ms`, `uniform(10ms,50ms)`. Older records have it so already. */
export function latency(l: { kind: string; a: number; b: number } | string): string {
  if (typeof l === 'string') return l;
  if (l.kind === 'constant') return time(l.a);
  return l.kind === 'exponential' ? `exponential(${time(l.a)})` : `${l.kind}(${time(l.a)},${time(l.b)})`;
}
