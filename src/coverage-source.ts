import { buildMatrix, type BuiltMatrix, type MatrixRequest } from './coverage/build-matrix.ts';
import { buildTerrainLinks, terrainMatrix } from './coverage/terrain-matrix.ts';
import type { TerrainLayer } from './geo/geo-grid.ts';
import { looksAtTerrain } from './radio/terrain-models.ts';

export interface CoverageRequest extends Omit<MatrixRequest, 'offsetDb'> {
  /** Null: every model works over flat ground. */
  readonly terrain: TerrainLayer | null;
}

/** The coverage matrix with the signal of every link better by some dB (0 = as predicted). */
export type MatrixAt = (offsetDb: number) => Promise<BuiltMatrix>;

/** Builds coverage from reach and pattern, or from terrain profiles (evaluated once) where the model looks at terrain. */
export async function coverageSource(request: CoverageRequest): Promise<MatrixAt> {
  const { terrain, onProgress, ...shared } = request;
  if (terrain === null || !shared.rules.some(({ modelId, link }) => looksAtTerrain(modelId, link.spm))) {
    return (offsetDb) => buildMatrix({ ...shared, offsetDb, ...(offsetDb === 0 && { onProgress }) });
  }
  const links = await buildTerrainLinks({ ...shared, terrain, onProgress });
  return (offsetDb) => Promise.resolve(terrainMatrix(links, offsetDb));
}
