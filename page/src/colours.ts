/** Colours that carry data. Accuracy is on a fixed scale from 0 to 1, in cividis, which those who confuse red and green see alike. */

const cividis = ['#00224e', '#123570', '#3b496c', '#575d6d', '#707173', '#8a8678', '#a59c74', '#c3b369', '#e1cc55', '#fee838'];

type Rgb = [number, number, number];
const rgb = (hex: string): Rgb => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)) as Rgb;
const stops = cividis.map(rgb);

function mix(value: number): Rgb {
  const at = Math.min(1, Math.max(0, value)) * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(at));
  const part = at - i;
  return stops[i]!.map((from, k) => Math.round(from + (stops[i + 1]![k]! - from) * part)) as Rgb;
}

const table = Array.from({ length: 256 }, (_, i) => `rgb(${mix(i / 255).join(',')})`);

/** The same colours as numbers for a canvas' pixels (red in the lowest byte), to be taken by `place`. */
export const pixels = Uint32Array.from({ length: 256 }, (_, i) => {
  const [r, g, b] = mix(i / 255);
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
});

/** Where a value from 0 to 1 stands in the 256 colours. */
export function place(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 255);
}

/** A value from 0 to 1 as a colour; `none` where it is not known. */
export function cividisColour(value: number | null | undefined, none = 'transparent'): string {
  return value === null || value === undefined || Number.isNaN(value) ? none : table[place(value)]!;
}

/** Black or white: what can be read on the colour of a value. */
export function inkOn(value: number | null | undefined): string {
  if (value === null || value === undefined) return 'var(--ink)';
  const [r, g, b] = mix(value);
  return 0.299 * r + 0.587 * g + 0.114 * b > 117 ? '#000' : '#fff';
}
