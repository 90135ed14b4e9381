/** Numbers as people read them. */

/** Nanoseconds of the simulated clock: `0 s`, `20 ms`, `12.4 s`, `1:02:03`. */
export function time(ns: number | null | undefined): string {
  if (ns === null || ns === undefined) return '–';
  const s = ns / 1e9;
  if (s === 0) return '0 s';
  if (s < 1e-3) return `${round(s * 1e6, 3)} µs`;
  if (s < 1) return `${round(s * 1e3, 3)} ms`;
  if (s < 600) return `${round(s, s < 10 ? 3 : 4)} s`;
  const whole = Math.floor(s);
  const two = (v: number): string => String(v).padStart(2, '0');
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

function round(value: number, digits: number): string {
  return String(Number(value.toPrecision(digits)));
}

export function bytes(count: number | null | undefined): string {
  if (count === null || count === undefined) return '–';
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    ++unit;
  }
  return `${unit === 0 ? value : round(value, 3)} ${units[unit]}`;
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

/** As it is typed: `20 ms`, `uniform(10 ms, 50 ms)`. */
export function latency(l: { kind: string; a: number; b: number }): string {
  if (l.kind === 'constant') return time(l.a);
  return l.kind === 'exponential' ? `exponential(${time(l.a)})` : `${l.kind}(${time(l.a)}, ${time(l.b)})`;
}
