/** A few helpers to make elements; all text goes in as text, never as HTML. */

export type Child = Node | string | number | null | undefined | false;
type Value = string | number | boolean | null | undefined | EventListener | ((e: never) => void);

/** `h('button', {class: 'x', onclick: f}, 'text')`. Members that begin with `on` are listeners, `true` is an empty attribute. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, Value> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  fill(element, ...children);
  return element;
}

/** Replaces what is in an element. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(
    ...children.filter((c) => c !== null && c !== undefined && c !== false).map((c) => (c instanceof Node ? c : String(c))),
  );
}

/** Sets text only where it differs, so that screen readers and selections are not disturbed. */
export function text(element: Element, value: string): void {
  if (element.textContent !== value) element.textContent = value;
}

/** ms of a frame that are spent on drawing before the rest is left to the next frame. */
const budget = 6;
const waiting: (() => void)[] = [];

let scheduled = false;

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(drawSome);
}

/** Draws what waits, in order, but no longer than the budget: so no frame has to draw all panels at once. */
function drawSome(): void {
  scheduled = false;
  const end = performance.now() + budget;
  try {
    // At least one, and none that is asked for meanwhile.
    for (let left = waiting.length; left > 0; --left) {
      waiting.shift()!();
      if (performance.now() >= end) break;
    }
  } finally {
    if (waiting.length > 0) schedule();
  }
}

/** At most one call per frame, with the newest state; a frame or two later where much is to be drawn. */
export function perFrame(draw: () => void): () => void {
  let due = false;
  const now = (): void => {
    due = false;
    draw();
  };
  return () => {
    if (due) return;
    due = true;
    waiting.push(now);
    schedule();
  };
}

/** Sets an attribute only where it differs: styles stay valid, and readers are not disturbed. */
export function attribute(element: Element, name: string, value: string | null): void {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/** A canvas that fills `host`, sharp on every screen; `drawn` is called after each change of size. */
export function canvas(host: HTMLElement, label: string, drawn: () => void): CanvasRenderingContext2D {
  const element = h('canvas', { role: 'img', 'aria-label': label });
  host.append(element);
  const context = element.getContext('2d')!;
  const fit = (): void => {
    // While a scene is presented the page is scaled by CSS; the canvas gets as many dots as it covers.
    const zoom = (host as HTMLElement & { currentCSSZoom?: number }).currentCSSZoom ?? 1;
    const ratio = (window.devicePixelRatio || 1) * zoom;
    const { clientWidth: width, clientHeight: height } = host;
    element.width = Math.max(1, Math.round(width * ratio));
    element.height = Math.max(1, Math.round(height * ratio));
    element.style.width = `${width}px`;
    element.style.height = `${height}px`;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawn();
  };
  new ResizeObserver(fit).observe(host);
  fit();
  return context;
}
