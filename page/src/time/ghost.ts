// What only another branch has, pale behind the one that is drawn.

import type { Way } from '../types.ts';
import { makeAxis } from './axis.ts';
import { Columns } from './columns.ts';
import { difference } from './compare.ts';
import { paintLines } from './lines.ts';
import { paintMarks } from './marks.ts';
import type { Colours } from './paint.ts';
import type { Picture } from './picture.ts';
import { Scene } from './scene.ts';

/** What is needed to paint it; made once for two ways. */
export interface Ghost {
  key: string;
  way: Way;
  columns: Columns;
  scene: Scene;
  only: Set<number>;
}

export function makeGhost(key: string, here: Way, other: Way): Ghost {
  const columns = new Columns();
  columns.update(other);
  const scene = new Scene();
  scene.update(other);
  return { key, way: other, columns, scene, only: difference(here, other).onlyB };
}

/**
 * Paints it on a canvas of its own and that one at 30 % on the diagram. Both ways have the same columns up to the fork, so in order
 * they lie on each other; on the axes of time they would not, and nothing is painted.
 */
export function paintGhost(context: CanvasRenderingContext2D, picture: Picture, ghost: Ghost, colours: Colours, perColumn: number): void {
  if (picture.axis.kind !== 'order') return;
  const layer = document.createElement('canvas');
  layer.width = context.canvas.width;
  layer.height = context.canvas.height;
  const own = layer.getContext('2d')!;
  own.setTransform(context.getTransform());
  const ghostly: Picture = {
    ...picture, way: ghost.way, columns: ghost.columns, scene: ghost.scene, only: ghost.only, onlyHere: null,
    axis: makeAxis(ghost.columns.columns, 'order', perColumn), node: null, message: null, ribbons: null,
  };
  paintLines(own, ghostly, colours, []);
  paintMarks(own, ghostly, colours, []);
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = 0.3;
  context.drawImage(layer, 0, 0);
  context.restore();
}
