// One sentence per mark of the diagram, for the line below it and for screen readers. No DOM in here.

import { bytes, time } from '../format.ts';
import type { MessageLife, Way } from '../types.ts';
import type { Mark } from './picture.ts';
import { reasonWords } from './scene.ts';

type Name = (node: number) => string;

export function sentence(mark: Mark, way: Way, name: Name): string {
  switch (mark.kind) {
    case 'training': {
      const { node, examples, t, endT, loss, end } = mark.of;
      const when = endT === t || endT === null ? `at ${time(t)}` : `from ${time(t)} to ${time(endT)}`;
      if (end < 0) return `${name(node)} trains on ${examples} examples since ${time(t)}.`;
      return `${name(node)} trained on ${examples} examples ${when}${loss === null ? '' : `, loss ${number(loss)}`}.`;
    }
    case 'aggregated':
      return aggregation(mark, name);
    case 'tested':
      return `${name(mark.of.node)} tested (${mark.of.scope}): accuracy ${number(mark.of.accuracy)}.`;
    case 'message': {
      const life = way.messages.get(mark.message);
      return life === undefined ? `Message ${mark.message}.` : message(life, name);
    }
    case 'contact': {
      const [a, b] = mark.of.nodes;
      const { ended, since } = mark.of;
      const until = ended === null ? 'still' : `until ${time(ended.t)}`;
      return `${name(a!)} and ${name(b!)} in contact from ${time(since)}, ${until}.`;
    }
  }
}

function aggregation(mark: Extract<Mark, { kind: 'aggregated' }>, name: Name): string {
  const { node, peers, own, changed } = mark.of;
  if (!changed) return `${name(node)} had nothing to aggregate.`;
  const models = peers.length === 1 ? '1 model' : `${peers.length} models`;
  const kept = own === null ? '' : `, ${percent(own)} is its own`;
  const old = mark.remembered ? ', some remembered from before' : '';
  return `${name(node)} aggregated ${models}, from ${list(peers.map(name))}${kept}${old}.`;
}

function message(life: MessageLife, name: Name): string {
  const head = `Message ${life.message} from ${name(life.from)} to ${name(life.to)}, ${bytes(life.bytes)}`;
  if (life.dropped) return `${head}: taken out of the outbox.`;
  if (life.sent < 0) return `${head}: waits in the outbox since ${time(life.queuedAt)}.`;
  const sent = `sent at ${time(life.sentAt ?? life.queuedAt)}`;
  if (life.lost >= 0) return `${head}: ${sent}, lost at ${time(life.lostAt ?? 0)}: ${reasonWords[life.reason ?? 'loss']}.`;
  if (life.arrived < 0) return `${head}: ${sent}, on its way.`;
  const uses = life.uses.length;
  const used = life.superseded >= 0 && uses === 0 ? 'superseded by a newer one' : uses === 0 ? 'not used yet' : uses === 1 ? 'used once' : `used ${uses} times`;
  return `${head}: ${sent}, arrived at ${time(life.arrivedAt ?? 0)}, ${used}.`;
}

export function list(words: readonly string[]): string {
  if (words.length > 4) return `${words.slice(0, 3).join(', ')} and ${words.length - 3} others`;
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

export function number(value: number): string {
  return String(Number(value.toPrecision(3)));
}
