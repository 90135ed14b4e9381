/** One sentence for each step, for those who listen: what was done, by whoever did it. While playing, a summary now and then. */
import type { Page } from './app.ts';
import { number } from './format.ts';
import { accuracies, linkCount } from './nodes.ts';
import type { Answer } from './types.ts';

const longest = 140;
const whilePlaying = 5000; // ms between two summaries

export function speakSteps(page: Page): void {
  let told = -Infinity;
  page.on('answer', (detail) => {
    const answer = detail as Answer;
    if (answer.error) return page.say(short(`${answer.cmd}: ${answer.error.message}`), true);
    if (page.playing) {
      // Step by step would be too fast to follow by ear.
      if (performance.now() - told < whilePlaying) return;
      told = performance.now();
      return page.say(`Moment ${page.present.moment}. ${networkSummary(page)}`);
    }
    if (answer.says) page.say(short(`Moment ${page.present.moment}. ${answer.says}`));
  });
  page.on('connection', () => {
    if (page.connection === 'lost') page.say('The program does not answer.', true);
    if (page.connection === 'ended') page.say('The session has ended.', true);
  });
}

function short(sentence: string): string {
  return sentence.length <= longest ? sentence : `${sentence.slice(0, longest - 1)}…`;
}

/** What a picture of the network shows, in words. */
export function networkSummary(page: Pick<Page, 'state' | 'links' | 'hello'>): string {
  const { state, links } = page;
  if (!state) return 'The network; its state is not known yet.';
  const tested = accuracies(state).filter((a): a is number => a !== null);
  const down = state.nodes.up.filter((u) => u === 0).length;
  const mean = tested.length ? `mean accuracy ${number(tested.reduce((a, b) => a + b, 0) / tested.length)}` : 'not tested';
  return `Network of ${state.nodes.index.length} nodes (${down} down), ${linkCount(links, state.nodes.index.length)} links, ${mean}, ${state.counts.in_flight} messages in flight. The table (key t) has the same data.`;
}
