// The steps of a lesson, and where one is in it. No DOM in here.
//
// A step with words is shown first (what is said, what is asked) and run at the next key; a step that is
// a command alone is run at once, as it has stood there as the next one. What only checks (`expect`) runs
// along with the step before it. Going back takes the last step back: to the moment that it began in.

import type { LessonStep } from '../types.ts';

export interface Stop {
  step: number; // that was run
  moment: number; // in which it began
}

export interface Progress {
  steps: LessonStep[];
  next: number; // the step that is shown or comes next
  shown: boolean; // it has been announced
  stops: Stop[];
  ended: number | null; // moment in which the last step ended; null: none was run
}

export function begin(steps: readonly LessonStep[]): Progress {
  return { steps: [...steps], next: 0, shown: false, stops: [], ended: null };
}

/** Something is said, noted or asked, or the scene changes. */
export function hasWords(step: LessonStep): boolean {
  return step.say.length > 0 || step.note.length > 0 || Boolean(step.ask) || Boolean(step.scene);
}

/** What a key does now. */
export function nextDoing(progress: Progress): 'announce' | 'run' | 'end' {
  const step = progress.steps[progress.next];
  if (step === undefined) return 'end';
  if (step.cmd === '') return 'announce';
  return progress.shown || !hasWords(step) ? 'run' : 'announce';
}

/** The next step checks what the last one has claimed, without words: it runs along. */
export function checksAlong(progress: Progress): boolean {
  const step = progress.steps[progress.next];
  return step !== undefined && !hasWords(step) && /^expect\b/.test(step.cmd);
}

/** After a check that ran along: no stop of its own. */
export function checked(progress: Progress): Progress {
  return { ...progress, next: progress.next + 1, shown: false };
}

/** Announces the step; one that is only said is passed by. */
export function announce(progress: Progress): Progress {
  const passed = progress.shown ? progress.next + 1 : progress.next;
  return { ...progress, next: passed, shown: passed < progress.steps.length };
}

/** After the command of the step has run. */
export function ran(progress: Progress, from: number, to: number): Progress {
  const stops = [...progress.stops, { step: progress.next, moment: from }];
  return { ...progress, next: progress.next + 1, shown: false, stops, ended: to };
}

/** Back to before the last step that was run; `moment` is to be gone to. Null: nothing was run. */
export function back(progress: Progress): { progress: Progress; moment: number } | null {
  const last = progress.stops[progress.stops.length - 1];
  if (last === undefined) return null;
  const stops = progress.stops.slice(0, -1);
  return { progress: { ...progress, next: last.step, shown: true, stops, ended: last.moment }, moment: last.moment };
}

/** Somebody has typed something else since: the moment to go back to, or null. */
export function leftAt(progress: Progress, present: number): number | null {
  return progress.ended !== null && progress.ended !== present ? progress.ended : null;
}

/** `repeat 3 { train; ag }` as its six commands; null where the step is no such loop. */
export function unfold(step: LessonStep): LessonStep[] | null {
  const found = /^\s*repeat\s+(\d+)\s*\{([\s\S]*)\}\s*$/.exec(step.cmd);
  if (found === null) return null;
  const times = Number(found[1]);
  const body = commandsOf(found[2]!);
  if (body.length === 0 || times < 1 || times * body.length > 200) return null;
  const steps: LessonStep[] = [];
  for (let k = 0; k < times; k++)
    body.forEach((cmd, b) => steps.push({ ...(k === 0 && b === 0 ? step : { line: step.line, say: [], note: [] }), cmd }));
  return steps;
}

// Splits at `;` and line ends outside of braces and quotes; comments are left out.
function commandsOf(text: string): string[] {
  const commands: string[] = [];
  let part = '';
  let depth = 0;
  let quoted = false;
  for (let k = 0; k < text.length; k++) {
    const sign = text[k]!;
    if (sign === '"') quoted = !quoted;
    if (!quoted && sign === '#' && (part === '' || /\s$/.test(part))) {
      while (k + 1 < text.length && text[k + 1] !== '\n') k++;
      continue;
    }
    if (!quoted && sign === '{') depth++;
    if (!quoted && sign === '}') depth--;
    if (!quoted && depth === 0 && (sign === ';' || sign === '\n')) {
      if (part.trim() !== '') commands.push(part.trim());
      part = '';
    } else part += sign;
  }
  if (part.trim() !== '') commands.push(part.trim());
  return commands;
}

/** Seconds as `12:05`; below zero `-0:30`. */
export function minutes(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  return `${seconds < 0 && whole > 0 ? '-' : ''}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
