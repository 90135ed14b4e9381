// Plays a lesson: announces and runs its steps, goes back, asks the class. The speaker's window listens on a channel.

import type { App, CommandReply, HistoryAnswer, LessonAnswer, Scene } from '../types.ts';
import { type Place, placeOf, wayTo } from './places.ts';
import { announce, back, begin, branchMade, checksAlong, endsAgain, failed, leftAt, nextDoing, passed, type Progress, ran, runBefore, type Step, unfold } from './steps.ts';

const interrupted = 130; // code of a command that somebody has stopped
const untrue = 5; // code of an `expect` that does not hold: the lesson goes on

/** What the two windows tell each other. All tabs of a browser hear it: `tab` is the one that presents. */
export type Word =
  | { kind: 'state'; tab: string; state: Shown }
  | { kind: 'do'; tab: string; id: string }
  | { kind: 'who' };

/** All that the speaker's window shows. */
export interface Shown {
  title: string;
  progress: Progress | null;
  caption: string;
  scene: Scene | null;
  blank: boolean;
  began: number; // wall clock, milliseconds
}

export class LessonPlayer {
  progress: Progress | null = null;
  file = '';
  title = '';
  caption = '';
  blank = false;
  /** Called when a step is run. */
  onRun: () => void = () => {};
  began = Date.now();
  /** A random name of this tab, which stays when it is loaded again. */
  tab = Math.random().toString(36).slice(2);
  private asked: { step: number; name: string } | null = null; // the question that the class sees
  private asking: Promise<void> = Promise.resolve();
  private before: { file: string; steps: Step[] } = { file: '', steps: [] }; // the lesson that was closed last
  private running = false;
  private readonly ways = new Set<string>(); // commands that lead to a place, until they are answered
  private readonly channel = new BroadcastChannel('delstep-lesson');

  constructor(private readonly app: App, private readonly changed: () => void) {
    this.channel.onmessage = (event: MessageEvent<Word>) => {
      if (event.data.kind === 'do' && event.data.tab === this.tab) this.obey(event.data.id);
      else if (event.data.kind === 'who' && this.presents()) this.tell();
    };
    this.recall();
    this.keep();
  }

  private presents(): boolean {
    return this.app.look.scene !== null;
  }

  private obey(id: string): void {
    if (this.presents()) this.app.run(id);
    else this.app.say('The speaker’s window turns the pages only while this tab presents.', true);
  }

  async open(file: string): Promise<void> {
    const answer = await this.app.get<LessonAnswer>('/api/lesson', { file });
    this.file = file;
    this.title = answer.title || file;
    this.progress = begin(runBefore(answer.steps, this.before.file === file ? this.before.steps : []));
    this.began = Date.now();
    this.caption = this.title;
    const { moment } = this.app.present;
    if (moment !== 0) this.app.say(`The session stands at moment ${moment}; the command reset goes to its start.`, true);
    this.done();
  }

  close(): void {
    this.before = { file: this.file, steps: this.progress?.steps ?? [] };
    [this.progress, this.file, this.title, this.caption] = [null, '', '', ''];
    this.done();
  }

  /** One key on: shows the next step, or runs the one that is shown. */
  async on(): Promise<void> {
    if (this.progress === null) return this.app.say('No lesson is open.', true);
    if (this.running) return;
    const doing = nextDoing(this.progress);
    if (doing === 'end') return this.app.say('The lesson has ended.', true);
    if (doing === 'announce') this.announce();
    else if (doing === 'leave out') this.leaveOut();
    else await this.alone(() => this.run());
    this.done();
  }

  // No other key counts meanwhile.
  private async alone(work: () => Promise<void>): Promise<void> {
    this.running = true;
    this.changed();
    try {
      await work();
    } catch (error) {
      this.app.say(error instanceof Error ? error.message : String(error), true);
    } finally {
      this.running = false;
    }
  }

  private leaveOut(): void {
    const { cmd } = this.progress!.steps[this.progress!.next]!;
    this.progress = passed(this.progress!);
    this.caption = `Left out: ${cmd}`;
    this.app.say(this.caption, true);
  }

  private announce(): void {
    this.progress = announce(this.progress!);
    const step = this.progress.steps[this.progress.next];
    if (step === undefined) {
      this.caption = 'The end.';
      return;
    }
    if (step.say.length > 0) this.caption = step.say.join(' ');
    this.lookAt(step.cmd);
    if (step.scene) this.app.set({ scene: step.scene });
    this.app.say(this.caption);
  }

  /** The class is asked what the step that is shown asks, from when it is shown until it is run, and only while this tab presents. */
  async settle(): Promise<void> {
    this.asking = this.asking.then(() => this.askOrEnd());
    await this.asking;
  }

  private async askOrEnd(): Promise<void> {
    const { progress, asked } = this;
    const shown = progress?.shown && !progress.failed && !this.running && this.presents() ? progress.next : -1;
    const step = progress?.steps[shown];
    if (this.app.mayNot() !== null || (asked?.step ?? -1) === (step?.ask ? shown : -1)) return;
    // Asked once more it is another question: pages that have missed the end of the first one see it too.
    this.asked = step?.ask ? { step: shown, name: `${step.line}-${Date.now()}` } : null;
    this.keep();
    try {
      await this.app.post('/api/ask', this.asked === null ? { end: asked!.name } : { ask: this.asked.name, ...step!.ask });
    } catch (error) {
      this.app.say(`The question could not be asked: ${error instanceof Error ? error.message : String(error)}.`, true);
    }
  }

  // The picture of `why ann gus` is that of ann, with the ways of gus.
  private lookAt(cmd: string): void {
    const words = /^why\s+(\S+)(?:\s+(\S+))?$/.exec(cmd.trim());
    if (words === null) return;
    const nodeOf = (word: string | undefined): number | null => {
      const found = this.app.hello.nodes.findIndex((n) => n.node === word || (n.name !== '' && n.name === word));
      return found < 0 ? null : found;
    };
    this.app.set({ node: nodeOf(words[1]), source: nodeOf(words[2]), message: null });
  }

  private async run(): Promise<void> {
    this.onRun();
    await this.settle(); // before the answer can be seen
    const step = this.progress!.steps[this.progress!.next]!;
    const before = await this.history(step.run !== undefined || branchMade(step.cmd) !== undefined);
    // What was gone over before and cannot be run twice is gone to.
    const end = endsAgain(step, before);
    const way = end === null ? null : wayTo(end, before);
    const reply = await (way === null ? this.app.sendNow(step.cmd) : this.go(way));
    if (!reply.ok && reply.code !== untrue) {
      // What was never sent, or stopped by a person, is tried again by the same key.
      if (reply.answers.length > 0 && reply.code !== interrupted) this.progress = failed(this.progress!);
      return;
    }
    const last = reply.answers[reply.answers.length - 1];
    if (last?.says && way === null) this.caption = last.says;
    this.progress = ran(this.progress!, placeOf(before), placeOf(await this.history(false)));
    while (checksAlong(this.progress)) {
      await this.app.sendNow(this.progress.steps[this.progress.next]!.cmd);
      this.progress = passed(this.progress);
    }
  }

  private async go(way: string): Promise<CommandReply> {
    if (way === '') return { ok: true, code: 0, answers: [] };
    for (const cmd of way.split('; ')) this.ways.add(cmd);
    return this.app.sendNow(way);
  }

  /** Whether this was answered to a command that only led to a place: the caption stays what the lesson says. */
  ledHere(cmd: string): boolean {
    return this.ways.delete(cmd);
  }

  // As it is now; the stream may not have told yet. Not `whole`: only of moments that this page does not know.
  private history(whole: boolean): Promise<HistoryAnswer> {
    return this.app.get<HistoryAnswer>('/api/history', { since: whole ? null : this.app.present.history });
  }

  private async goTo(place: Place): Promise<boolean> {
    const way = wayTo(place, await this.history(true)) ?? `goto ${place.moment}`;
    return (await this.go(way)).ok;
  }

  async back(): Promise<void> {
    if (this.running) return;
    const step = this.progress === null ? null : back(this.progress);
    if (step === null) return this.app.say('Nothing of the lesson was run.', true);
    await this.alone(async () => {
      if (step.to !== null && !(await this.goTo(step.to))) return;
      this.progress = step.progress;
      this.caption = step.progress.steps[step.progress.next]?.say.join(' ') ?? '';
    });
    this.done();
  }

  /** Where the lesson stands, if somebody has done something else since. */
  left(): Place | null {
    return this.progress === null || this.running ? null : leftAt(this.progress, this.app.present);
  }

  returnToScript(): void {
    const place = this.left();
    if (place !== null) void this.alone(async () => void (await this.goTo(place))).then(() => this.done());
  }

  /** The commands of the loop that is shown, one by one. */
  unfold(): void {
    const progress = this.progress;
    const step = progress?.steps[progress.next];
    const parts = step === undefined ? null : unfold(step);
    if (progress === null || parts === null) return this.app.say('The step is no loop.', true);
    progress.steps.splice(progress.next, 1, ...parts);
    this.done();
  }

  setBlank(on: boolean): void {
    this.blank = on;
    this.done();
  }

  tell(): void {
    const { title, progress, caption, blank, began } = this;
    this.channel.postMessage({ kind: 'state', tab: this.tab, state: { title, progress, caption, blank, began, scene: this.app.look.scene } } satisfies Word);
  }

  private done(): void {
    this.keep();
    void this.settle();
    this.changed();
    this.tell();
  }

  // A page that is loaded again goes on where it was.
  private keep(): void {
    const { file, title, progress, caption, began, before, asked, tab } = this;
    try {
      sessionStorage.setItem('delstep-lesson', JSON.stringify({ file, title, progress, caption, began, before, asked, tab }));
    } catch {
      // Without storage the lesson begins anew after a reload.
    }
  }

  private recall(): void {
    try {
      const kept = sessionStorage.getItem('delstep-lesson');
      if (kept !== null) Object.assign(this, JSON.parse(kept));
    } catch {
      // What is stored there is of another version.
    }
  }
}
