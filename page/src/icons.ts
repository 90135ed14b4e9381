/** Signs on buttons, drawn here: fonts of a class's machines have few of them. */

const paths: Record<string, string> = {
  first: 'M3 3v10M13 3 6 8l7 5z',
  back: 'M11 3 4 8l7 5z',
  play: 'M4 2.5 13 8l-9 5.5z',
  pause: 'M4 3h2.5v10H4zM9.5 3H12v10H9.5z',
  on: 'M5 3l7 5-7 5z',
  last: 'M13 3v10M3 3l7 5-7 5z',
  undo: 'M4 7h6a3 3 0 0 1 0 6H6M7 4 4 7l3 3',
  redo: 'M12 7H6a3 3 0 0 0 0 6h4M9 4l3 3-3 3',
  fit: 'M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4',
  table: 'M2 3h12v10H2zM2 6.5h12M2 10h12M7 3v10',
  theme: 'M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  down: 'M3 6l5 5 5-5',
  up: 'M3 10l5-5 5 5',
};
const filled = new Set(['first', 'back', 'play', 'pause', 'on', 'last']);

export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', paths[name] ?? '');
  if (filled.has(name)) path.setAttribute('fill', 'currentColor');
  svg.append(path);
  return svg;
}
