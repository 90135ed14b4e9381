// Where the pointer is in an element, in the element's own pixels, also while a scene is scaled.

export interface Point {
  x: number;
  y: number;
}

export function pointIn(element: HTMLElement, event: MouseEvent): Point {
  const box = element.getBoundingClientRect();
  const scale = element.clientWidth > 0 ? box.width / element.clientWidth : 1;
  return { x: (event.clientX - box.left) / scale, y: (event.clientY - box.top) / scale };
}
