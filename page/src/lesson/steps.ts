// The steps of a lesson, and where one is in it. No DOM in here.
//
// A step with words is shown first (what is said, what is asked) and run at the next key; a step that is
// a command alone is run at once, as it has stood there as the next one. What only checks (`expect`) runs
// along with the step before it. Going back takes the last step back: to the place that it began in.

import type { HistoryAnswer, LessonStep } from '../types.ts';
import { isSame, type Place, placeOf } from './places.ts';

/** A step, and what it did when it was run last. */
export interface Step extends LessonStep {
  run?: { from: Place; to: Place };
}

export interface Stop {
  step: number; // that was run
  from: Place; // in which it began
}

export interface Progress {
  steps: Step[];
  next: number; // the step that is shown or comes next
  shown: boolean; // it has been announced
  failed: boolean; // its command was refused: the next key leaves it out
  stops: Stop[];
  ended: Place | null; // in which the last step ended; null: none was run
}

export function begin(steps: readonly LessonStep[]): Progress {
  return { steps: [...steps], next: 0, shown: false, failed: false, stops: [], ended: null };
}

/** The steps, with what those of the same script did when it was gone through before: a second class in one session. */
export function runBefore(steps: readonly LessonStep[], before: readonly Step[]): Step[] {
  return steps.map((step, k) => {
    const run = before[k]?.cmd === step.cmd ? before[k].run : undefined;
    return run === undefined ? step : { ...step, run };
  });
}

/** Something is said, noted or asked, or the scene changes. */
export function hasWords(step: LessonStep): boolean {
  return step.say.length > 0 || step.note.length > 0 || Boolean(step.ask) || Boolean(step.scene);
}

/** What a key does now. */
export function nextDoing(progress: Progress): 'announce' | 'run' | 'leave out' | 'end' {
  const step = progress.steps[progress.next];
  if (step === undefined) return 'end';
  if (progress.failed) return 'leave out';
  if (step.cmd === '') return 'announce';
  return progress.shown || !hasWords(step) ? 'run' : 'announce';
}

/** The next step checks what the last one has claimed, without words: it runs along. */
export function checksAlong(progress: Progress): boolean {
  const step = progress.steps[progress.next];
  return step !== undefined && !hasWords(step) && /^expect\b/.test(step.cmd);
}

/** Past a step that is no stop of its own: a check that ran along, or what was left out. */
export function passed(progress: Progress): Progress {
  return { ...progress, next: progress.next + 1, shown: false, failed: false };
}

/** Its command was refused. It stays where it is until it is left out or tried again. */
export function failed(progress: Progress): Progress {
  return { ...progress, shown: true, failed: true };
}

/** Announces the step; one that is only said is passed by. */
export function announce(progress: Progress): Progress {
  const next = progress.shown ? progress.next + 1 : progress.next;
  return { ...progress, next, shown: next < progress.steps.length };
}

/** After the command of the step has run. */
export function ran(progress: Progress, from: Place, to: Place): Progress {
  const steps = progress.steps.map((step, k) => (k === progress.next ? { ...step, run: { from, to } } : step));
  const stops = [...progress.stops, { step: progress.next, from }];
  return { ...progress, steps, next: progress.next + 1, shown: false, failed: false, stops, ended: to };
}

/** Back to before the last step that was run, which began in `to`; what failed is only shown again. Null: nothing was run. */
export function back(progress: Progress): { progress: Progress; to: Place | null } | null {
  if (progress.failed) return { progress: { ...progress, failed: false }, to: null };
  const last = progress.stops[progress.stops.length - 1];
  if (last === undefined) return null;
  const stops = progress.stops.slice(0, -1);
  return { progress: { ...progress, next: last.step, shown: true, stops, ended: last.from }, to: last.from };
}

/**
 * Where a step ends that must not be run again, as it has been: its branch is there, or the branch that it switches to has grown
 * meanwhile. Null: its command is run. What leads on along the branch ends in the moment that is kept.
 */
export function endsAgain(step: Step, history: HistoryAnswer): Place | null {
  const here = placeOf(history);
  const { run } = step;
  if (run !== undefined && isSame(run.from, here)) {
    const leadsOn = run.to.branch === here.branch && run.to.moment >= here.moment;
    return leadsOn ? null : run.to;
  }
  const name = branchMade(step.cmd);
  return history.branches.some((b) => b.branch === name) ? { ...here, branch: name! } : null;
}

/** The name in `branch NAME`. */
export function branchMade(cmd: string): string | undefined {
  return /^branch\s+(\S+)$/.exec(cmd.trim())?.[1];
}

/** All of the script has run, from the start and with nothing between: played alone it ends in the same state. */
export function isWhole(progress: Progress, present: Place): boolean {
  const { steps, stops } = progress;
  const run = new Set(stops.map(({ step }) => step));
  const start = (k: number): Place | undefined => (k === 0 ? { moment: 0, branch: 'main' } : steps[stops[k - 1]!.step]!.run?.to);
  return nextDoing(progress) === 'end' && leftAt(progress, present) === null
    && stops.every(({ from }, k) => start(k) !== undefined && isSame(from, start(k)!))
    && steps.every(({ cmd }, k) => cmd === '' || /^expect\b/.test(cmd) || run.has(k));
}

/** A word of a command line as a shell reads it. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Somebody has done something else since: the place to go back to, or null. */
export function leftAt(progress: Progress, present: Place): Place | null {
  return progress.ended !== null && !isSame(progress.ended, present) ? progress.ended : null;
}

/** `repeat 3 { train; ag }` as its six commands; null where the step is no such loop. */
export function unfold(step: Step): Step[] | null {
  const found = /^\s*repeat\s+(\d+)\s*\{([\s\S]*)\}\s*$/.exec(step.cmd);
  if (found === null) return null;
  const times = Number(found[1]);
  const body = commandsOf(found[2]!);
  if (body.length === 0 || times < 1 || times * body.length > 200) return null;
  const { run: _, ...whole } = step;
  const steps: Step[] = [];
  for (let k = 0; k < times; k++)
    body.forEach((cmd, b) => steps.push({ ...(k === 0 && b === 0 ? whole : { line: step.line, say: [], note: [] }), cmd }));
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
