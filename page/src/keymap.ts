// Which action a key stands for. No DOM in here.

import type { KeysSetting } from './types.ts';

export interface Press {
  key: string;
  code: string; // where the key lies, whatever is printed on it
  shiftKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}

/** By `event.key`, lower case; arrows and the like work in every setting but the letters do not. */
const named: Record<string, string> = {
  ' ': 'play', ArrowLeft: 'look-back', ArrowRight: 'look-on', 'Shift+ArrowLeft': 'same-back', 'Shift+ArrowRight': 'same-on',
  ArrowUp: 'lane-up', ArrowDown: 'lane-down', Home: 'look-start', End: 'look-end', Enter: 'go-here', Escape: 'now',
};
const letters: Record<string, string> = {
  a: 'fork-back', e: 'fork-on', j: 'sibling-down', k: 'sibling-up', n: 'next', s: 'nstep', g: 'goto', m: 'mark', d: 'diff',
  w: 'why', b: 'break', x: 'axis', o: 'order', h: 'outlines', v: 'matrix', l: 'sample', '/': 'find', ':': 'console', t: 'table', p: 'present', P: 'speaker', f: 'follow', '.': 'blank',
  '?': 'help', T: 'theme', C: 'compare', F: 'zoom-fit', '1': 'panel-curves', '2': 'panel-node', '3': 'panel-why',
  '4': 'panel-messages', '5': 'panel-labels',
};
const positions: Record<string, string> = {
  BracketLeft: 'cause', BracketRight: 'effect', Minus: 'slower', Equal: 'faster', NumpadSubtract: 'slower', NumpadAdd: 'faster',
};
const shifted: Record<string, string> = { Minus: 'zoom-out', Equal: 'zoom-in' };
// What keys mean while a scene fills the screen; remotes send PageUp, PageDown and the period.
const presenting: Record<string, string> = {
  '1': 'scene-network', '2': 'scene-time', '3': 'scene-curves', '4': 'scene-why', b: 'blank', PageDown: 'lesson-on', PageUp: 'lesson-back',
};

/** The id of the action, or null. */
export function keyOf(press: Press, setting: KeysSetting, scene: boolean): string | null {
  if (press.ctrlKey || press.metaKey) return undoKey(press);
  const name = press.key.length > 1 && press.shiftKey ? `Shift+${press.key}` : press.key;
  if (scene && press.key.startsWith('Page')) return presenting[press.key] ?? null;
  if (name in named) return press.altKey ? null : named[name]!;
  if (setting === 'off' || press.altKey !== (setting === 'alt')) return null;
  const place = press.shiftKey ? shifted[press.code] : positions[press.code];
  if (place !== undefined) return place;
  // With Alt some keyboards print another sign; the place of a letter is known all the same.
  const sign = press.altKey ? letterAt(press) : press.key;
  if (scene && sign in presenting) return presenting[sign]!;
  return letters[sign] ?? null;
}

function undoKey(press: Press): string | null {
  if (press.altKey || press.key.toLowerCase() !== 'z') return null;
  return press.shiftKey ? 'redo' : 'undo';
}

function letterAt(press: Press): string {
  const letter = /^Key([A-Z])$/.exec(press.code)?.[1];
  if (letter !== undefined) return press.shiftKey ? letter : letter.toLowerCase();
  const digit = /^Digit(\d)$/.exec(press.code)?.[1];
  if (digit !== undefined && !press.shiftKey) return digit;
  return press.key;
}
