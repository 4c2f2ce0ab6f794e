import { openModelRange, type ModelSource } from './model-source.ts';
import { openRadiusTile, type RadiusSource } from './radius-source.ts';
import type { StreamedTile } from './streamed-tile.ts';

/**
 * Where tiles come from: pairs that are held already, or positions from which the pairs of a tile are found whenever it
 * is worked on and forgotten with it. Plain data on shared arrays.
 */
export type TileSource = ModelSource | RadiusSource;

export function openStreamedTile(source: TileSource, tile: number): StreamedTile {
  return source.kind === 'model' ? openModelRange(source, tile) : openRadiusTile(source, tile);
}
