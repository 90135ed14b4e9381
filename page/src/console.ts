/** The console: what everybody typed and was told, and a line to type into, with history and completion. */
import type { Page } from './app.ts';
import { choosesMoment } from './chosen_moment.ts';
import { fill, h, perFrame, text } from './dom.ts';
import { count, plural } from './format.ts';
import { icon } from './icons.ts';
import type { Answer } from './types.ts';

const keptLines = 600;
const keptBefore = 100;
const longAnswer = 60; // lines
const foldedTo = 12; // lines at the beginning and at the end

interface Completion {
  begin: number;
  words: string[];
  hint: string;
}

/** The list of words under the line, as one line may go on. */
class Completer {
  readonly list = h('div', { class: 'words', id: 'console-words', role: 'listbox', 'aria-label': 'Completions', hidden: true });
  private words: string[] = [];
  private begin = 0;
  private at = -1;
  private asked = 0;

  constructor(private input: HTMLInputElement, private hint: HTMLElement, private page: Page) {}

  close(): void {
    this.list.hidden = true;
    this.words = [];
    this.at = -1;
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
  }

  get open(): boolean {
    return !this.list.hidden;
  }

  /** Asks for the words at the cursor; `open` shows the list, else only the hint is shown. */
  async ask(open: boolean): Promise<void> {
    // Who may not type commands is told no words either.
    if (this.page.hello.recorded || this.page.hello.rights === 'watch') return;
    const number = ++this.asked;
    const line = this.input.value.slice(0, this.input.selectionStart ?? undefined);
    try {
      const answer = await this.page.get<Completion>('/api/complete', { line });
      if (number !== this.asked) return;
      text(this.hint, answer.hint ?? '');
      if (!open) return;
      this.words = answer.words;
      this.begin = answer.begin;
      this.at = -1;
      if (this.words.length === 1) this.take(0);
      else this.show();
    } catch {
      this.close();
    }
  }

  private show(): void {
    this.list.hidden = this.words.length === 0;
    this.input.setAttribute('aria-expanded', String(!this.list.hidden));
    fill(this.list, ...this.words.slice(0, 200).map((word, k) =>
      h('div', { role: 'option', id: `word-${k}`, 'aria-selected': String(k === this.at), onpointerdown: (e: Event) => {
        e.preventDefault();
        this.take(k);
      } }, word)));
  }

  move(step: number): void {
    const count = Math.min(200, this.words.length);
    this.at = (this.at + step + count) % count;
    this.show();
    this.input.setAttribute('aria-activedescendant', `word-${this.at}`);
    this.list.children[this.at]?.scrollIntoView({ block: 'nearest' });
  }

  /** True: a word was chosen and taken. */
  choose(): boolean {
    if (!this.open || this.at < 0) return false;
    this.take(this.at);
    return true;
  }

  private take(k: number): void {
    const cursor = this.input.selectionStart ?? this.input.value.length;
    const before = this.input.value.slice(0, this.begin) + this.words[k]! + ' ';
    this.input.value = before + this.input.value.slice(cursor).trimStart();
    this.input.setSelectionRange(before.length, before.length);
    this.close();
    void this.ask(false);
  }
}

/** The lines that were typed in this tab, newest last. */
class Typed {
  private lines: string[] = [];
  private at = 0;
  private draft = '';

  add(line: string): void {
    if (this.lines.at(-1) !== line) this.lines.push(line);
    this.at = this.lines.length;
  }

  step(by: number, now: string): string | null {
    if (this.at === this.lines.length) this.draft = now;
    const next = this.at + by;
    if (next < 0 || next > this.lines.length) return null;
    this.at = next;
    return next === this.lines.length ? this.draft : this.lines[next]!;
  }
}

export function mountConsole(host: HTMLElement, page: Page): void {
  const lines = h('div', { class: 'lines', tabindex: '0', role: 'log', 'aria-live': 'off', 'aria-label': 'What was typed and answered' });
  const prompt = h('span', { class: 'prompt', 'aria-hidden': 'true' });
  const hint = h('span', { class: 'hint', id: 'console-hint' });
  const input = h('input', {
    id: 'console-input', 'data-action': 'console', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', 'aria-label': 'Command', role: 'combobox',
    'aria-expanded': 'false', 'aria-controls': 'console-words', 'aria-autocomplete': 'list', 'aria-describedby': 'console-hint',
  });
  const completer = new Completer(input, hint, page);
  const typed = new Typed();
  const stop = h('button', { type: 'button', hidden: true, title: 'Stops what runs and the script it came from; the session stays', onclick: () => void page.post('/api/cancel', {}) }, 'Stop');
  const fold = h('button', { type: 'button', 'aria-expanded': 'true', title: 'Fold the console' }, icon('down'));
  fold.setAttribute('aria-label', 'Console: fold or unfold');
  fold.onclick = () => {
    const folded = host.classList.toggle('folded');
    fold.setAttribute('aria-expanded', String(!folded));
    fill(fold, icon(folded ? 'up' : 'down'));
  };
  const helpButton = h('button', { type: 'button', title: 'Help on what stands in the line (F1)', 'aria-label': 'help on the command' }, 'help');
  helpButton.onclick = () => void explain(page, input.value).then(print);
  const form = h('form', {}, completer.list, prompt, input, hint, stop, h('button', {}, 'Enter'), helpButton, fold);
  fill(host, lines, form);

  // All that came since the last frame at once: to know whether the end is in view is to lay out all lines.
  const fresh: (() => HTMLElement)[] = [];
  const flush = perFrame(() => {
    const atEnd = lines.scrollTop + lines.clientHeight > lines.scrollHeight - 30;
    lines.append(...fresh.splice(0).slice(-keptLines).map((part) => part()));
    while (lines.childElementCount > keptLines) lines.firstElementChild!.remove();
    if (atEnd) lines.scrollTop = lines.scrollHeight;
  });
  const later = (part: () => HTMLElement): void => {
    fresh.push(part);
    flush();
  };
  const print = (part: HTMLElement): void => later(() => part);
  page.remark = (line) => print(h('div', { class: 'remark' }, line));
  for (const { cmd, says } of page.before.slice(-keptBefore))
    print(h('div', { class: 'before' }, h('span', { class: 'who' }, '> '), h('span', { class: 'cmd' }, cmd), says === '' ? '' : `\n${says}`));
  if (page.before.length > 0 && !page.hello.recorded) print(h('div', { class: 'before soft' }, 'So far. What is typed from now on stands here with its whole answer.'));
  // What is sent comes back by the stream, as what everybody else sends.
  page.on('answer', (detail) => later(() => answerLine(detail as Answer)));
  page.on('missed', (count) => page.remark(`${plural(count as number, 'answer')} left out here: they came too fast to be read.`));

  form.addEventListener('submit', (e) => {
    e.preventDefault();
    if (completer.choose()) return;
    const line = input.value.trim();
    completer.close();
    input.value = '';
    text(hint, '');
    if (line === '') return;
    typed.add(line);
    lines.scrollTop = lines.scrollHeight;
    void (choosesMoment(line) ? page.sendNow(line) : page.send(line));
  });
  input.addEventListener('input', () => {
    completer.close();
    void completer.ask(false);
  });
  input.addEventListener('blur', () => completer.close());
  input.addEventListener('keydown', (e) => {
    if (e.key === 'F1') {
      e.preventDefault();
      helpButton.click();
    } else {
      keyInLine(e, input, completer, typed);
    }
  });

  const foot = (): void => {
    text(prompt, page.present.prompt.trim() || '>');
    const busy = page.busy();
    stop.hidden = !busy || page.mayNot() !== null;
    if (busy) text(hint, busyLine(busy));
    else if (hint.dataset.busy) text(hint, '');
    hint.dataset.busy = busy ? '1' : '';
  };
  for (const change of ['present', 'connection'] as const) page.on(change, foot);
  let cut = false;
  page.on('connection', () => {
    if (page.connection === 'open' && cut) page.remark('The line was cut and is there again; what was answered meanwhile does not stand here.');
    cut = page.connection === 'lost';
  });
  page.on('connection', () => (input.placeholder = page.mayNot() ?? 'a command, such as train; Tab completes'));
  // While a scene is presented it is there only as long as somebody types.
  host.addEventListener('focusout', (e) => {
    if (!host.contains(e.relatedTarget as Node | null)) document.body.classList.remove('typing');
  });
  page.register({ id: 'console', label: 'Type a command', keys: ':', run: openConsole });
}

/** Shows the console, also below a presented scene, with the cursor in its line. */
export function openConsole(): HTMLInputElement {
  document.getElementById('console')!.classList.remove('folded');
  document.body.classList.add('typing');
  const input = document.getElementById('console-input') as HTMLInputElement;
  input.focus();
  return input;
}

/** What `help` says of the words in the line; a question, so nothing is typed. */
async function explain(page: Page, line: string): Promise<HTMLElement> {
  try {
    const { lines } = await page.get<{ lines: string[] }>('/api/help', { command: line.trim() });
    return h('div', { class: 'remark' }, lines.join('\n'));
  } catch (error) {
    return h('div', { class: 'bad' }, error instanceof Error ? error.message : String(error));
  }
}

export function busyLine(busy: { client: string; cmd: string; seconds: number; done: number; of: number }): string {
  const share = busy.of > 0 ? ` ${Math.floor((100 * busy.done) / busy.of)} %` : '';
  return `${busy.cmd}: ${Math.round(busy.seconds)} s${share} (${busy.client})`;
}

function answerLine(answer: Answer): HTMLElement {
  const line = h('div', { 'data-answer': answer.cmd });
  line.append(h('span', { class: 'who' }, `${answer.client ?? ''}> `), h('span', { class: 'cmd' }, answer.cmd), '\n');
  const said = (answer.text ?? answer.says ?? '').replace(/\n+$/, '');
  if (answer.error) {
    line.append(h('span', { class: 'bad' }, said || answer.error.message));
    if (answer.error.hint && !said.includes(answer.error.hint)) line.append(h('span', { class: 'soft' }, `\n${answer.error.hint}`));
  } else {
    line.append(...folded(said));
  }
  return line;
}

/** With many nodes an answer has as many lines; the middle of a long one is shown when it is asked for. */
function folded(said: string): (string | HTMLElement)[] {
  const lines = said.split('\n');
  const left = lines.length - 2 * foldedTo;
  if (lines.length <= longAnswer) return [said];
  const middle = h('button', { type: 'button', class: 'plain', onclick: () => middle.replaceWith(lines.slice(foldedTo, -foldedTo).join('\n')) },
    `… show ${count(left)} more lines`);
  return [`${lines.slice(0, foldedTo).join('\n')}\n`, middle, `\n${lines.slice(-foldedTo).join('\n')}`];
}

function keyInLine(e: KeyboardEvent, input: HTMLInputElement, completer: Completer, typed: Typed): void {
  const recall = (by: number): void => {
    const line = typed.step(by, input.value);
    if (line !== null) input.value = line;
  };
  if (e.key === 'Tab' && !e.shiftKey && input.value !== '' && !completer.open) {
    e.preventDefault();
    void completer.ask(true);
  } else if ((e.key === 'Tab' || e.key === 'ArrowDown') && completer.open) {
    e.preventDefault();
    completer.move(e.shiftKey ? -1 : 1);
  } else if (e.key === 'ArrowUp' && completer.open) {
    e.preventDefault();
    completer.move(-1);
  } else if (e.key === 'ArrowUp' || e.key === 'ArrowDown') {
    e.preventDefault();
    recall(e.key === 'ArrowUp' ? -1 : 1);
  } else if (e.key === 'Escape') {
    if (completer.open) completer.close();
    else input.blur();
    e.stopPropagation();
  }
}
