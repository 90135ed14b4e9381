/** The mark of what was sent from one group to another: it points to the receiver, is as wide as the logarithm of the messages, and hatched by the share that was lost. */

export interface ChevronColours {
  message: string;
  lost: string;
  ground: string;
}

const thick = 9; // px, along the way
const slope = 0.7; // of the arms
const [least, perTenfold] = [10, 7]; // px

/** Fixed, so that two pictures can be compared: 1 message 12 px, 9: 17, 99: 24, 999: 31. */
export function chevronWidth(sent: number): number {
  return least + perTenfold * Math.log10(1 + sent);
}

export function drawChevron(c: CanvasRenderingContext2D, x: number, y: number, angle: number, sent: number, lost: number, colours: ChevronColours, scale = 1): void {
  const half = chevronWidth(sent) / 2;
  c.save();
  c.translate(x, y);
  c.rotate(angle);
  c.scale(scale, scale);
  trace(c, half);
  c.lineJoin = 'round';
  c.strokeStyle = colours.ground;
  c.lineWidth = 3;
  c.stroke();
  c.fillStyle = colours.message;
  c.fill();
  if (lost > 0) hatch(c, half, Math.min(1, lost / Math.max(1, sent)), colours);
  c.restore();
}

// Points to the right, its middle at 0.
function trace(c: CanvasRenderingContext2D, half: number): void {
  const tip = (half * slope) / 2;
  c.beginPath();
  c.moveTo(-tip - thick / 2, -half);
  c.lineTo(-tip + thick / 2, -half);
  c.lineTo(tip + thick / 2, 0);
  c.lineTo(-tip + thick / 2, half);
  c.lineTo(-tip - thick / 2, half);
  c.lineTo(tip - thick / 2, 0);
  c.closePath();
}

// The lost share of the width, from one side.
function hatch(c: CanvasRenderingContext2D, half: number, share: number, colours: ChevronColours): void {
  c.clip();
  const top = half - 2 * half * share;
  c.fillStyle = colours.ground;
  c.fillRect(-2 * half, top, 4 * half, half - top);
  c.strokeStyle = colours.lost;
  c.lineWidth = 1.6;
  c.beginPath();
  for (let at = -4 * half; at < 4 * half; at += 3.5) {
    c.moveTo(at, half);
    c.lineTo(at + (half - top), top);
  }
  c.stroke();
}
