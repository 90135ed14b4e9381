/**
 * Going on by itself. While the past is looked at, playing only looks on, moment by moment, until the present one. At the present
 * moment it types `next` (Watch) or `run` (Fast, Blind) again and again, so that the console tells what was done.
 */
import type { Page } from './app.ts';

export class Player {
  /** Watch: happenings a second. Fast, Blind: simulated seconds a command. */
  speed = 2;
  private timer = 0;
  /** Counts what was begun: a step of an earlier one, which still waited for its answer, does not go on. */
  private begun = 0;

  get playing(): boolean {
    return this.page.playing;
  }

  private set playing(on: boolean) {
    this.page.playing = on;
  }

  constructor(private page: Page, private changed: () => void) {}

  toggle(): void {
    if (this.playing) this.stop('Paused.');
    else this.begin();
  }

  faster(factor: number): void {
    this.speed = Math.min(64, Math.max(0.25, this.speed * factor));
    this.page.say(`Speed ${this.speed}.`);
    this.changed();
  }

  stop(sentence: string): void {
    this.playing = false;
    void this.page.loadState();
    clearTimeout(this.timer);
    this.page.say(sentence);
    this.changed();
  }

  private begin(): void {
    if (!this.page.past()) {
      const why = this.page.mayNot() ?? this.nothingToCome();
      if (why) {
        this.page.remark(why);
        return this.page.say(why, true);
      }
      if (this.page.look.gear === 'step') return void this.page.sendNow('next');
    }
    this.playing = true;
    this.changed();
    void this.step(++this.begun);
  }

  /** Where nothing happens by itself, playing would stand still: tell what would help. */
  private nothingToCome(): string | null {
    const { next, queued } = this.page.present;
    const behaves = this.page.state?.nodes.behaviour?.some((b) => b !== 'none') ?? false;
    const flight = this.page.state?.counts.in_flight ?? 0;
    if (next || queued > 0 || behaves || flight > 0) return null;
    return 'Nothing comes by itself here: `set behaviour.name gossip` lets nodes act, `flood` sends models.';
  }

  private async step(mine: number): Promise<void> {
    const began = performance.now();
    if (this.page.past()) this.lookOn();
    else await this.goOn(mine);
    if (!this.isOn(mine)) return;
    const pause = this.page.past() || this.page.look.gear === 'watch' ? 1000 / this.speed : this.page.look.gear === 'fast' ? 250 : 50;
    this.timer = window.setTimeout(() => void this.step(mine), Math.max(0, pause - (performance.now() - began)));
  }

  private lookOn(): void {
    const path = this.page.story.path(this.page.present.moment);
    const at = path.indexOf(this.page.shown());
    const next = at >= 0 ? path[at + 1] : this.page.story.children(this.page.shown())[0];
    this.page.set({ moment: next ?? null });
    if (!this.page.past()) this.stop('Back at the present moment.');
  }

  private isOn(mine: number): boolean {
    return this.playing && mine === this.begun;
  }

  private async goOn(mine: number): Promise<void> {
    const { gear } = this.page.look;
    const reply = await this.page.sendNow(gear === 'watch' ? 'next' : `run ${this.speed}s`);
    if (!this.isOn(mine)) return;
    const last = reply.answers.at(-1);
    const ended = last?.result?.stopped_by;
    if (!reply.ok) this.stop(last?.error?.message ?? 'Stopped.');
    else if (last?.breaks?.length) this.stop(`Stopped at a break: ${last.breaks[0]!.what}.`);
    else if (ended === 'idle') this.stop('Nothing more is to come.');
  }
}
