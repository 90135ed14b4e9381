/** What this tab looks at. It stands in the address after `#`, so that a view can be kept or sent; the server never sees it. */
import type { Look } from './types.ts';

export const firstLook: Look = {
  moment: null, node: null, message: null, source: null, panel: 'curves', gear: 'step', axis: 'order', sort: 'given', scene: null,
  metric: 'accuracy', x: 'moment', compare: false, outlines: false, matrix: false, sample: false, follow: true, keys: 'on', theme: 'auto',
};

const numbers = ['moment', 'node', 'message', 'source'] as const;
const words: { [K in keyof Look]?: readonly string[] } = {
  panel: ['curves', 'node', 'why', 'messages', 'labels', 'table', 'help'],
  gear: ['step', 'watch', 'fast', 'blind'],
  axis: ['order', 'time', 'compressed'],
  sort: ['given', 'group', 'accuracy', 'crossings'],
  scene: ['network', 'time', 'curves', 'why'],
  metric: ['accuracy', 'distance', 'age', 'loss'],
  x: ['moment', 't', 'bytes'],
  keys: ['on', 'alt', 'off'],
  theme: ['auto', 'light', 'dark'],
};
const switches = ['compare', 'outlines', 'matrix', 'sample', 'follow'] as const;

/** Only what differs from the first look, so that the address stays short. */
export function toHash(look: Look): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(look)) {
    if (value !== firstLook[key as keyof Look]) parameters.set(key, String(value));
  }
  return parameters.toString();
}

/** What cannot be read is left as in the first look. */
export function fromHash(hash: string): Look {
  const look: Record<string, unknown> = { ...firstLook };
  for (const [key, value] of new URLSearchParams(hash.replace(/^#/, ''))) {
    if ((numbers as readonly string[]).includes(key) && /^\d+$/.test(value)) look[key] = Number(value);
    else if ((switches as readonly string[]).includes(key)) look[key] = value === 'true';
    else if (words[key as keyof Look]?.includes(value)) look[key] = value;
  }
  return look as unknown as Look;
}
