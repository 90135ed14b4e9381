/** A sentence that everybody must see: why nothing was done. It goes by itself; screen readers have it from the live region. */
import { fill, h } from './dom.ts';
import { withCode } from './layout.ts';

const shown = 5000; // ms
const notice = h('div', { class: 'notice', hidden: true, 'aria-hidden': 'true' });
let timer = 0;

/** The empty sentence takes it away. */
export function showNotice(sentence: string): void {
  if (!notice.isConnected) document.body.append(notice);
  fill(notice, ...withCode(sentence));
  notice.hidden = sentence === '';
  clearTimeout(timer);
  timer = window.setTimeout(() => (notice.hidden = true), shown);
}
