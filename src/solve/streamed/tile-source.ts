import { openModelRange, type ModelSource } from './model-source.ts';
import { samplePoints } from './cut-points.ts';
import { openRadiusTile, type RadiusSource } from './radius-source.ts';
import { openSpans, sampleSpans, type SpanSource } from './span-source.ts';
import type { StreamedTile } from './streamed-tile.ts';

/**
 * Where tiles come from: pairs that are held already, spans of what sites cover in each tile, or positions from which the
 * pairs of a tile are found whenever it is worked on and forgotten with it. Plain data on shared arrays.
 */
export type TileSource = ModelSource | SpanSource | RadiusSource;

export function openStreamedTile(source: TileSource, tile: number): StreamedTile {
  if (source.kind === 'model') return openModelRange(source, tile);
  return source.kind === 'spans' ? openSpans(source, tile) : openRadiusTile(source, tile);
}

/**
 * Every `nth` item of each tile with `nth` times its users: a smaller problem whose relaxation is close to that of all items.
 * Null where items are classes, which do not stand for each other.
 */
export function sampleSource(source: TileSource, nth: number): TileSource | null {
  if (source.kind === 'model') return null;
  return source.kind === 'spans' ? sampleSpans(source, nth) : samplePoints(source, nth);
}
