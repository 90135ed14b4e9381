// Plays a lesson: announces and runs its steps, goes back, asks the class. The speaker's window listens on a channel.

import type { App, LessonAnswer, Scene } from '../types.ts';
import { announce, back, begin, checked, checksAlong, leftAt, nextDoing, type Progress, ran, unfold } from './steps.ts';

/** What the two windows tell each other. */
export type Word =
  | { kind: 'state'; state: Shown }
  | { kind: 'do'; id: string }
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
  /** Called when a step is run: the question about it is over. */
  onRun: () => void = () => {};
  began = Date.now();
  private running = false;
  private readonly channel = new BroadcastChannel('delstep-lesson');

  constructor(private readonly app: App, private readonly changed: () => void) {
    this.channel.onmessage = (event: MessageEvent<Word>) => {
      if (event.data.kind === 'do') this.app.run(event.data.id);
      else if (event.data.kind === 'who') this.tell();
    };
    this.recall();
  }

  async open(file: string): Promise<void> {
    const answer = await this.app.get<LessonAnswer>('/api/lesson', { file });
    this.file = file;
    this.title = answer.title || file;
    this.progress = begin(answer.steps);
    this.began = Date.now();
    this.caption = this.title;
    this.done();
  }

  close(): void {
    [this.progress, this.file, this.title, this.caption] = [null, '', '', ''];
    this.done();
  }

  /** One key on: shows the next step, or runs the one that is shown. */
  async on(): Promise<void> {
    if (this.progress === null) return this.app.say('No lesson is open.', true);
    if (this.running) return;
    const doing = nextDoing(this.progress);
    if (doing === 'end') return this.app.say('The lesson has ended.', true);
    if (doing === 'announce') await this.announce();
    else await this.run();
    this.done();
  }

  private async announce(): Promise<void> {
    this.progress = announce(this.progress!);
    const step = this.progress.steps[this.progress.next];
    if (step === undefined) {
      this.caption = 'The end.';
      return;
    }
    if (step.say.length > 0) this.caption = step.say.join(' ');
    this.lookAt(step.cmd);
    if (step.scene) this.app.set({ scene: step.scene });
    if (step.ask && this.app.mayNot() === null)
      await this.app.post('/api/ask', { ask: String(step.line), ...step.ask }).catch(() => this.app.say('The question could not be asked.', true));
    this.app.say(this.caption);
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
    this.running = true;
    this.onRun();
    const from = this.app.present.moment;
    const step = this.progress!.steps[this.progress!.next]!;
    this.changed();
    try {
      const reply = await this.app.sendNow(step.cmd);
      if (!reply.ok && reply.code !== 5) return;
      const last = reply.answers[reply.answers.length - 1];
      if (last?.says) this.caption = last.says;
      this.progress = ran(this.progress!, from, await this.momentAfter(from, reply.answers.length));
      while (checksAlong(this.progress)) {
        await this.app.sendNow(this.progress.steps[this.progress.next]!.cmd);
        this.progress = checked(this.progress);
      }
    } finally {
      this.running = false;
    }
  }

  // The reply can be here before the stream has told of the new moment.
  private async momentAfter(from: number, answers: number): Promise<number> {
    if (answers === 0) return from;
    try {
      return (await this.app.get<{ present: number }>('/api/history', { since: this.app.present.history })).present;
    } catch {
      return this.app.present.moment;
    }
  }

  async back(): Promise<void> {
    const step = this.progress === null ? null : back(this.progress);
    if (step === null) return this.app.say('Nothing of the lesson was run.', true);
    const reply = step.moment === this.app.present.moment ? { ok: true } : await this.app.sendNow(`goto ${step.moment}`);
    if (reply.ok) this.progress = step.progress;
    this.caption = this.progress?.steps[step.progress.next]?.say.join(' ') ?? '';
    this.done();
  }

  /** Where the lesson stands, if somebody has done something else since. */
  left(): number | null {
    return this.progress === null || this.running ? null : leftAt(this.progress, this.app.present.moment);
  }

  returnToScript(): void {
    const moment = this.left();
    if (moment !== null) void this.app.sendNow(`goto ${moment}`).then(() => this.done());
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
    this.channel.postMessage({ kind: 'state', state: { title, progress, caption, blank, began, scene: this.app.look.scene } } satisfies Word);
  }

  // A page that is loaded again goes on where it was.
  private done(): void {
    const { file, title, progress, caption, began } = this;
    try {
      sessionStorage.setItem('delstep-lesson', JSON.stringify({ file, title, progress, caption, began }));
    } catch {
      // Without storage the lesson begins anew after a reload.
    }
    this.changed();
    this.tell();
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
