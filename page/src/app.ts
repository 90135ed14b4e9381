/**
 * The page's middle: what the server told (`Feed`) and what is looked at. It sends commands; looking never sends one.
 */
import { cividisColour } from './colours.ts';
import { Feed } from './feed.ts';
import { showNotice } from './notice.ts';
import { fromHash, toHash } from './state.ts';
import type { Action, App, CommandReply, Look, MenuItem, Present } from './types.ts';

export class Page extends Feed implements App {
  override look: Look = fromHash(location.hash);
  reducedMotion = matchMedia('(prefers-reduced-motion: reduce)').matches;
  /** Commands that were sent by this tab, in order; tests look at it. */
  sent: string[] = [];
  openMenu: (x: number, y: number, items: MenuItem[]) => void = () => {};
  live: (sentence: string, now: boolean) => void = () => {};
  places: () => ReadonlyMap<number, { x: number; y: number }> = () => new Map();
  /** A line of the page itself in the console, such as that `goto` went first. */
  remark: (line: string) => void = () => {};

  private registered = new Map<string, Action>();
  private colours = new Map<string, string>();

  override async begin(): Promise<void> {
    await super.begin();
    this.applyTheme();
    window.addEventListener('hashchange', () => this.set(fromHash(location.hash)));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.applyTheme());
  }

  // ---------------------------------------------------------------- what is looked at

  override set(change: Partial<Look>): void {
    const before = this.look;
    const next = { ...before, ...change };
    // The present one is "now", whatever its number: it moves on when the session does.
    if (next.moment === this.present?.moment) next.moment = null;
    if (JSON.stringify(next) === JSON.stringify(before)) return;
    this.look = next;
    history.replaceState(null, '', `${location.pathname}${location.search}#${toHash(next)}`);
    if (next.theme !== before.theme) this.applyTheme();
    this.tell('look');
    if (next.moment !== before.moment) {
      void this.loadState();
      if (next.moment !== null) this.say(`Looking at moment ${next.moment}.`);
    }
  }

  override shown(): number {
    return this.look.moment ?? this.present?.moment ?? 0;
  }

  past(): boolean {
    return this.look.moment !== null && this.look.moment !== this.present.moment;
  }

  // ---------------------------------------------------------------- commands

  /** What runs; nothing once nobody tells any more whether it still does. */
  busy(): Present['busy'] {
    return this.connection === 'open' ? this.present.busy : null;
  }

  mayNot(): string | null {
    if (this.hello.recorded) return 'Recorded run: looking only.';
    if (this.hello.rights === 'watch') return 'This address may only look; the teacher’s may do.';
    if (this.connection === 'lost') return 'The connection is lost; nothing can be sent.';
    if (this.connection === 'refused') return 'Another session answers at this address.';
    if (this.connection === 'ended') return 'The session has ended.';
    return null;
  }

  async send(cmd: string): Promise<CommandReply> {
    const moment = this.look.moment;
    if (!this.past() || moment === null || this.mayNot()) return this.sendNow(cmd);
    // In one request: between two of them somebody else may go elsewhere.
    const before = this.present.moment;
    const reply = await this.sendNow(`goto ${moment}; ${cmd}`);
    // It may be refused, as where a moment is not kept any more.
    if (reply.answers[0]?.ok) this.remark(`Went to moment ${moment} first. What came after it is kept: goto ${before} leads back.`);
    return reply;
  }

  async sendNow(cmd: string): Promise<CommandReply> {
    const reason = this.mayNot();
    if (reason) {
      this.remark(reason);
      this.say(reason, true);
      return { ok: false, code: 1, answers: [] };
    }
    this.sent.push(cmd);
    if (this.look.moment !== null) this.set({ moment: null });
    try {
      return await this.api.post<CommandReply>('/api/cmd', { cmd });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.remark(message);
      this.say(message, true);
      return { ok: false, code: 1, answers: [] };
    }
  }

  get<T>(path: string, query: Record<string, string | number | null | undefined> = {}): Promise<T> {
    return this.api.get<T>(path, query);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.api.post<T>(path, body);
  }

  // ---------------------------------------------------------------- actions, words, colours

  register(...actions: Action[]): void {
    for (const action of actions) this.registered.set(action.id, action);
  }

  actions(): Action[] {
    return [...this.registered.values()];
  }

  run(id: string): void {
    const action = this.registered.get(id);
    const why = action?.why?.();
    showNotice('');
    if (why) this.say(why, true);
    else action?.run();
  }

  /** Speaks; what is urgent stands on the page for a while too, for those who see it. */
  say(sentence: string, now = false): void {
    this.live(sentence, now);
    if (now) showNotice(sentence);
  }

  /** Who may not give commands sees them grey, with the reason; parts need not ask. */
  menu(x: number, y: number, items: MenuItem[]): void {
    const no = this.mayNot();
    this.openMenu(x, y, no === null ? items : items.map((item) => (item.cmd === undefined && !item.types ? item : { ...item, why: no })));
  }

  nodeName(index: number, short = false): string {
    const n = this.hello.nodes[index];
    if (!n) return '?';
    if (short) return n.name || shortAddress(n.node);
    return n.name ? `${n.name} (${n.node})` : n.node;
  }

  nodeWord(index: number): string {
    const n = this.hello.nodes[index];
    return n ? n.name || n.node : '';
  }

  colour(name: string): string {
    let value = this.colours.get(name);
    if (value === undefined) {
      value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
      this.colours.set(name, value);
    }
    return value;
  }

  accuracyColour(value: number | null): string {
    return cividisColour(value, this.colour('--untested'));
  }

  isDark(): boolean {
    return this.look.theme === 'dark' || (this.look.theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  }

  private applyTheme(): void {
    document.documentElement.dataset.theme = this.isDark() ? 'dark' : 'light';
    this.colours.clear();
    this.tell('theme');
  }
}

/** `10.0.0.7` → `.7`, `10.0.1.7` → `1.7`: enough to tell nodes apart. */
export function shortAddress(address: string): string {
  const [, , third, fourth] = address.split('.');
  return third === '0' || third === undefined ? `.${fourth ?? address}` : `${third}.${fourth}`;
}
