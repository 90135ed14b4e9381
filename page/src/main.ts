/** The page begins here: it asks what the session is, makes the parts, and then follows the stream. */
import './styles.css';
import 'uplot/dist/uPlot.min.css';
import { ApiError, Unreachable } from './api.ts';
import { Page } from './app.ts';
import { mountBar } from './bar.ts';
import { mountConsole } from './console.ts';
import { mountCurves } from './curves.ts';
import { fill, h } from './dom.ts';
import { mountInspector } from './inspector.ts';
import { listenToKeys, mountKeys } from './keys.ts';
import { mountLabels } from './labels.ts';
import { borders, fullPanel, liveRegion, menus, tabs } from './layout.ts';
import { mountMessages } from './messages.ts';
import { mountNetwork } from './network.ts';
import { mountNodesText, mountTable } from './nodes.ts';
import { mountPresent } from './present.ts';
import { mountTime } from './time/index.ts';
import { speakSteps } from './speak.ts';
import { mountWhy } from './why.ts';

declare global {
  interface Window {
    /** For tests: what the page knows and did. */
    __delstep?: Page;
  }
}

const element = (id: string): HTMLElement => document.getElementById(id)!;

function mountParts(page: Page): void {
  page.live = liveRegion();
  page.openMenu = menus(page);
  mountBar(element('bar'), page);
  mountNetwork(element('network'), page);
  mountNodesText(page);
  tabs(element('side'), page, [
    { id: 'curves', label: 'Curves', key: '1', mount: mountCurves },
    { id: 'node', label: 'Node', key: '2', mount: mountInspector },
    { id: 'why', label: 'Why', key: '3', mount: mountWhy },
    { id: 'messages', label: 'Messages', key: '4', mount: mountMessages },
    { id: 'labels', label: 'Labels', key: '5', mount: mountLabels },
    { id: 'table', label: 'Table', key: 't', mount: mountTable },
    { id: 'help', label: 'Keys', key: '?', mount: mountKeys },
  ]);
  page.register(
    { id: 'table', label: 'The nodes as a table', keys: 't', run: () => page.set({ panel: 'table' }) },
    { id: 'help', label: 'The list of keys', keys: '?', run: () => page.set({ panel: 'help' }) },
  );
  mountTime(element('time'), page);
  mountPresent(element('present'), page);
  mountConsole(element('console'), page);
  speakSteps(page);
  mountFrame();
  listenToKeys(page);
}

function mountFrame(): void {
  const main = element('main');
  borders(main);
  for (const id of ['network', 'side', 'time']) {
    element(id).addEventListener('dblclick', (e) => {
      if ((e.target as Element).closest('.tabs, .tools:not(button)') && !(e.target as Element).closest('button')) fullPanel(main, id);
    });
  }
  document.addEventListener('keydown', (e) => {
    if (e.key === 'Escape' && main.dataset.full) {
      fullPanel(main, null);
      e.stopPropagation();
    }
  }, true);
}

/** The page cannot begin: say why, in a sentence. */
function refuse(error: unknown): void {
  const words = error instanceof Error ? error.message : String(error);
  const [said, more] = error instanceof Unreachable ? ['The program does not answer. Is it still running?', error.detail]
    : !(error instanceof ApiError) || error.status < 400 ? ['The page cannot show what the program answers.', words]
    : error.status === 403 ? ['This address lacks its token; the terminal prints it.', words]
    : [`The program cannot show this: ${words}.`, error.hint];
  fill(element('main'), h('div', { class: 'empty', role: 'alert' }, h('p', {}, said), h('p', { class: 'soft' }, more),
    h('button', { type: 'button', onclick: () => location.reload() }, 'Try again')));
}

async function begin(): Promise<void> {
  const page = new Page();
  window.__delstep = page;
  try {
    await page.begin();
  } catch (error) {
    return refuse(error);
  }
  document.title = `${page.hello.scenario || 'session'} – DEL-Step`;
  mountParts(page);
  page.start();
}

void begin();
