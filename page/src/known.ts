/** What the page knows of the session, and the parts that are told when it changes. */
import { StoryOfRun } from './story.ts';
import type { Change, Hello, LinksAnswer, Look, Present, StateAnswer, VotesAnswer } from './types.ts';

/** Over so many nodes the single happenings are not kept: the heat map tells their story in bins. */
export const storyLimit = 200;

export abstract class Known {
  hello!: Hello;
  abstract look: Look;
  story = new StoryOfRun();
  present!: Present;
  state: StateAnswer | null = null;
  links: LinksAnswer | null = null;
  votes: VotesAnswer | null = null;
  connection: 'open' | 'lost' | 'refused' | 'ended' = 'open';
  /** Seconds until the next try, while the connection is lost. */
  retry = 0;

  private listeners = new Map<Change, ((detail?: unknown) => void)[]>();

  abstract set(change: Partial<Look>): void;
  abstract shown(): number;

  on(change: Change, then: (detail?: unknown) => void): void {
    const list = this.listeners.get(change) ?? [];
    list.push(then);
    this.listeners.set(change, list);
  }

  tell(change: Change, detail?: unknown): void {
    for (const then of this.listeners.get(change) ?? []) then(detail);
  }

  /** Whether single happenings are here. A recorded run has nothing else. */
  hasStory(): boolean {
    return this.hello.recorded || this.hello.nodes.length <= storyLimit;
  }

  hasWholeStory(): boolean {
    return this.hasStory() && this.story.complete;
  }

  protected knowNode(node: string, name: string): void {
    if (this.story.addNode(node) === this.hello.nodes.length) this.hello.nodes.push({ node, name });
  }
}
