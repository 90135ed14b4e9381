/** From the units of the picture to the screen and back; zooming and moving it. */

const aside = 42; // px
/** Room for the mark of the highest node, and for the name of the lowest. */
const [markRoom, nameRoom] = [22, 38];

export class View {
  scale = 1;
  x = 0;
  y = 0;
  /** False from when somebody has moved or zoomed: then it is not fitted again by itself. */
  fitted = true;

  toScreen(p: { x: number; y: number }): { x: number; y: number } {
    return { x: p.x * this.scale + this.x, y: p.y * this.scale + this.y };
  }

  toPicture(x: number, y: number): { x: number; y: number } {
    return { x: (x - this.x) / this.scale, y: (y - this.y) / this.scale };
  }

  /** px that the tools take above and the legend below: more where they stand in several rows. */
  above = 32;
  below = 28;

  /** Tools and legend cover no node. `head`, `foot`: room beyond the highest and the lowest point. */
  fit(points: Iterable<{ x: number; y: number }>, width: number, height: number, head = markRoom, foot = nameRoom): void {
    let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
    for (const p of points) {
      left = Math.min(left, p.x);
      right = Math.max(right, p.x);
      top = Math.min(top, p.y);
      bottom = Math.max(bottom, p.y);
    }
    if (left > right) return;
    const wide = Math.max(1e-9, right - left);
    const high = Math.max(1e-9, bottom - top);
    const above = this.above + head;
    const room = Math.max(20, height - above - this.below - foot);
    this.scale = Math.min((width - 2 * aside) / wide, room / high);
    if (wide < 1e-6 && high < 1e-6) this.scale = 1;
    this.x = width / 2 - (this.scale * (left + right)) / 2;
    this.y = above + room / 2 - (this.scale * (top + bottom)) / 2;
  }

  zoom(factor: number, x: number, y: number): void {
    const at = this.toPicture(x, y);
    this.scale *= factor;
    this.x = x - at.x * this.scale;
    this.y = y - at.y * this.scale;
    this.fitted = false;
  }

  move(dx: number, dy: number): void {
    this.x += dx;
    this.y += dy;
    this.fitted = false;
  }
}
