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

/** At most one call per frame, with the newest state. */
export function perFrame(draw: () => void): () => void {
  let due = false;
  return () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      draw();
    });
  };
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
