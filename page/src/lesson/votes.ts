// The question to the class: everybody's page shows it, with buttons; the projected one with the counts.

import { fill, h } from '../dom.ts';
import type { App } from '../types.ts';

/** A random name of this browser, so that who votes again changes the vote. */
function voter(): string {
  const made = Array.from(crypto.getRandomValues(new Uint8Array(8)), (b) => b.toString(16).padStart(2, '0')).join('');
  try {
    const known = localStorage.getItem('delstep-voter');
    if (known !== null) return known;
    localStorage.setItem('delstep-voter', made);
  } catch {
    // Without storage each page is a voter of its own.
  }
  return made;
}

export class VoteBox {
  private readonly me = voter();
  private choice = -1;
  private asked: string | null = null;
  private closed: string | null = null;

  constructor(private readonly host: HTMLElement, private readonly app: App) {
    app.on('votes', () => this.draw());
    app.on('look', () => this.draw());
  }

  draw(): void {
    const { votes } = this.app;
    const ask = votes?.ask ?? null;
    if (ask !== this.asked) [this.asked, this.choice, this.closed] = [ask, -1, null];
    this.host.hidden = ask === null || ask === '' || this.closed === ask || votes?.answers === undefined || votes.answers.length === 0;
    if (this.host.hidden || votes === null) return;
    const total = votes.counts.reduce((sum, n) => sum + n, 0);
    fill(this.host,
      h('h2', {}, votes.question ?? ''),
      h('div', { class: 'answers' }, ...votes.answers!.map((answer, k) => this.answer(answer, k, votes.counts[k] ?? 0, total))),
      h('p', { class: 'soft' }, total === 1 ? '1 vote' : `${total} votes`),
      h('button', { type: 'button', class: 'plain', onclick: () => this.close() }, 'close'));
  }

  private answer(answer: string, k: number, count: number, total: number): HTMLElement {
    const bar = h('i', {});
    bar.style.width = `${total === 0 ? 0 : (count / total) * 100}%`;
    return h('button', {
      type: 'button', class: 'answer', 'aria-pressed': String(k === this.choice), onclick: () => void this.vote(k),
    }, bar, h('span', {}, answer), h('b', {}, String(count)));
  }

  private async vote(choice: number): Promise<void> {
    const ask = this.asked;
    if (ask === null) return;
    this.choice = choice;
    this.draw();
    try {
      await this.app.post('/api/vote', { ask, choice, voter: this.me });
    } catch {
      this.app.say('The question is not asked any more.', true);
    }
  }

  /** Takes the question away on this page; the next one shows again. */
  private close(): void {
    this.closed = this.asked;
    this.draw();
  }
}
