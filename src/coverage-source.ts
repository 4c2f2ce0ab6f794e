import { buildMatrix, type BuiltMatrix } from './coverage/build-matrix.ts';
import type { CandidateSet } from './coverage/candidates.ts';
import { buildTerrainLinks, terrainMatrix } from './coverage/terrain-matrix.ts';
import type { Executor } from './executor.ts';
import type { TerrainLayer } from './geo/geo-grid.ts';
import type { Demand } from './input/types.ts';
import { isTerrainModelId } from './radio/terrain-models.ts';

export interface CoverageRequest {
  readonly demand: Demand;
  readonly set: CandidateSet;
  /** Null: every model works over flat ground. */
  readonly terrain: TerrainLayer | null;
  readonly executor: Executor;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** The coverage matrix with the signal of every link better by some dB (0 = as predicted). */
export type MatrixAt = (offsetDb: number) => Promise<BuiltMatrix>;

/** Builds coverage from reach and pattern, or from terrain profiles (evaluated once) where the model looks at terrain. */
export async function coverageSource(request: CoverageRequest): Promise<MatrixAt> {
  const { demand, set, terrain, executor, signal, onProgress } = request;
  const { candidates, configurationOfCandidate, rules } = set;
  const shared = { demand, sites: candidates, ruleOfSite: configurationOfCandidate, rules, executor, signal };
  if (terrain === null || !rules.some(({ modelId }) => isTerrainModelId(modelId))) {
    return (offsetDb) => buildMatrix({ ...shared, offsetDb, ...(offsetDb === 0 && { onProgress }) });
  }
  const links = await buildTerrainLinks({ ...shared, terrain, onProgress });
  return (offsetDb) => Promise.resolve(terrainMatrix(links, offsetDb));
}
