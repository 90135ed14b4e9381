// Presenting: one scene fills the screen, with a caption that is read from the last row. The content is scaled, not the frame.

import './present.css';
import { fill, h, text } from './dom.ts';
import { LessonPlayer } from './lesson/player.ts';
import { mountSpeaker } from './lesson/speaker.ts';
import { isWhole, nextDoing, shellWord, unfold } from './lesson/steps.ts';
import { VoteBox } from './lesson/votes.ts';
import type { Answer, App, Scene } from './types.ts';

/** Commands whose tables a class wants to see. */
const tables = new Set(['neighborhood', 'data', 'guestbook', 'messages', 'status', 'confusion', 'diff', 'encounters', 'history', 'stats', 'help']);
const mostLines = 16;

const scenes: [Scene, string][] = [['network', '1 Network'], ['time', '2 Time'], ['curves', '3 Curves'], ['why', '4 Why']];

const faces = { announce: 'next ▶', run: 'run ▶', 'leave out': 'leave out ▶', end: 'the end' };

/** Presenting: scenes, lessons, votes, the speaker's window. `host` is the strip below the scene. */
export function mountPresent(host: HTMLElement, app: App): void {
  if (new URLSearchParams(location.search).has('speaker')) {
    const whole = h('main', { id: 'speaker' });
    document.body.append(whole);
    document.body.classList.add('is-speaker');
    return mountSpeaker(whole, app);
  }
  new Stage(host, app);
}

class Stage {
  private readonly player: LessonPlayer;
  private readonly caption = h('p', { class: 'caption' });
  private readonly line = h('code', { class: 'coming' });
  private readonly controls = h('div', { class: 'controls' });
  private readonly curtain = h('div', { class: 'curtain', hidden: true, onclick: () => this.player.setBlank(false) });
  private readonly slate = h('pre', { class: 'slate', hidden: true, tabindex: 0, role: 'region', 'aria-label': 'Answer', onclick: () => (this.slate.hidden = true) });
  private lessons: { file: string; title: string }[] | null = null;
  private before: Partial<App['look']> | null = null;
  private home = ''; // the command line that was taken home last

  constructor(private readonly host: HTMLElement, private readonly app: App) {
    this.player = new LessonPlayer(app, () => this.draw());
    const votes = h('section', { class: 'votes', 'aria-label': 'Question to the class', hidden: true });
    document.getElementById('main')!.before(votes);
    document.body.append(this.slate, this.curtain);
    new VoteBox(votes, app).draw();
    this.player.onRun = () => (this.slate.hidden = true);
    fill(host, h('h1', { class: 'unseen' }, app.hello.scenario || 'DEL-Step'), h('div', { class: 'words' }, this.caption, this.line), this.controls);
    this.register();
    app.on('answer', (detail) => this.answered(detail as Answer));
    app.on('look', () => this.draw());
    app.on('present', () => this.draw());
    this.draw();
  }

  private register(): void {
    const { app, player } = this;
    const needsScene = (): string | null => (app.look.scene === null ? 'Present first.' : null);
    for (const [scene, face] of scenes)
      app.register({ id: `scene-${scene}`, label: `Scene: ${face.slice(2)}`, keys: `${face[0]} (presenting)`, run: () => app.set({ scene }) });
    app.register(
      { id: 'present', label: 'Present, or end it', keys: 'p', run: () => this.toggle() },
      { id: 'speaker', label: 'The speaker’s window', keys: 'Shift+P', run: () => this.openSpeaker() },
      { id: 'blank', label: 'Blank the screen', keys: '.', run: () => player.setBlank(!player.blank) },
      { id: 'lesson-on', label: 'Next step of the lesson', keys: 'PageDown', why: needsScene, run: () => void player.on() },
      { id: 'lesson-back', label: 'Take the last step of the lesson back', keys: 'PageUp', why: needsScene, run: () => void player.back() },
      { id: 'follow', label: 'Follow the session', keys: 'f', run: () => app.set({ moment: null, follow: true }) },
    );
  }

  private toggle(): void {
    const { app } = this;
    if (app.look.scene !== null) app.set({ scene: null, ...this.before });
    else {
      // Beamers want light ground.
      this.before = { theme: app.look.theme, panel: app.look.panel };
      app.set({ scene: 'network', theme: app.look.theme === 'auto' ? 'light' : app.look.theme });
      void this.loadLessons();
    }
  }

  private openSpeaker(): void {
    const query = new URLSearchParams(location.search);
    query.set('speaker', this.player.tab);
    window.open(`${location.pathname}?${query}`, 'delstep-speaker', 'width=900,height=700');
  }

  private async loadLessons(): Promise<void> {
    if (this.lessons !== null) return;
    try {
      this.lessons = (await this.app.get<{ lessons: { file: string; title: string }[] }>('/api/lessons')).lessons;
    } catch {
      this.lessons = [];
    }
    this.draw();
  }

  // The last sentence is the caption, unless the lesson has said something.
  private answered(answer: Answer): void {
    const verb = answer.cmd.trim().split(/\s/)[0] ?? '';
    // The answer to `hash` may come before or after what is taken home stands there.
    if (verb === 'hash' && this.home !== '') this.player.caption = this.home;
    else if (this.player.ledHere(answer.cmd)) return;
    else if (answer.error !== undefined) this.player.caption = answer.error.message;
    else if (answer.says && verb !== 'expect') this.player.caption = answer.says;
    if (verb !== 'hash') this.home = '';
    if (verb !== 'expect') this.showTable(verb, answer.text ?? '');
    this.draw();
  }

  // A table that was asked for lies over the scene until something else is done; the console is not seen.
  private showTable(verb: string, words: string): void {
    const lines = words.trimEnd().split('\n');
    this.slate.hidden = !tables.has(verb) || lines.length < 3;
    if (!this.slate.hidden) text(this.slate, lines.slice(0, mostLines).join('\n') + (lines.length > mostLines ? '\n…' : ''));
  }

  private draw(): void {
    const { scene } = this.app.look;
    const on = scene !== null;
    void this.player.settle();
    this.host.hidden = !on;
    document.body.classList.toggle('presenting', on);
    const main = document.getElementById('main');
    if (on) document.body.dataset['scene'] = scene;
    else delete document.body.dataset['scene'];
    if (on && main !== null) delete main.dataset['full'];
    this.curtain.hidden = !this.player.blank;
    if (!on) this.slate.hidden = true;
    if (!on) return;
    if (scene === 'curves' && this.app.look.panel !== 'curves') this.app.set({ panel: 'curves' });
    if (scene === 'why' && this.app.look.panel !== 'why') this.app.set({ panel: 'why' });
    text(this.caption, this.player.progress?.failed ? `${this.player.caption} – The next key leaves this step out.` : this.player.caption);
    text(this.line, this.coming());
    this.drawControls();
    this.player.tell();
  }

  private coming(): string {
    const { progress } = this.player;
    return progress?.steps[progress.next]?.cmd ?? '';
  }

  private drawControls(): void {
    const { app, player } = this;
    const button = (id: string, face: string, pressed?: boolean): HTMLElement => h('button', {
      type: 'button', 'data-action': id, 'aria-pressed': pressed === undefined ? null : String(pressed), onclick: () => app.run(id),
    }, face);
    const { next, shown, failed } = player.progress ?? {};
    const key = JSON.stringify([app.look.scene, player.file, next, shown, failed, player.left(), this.lessons?.length]);
    if (this.controls.dataset['key'] === key) return;
    this.controls.dataset['key'] = key;
    const focus = this.controls.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset['action'] ?? 'lesson-on' : undefined;
    fill(this.controls, h('span', { class: 'group' }, ...scenes.map(([scene, face]) => button(`scene-${scene}`, face, scene === app.look.scene))),
      this.lessonControls(button),
      h('span', { class: 'group' }, button('blank', 'Blank'), button('speaker', 'Speaker'),
        h('button', { type: 'button', onclick: () => void this.takeHome() }, 'Take home'), button('present', 'End')));
    // The buttons are new ones; who stood on one of them, or chose a script, goes on from there.
    if (focus !== undefined) (this.controls.querySelector<HTMLElement>(`[data-action="${focus}"]`) ?? this.controls.querySelector('button'))?.focus();
  }

  private lessonControls(button: (id: string, face: string) => HTMLElement): HTMLElement {
    const { player } = this;
    if (player.progress === null) {
      // Arrows walk over a closed list, so only the button opens.
      const choice = h('select', { 'aria-label': 'Script' },
        h('option', { value: '' }, 'Choose a script…'), ...(this.lessons ?? []).map((l) => h('option', { value: l.file }, l.title || l.file)));
      const open = h('button', { type: 'button', onclick: () => this.open(choice.value) }, 'Open script');
      return h('span', { class: 'group' }, choice, open);
    }
    const { progress } = player;
    const step = progress.steps[progress.next];
    const doing = nextDoing(progress);
    return h('span', { class: 'group' }, button('lesson-back', '◀ back'),
      button('lesson-on', faces[doing]),
      h('span', {}, ` ${Math.min(progress.next + 1, progress.steps.length)}/${progress.steps.length} `),
      step !== undefined && unfold(step) !== null ? h('button', { type: 'button', onclick: () => player.unfold() }, 'Unfold') : null,
      player.left() === null ? null : h('button', { type: 'button', onclick: () => player.returnToScript() }, 'Back to the script'),
      h('button', { type: 'button', onclick: () => player.close() }, 'Close script'));
  }

  private open(file: string): void {
    if (file === '') return this.app.say('Choose a script first.', true);
    void this.player.open(file).catch(() => this.app.say('It cannot be read.', true));
  }

  // The command that does all of it again at home, and the hash that it must end with: known once all of the script has run here.
  private async takeHome(): Promise<void> {
    const { app, player } = this;
    const script = player.file === '' ? [] : ['-f', player.file];
    const words = ['delstep', ...(app.hello.words ?? [app.hello.scenario]), ...script].map(shellWord).join(' ');
    const whole = player.progress !== null && isWhole(player.progress, app.present);
    let hash = '';
    if (whole && app.mayNot() === null) {
      const reply = await app.sendNow('hash');
      hash = String(reply.answers[0]?.result?.['world'] ?? '');
    }
    const line = hash === '' ? words : `${words} -c hash   # here: ${hash}`;
    await copy(line);
    const later = player.progress !== null && !whole ? ' – The hash comes with it when all of the script has run here.' : '';
    app.say(`Copied: ${line}${later}`);
    this.home = player.caption = `${line}${later}`;
    this.draw();
  }
}

/** The clipboard's own way needs a safe address; on the network of a class the old way works. */
async function copy(line: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(line);
  } catch {
    const field = h('textarea', { 'aria-hidden': 'true' });
    field.value = line;
    document.body.append(field);
    field.select();
    document.execCommand('copy');
    field.remove();
  }
}
