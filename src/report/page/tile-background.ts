import type { View } from './cell-painter.ts';

/** The map is drawn on Mercator in radians: the world is this wide. */
const WORLD = 2 * Math.PI;
const TILE_PX = 256;
const MOST_ZOOM = 19;
/** Tiles kept in memory: some six screens full; those painted longest ago are given up first, never one on the screen. */
const MOST_TILES = 240;
/** Users and sites stay the strongest thing on the map. */
const OPACITY = 0.55;

export interface TileBackground {
  paint(context: CanvasRenderingContext2D, view: View): void;
}

/**
 * Map tiles (Web Mercator, {z}/{x}/{y} with y from the north) under the map. A tile that does not come leaves the plain
 * ground; `redraw` is called with every one that does.
 */
export function createTileBackground(tileUrl: string, redraw: () => void): TileBackground {
  const tiles = new Map<string, HTMLImageElement>();
  const tile = (zoom: number, x: number, y: number): HTMLImageElement => {
    const key = `${zoom}/${x}/${y}`;
    const known = tiles.get(key);
    if (known !== undefined) {
      tiles.delete(key);
      tiles.set(key, known);
      return known;
    }
    const image = new Image();
    image.referrerPolicy = 'no-referrer';
    image.addEventListener('load', redraw);
    image.src = tileUrl.replace('{z}', String(zoom)).replace('{x}', String(x)).replace('{y}', String(y));
    tiles.set(key, image);
    return image;
  };
  return {
    paint(context, view) {
      const zoom = Math.max(0, Math.min(MOST_ZOOM, Math.round(Math.log2((view.scale * WORLD) / TILE_PX))));
      const count = 2 ** zoom;
      const side = (WORLD / count) * view.scale;
      const [left, top] = [view.left - (WORLD / 2) * view.scale, view.top - (WORLD / 2) * view.scale];
      const first = (offset: number): number => Math.max(0, Math.floor(-offset / side));
      const last = (offset: number, length: number): number =>
        Math.min(count - 1, Math.floor((length - offset) / side));
      context.globalAlpha = OPACITY;
      let painted = 0;
      for (let y = first(top); y <= last(top, view.height); y++) {
        for (let x = first(left); x <= last(left, view.width); x++) {
          const image = tile(zoom, x, y);
          painted++;
          if (image.complete && image.naturalWidth > 0)
            context.drawImage(image, left + x * side, top + y * side, side, side);
        }
      }
      context.globalAlpha = 1;
      while (tiles.size > Math.max(MOST_TILES, painted)) tiles.delete(tiles.keys().next().value!);
    },
  };
}
