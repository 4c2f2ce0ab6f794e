import { buildMatrix, countPairs, type BuiltMatrix, type MatrixRequest } from '../coverage/build-matrix.ts';
import { buildTerrainLinks, terrainMatrix } from '../coverage/terrain-matrix.ts';
import { countWithin } from '../geo/circle.ts';
import type { TerrainLayer } from '../geo/geo-grid.ts';
import { buildGridIndex } from '../geo/grid-index.ts';
import { pairsNeed, terrainLinksNeed } from '../memory/estimates.ts';
import type { MemoryAccount } from '../memory/memory-account.ts';
import type { MemoryNeed } from '../memory/memory-need.ts';
import { looksAtTerrain } from '../radio/terrain-models.ts';

export interface CoverageRequest extends Omit<MatrixRequest, 'offsetDb'> {
  /** Null: every model works over flat ground. */
  readonly terrain: TerrainLayer | null;
  /** Told of every matrix before it is allocated; absent = nothing is checked. */
  readonly memory?: MemoryAccount | undefined;
  /** Tells matrices of one run apart in the account: ` from -105 dBm`. Absent = there is one. */
  readonly part?: string | undefined;
}

/**
 * The coverage matrix with the signal of every link better by some dB (0 = as predicted).
 * @throws EnvironmentError (`memory-estimate`) for one that would not fit
 */
export type MatrixAt = (offsetDb: number) => Promise<BuiltMatrix>;

const HINT =
  'Use larger cells of users (demand.cellM), fewer candidates (--spacing) or a smaller area, or grant more with --memory.';

/** Builds coverage from reach and pattern, or from terrain profiles (evaluated once) where the model looks at terrain. */
export async function coverageSource(request: CoverageRequest): Promise<MatrixAt> {
  const { terrain, onProgress, memory, part = '', ...shared } = request;
  if (terrain === null || !shared.rules.some(({ modelId, link }) => looksAtTerrain(modelId, link.spm))) {
    return async (offsetDb) => {
      const asked = { ...shared, offsetDb };
      await makeRoom(memory, partOf(offsetDb, part), mostPairs(shared), pairsNeed, () => countPairs(asked));
      const built = await buildMatrix({ ...asked, ...(offsetDb === 0 && { onProgress }) });
      return entered(built, memory, partOf(offsetDb, part));
    };
  }
  await makeRoom(memory, `links over terrain${part}`, mostPairs(shared), terrainLinksNeed, () =>
    pairsWithinReach(shared),
  );
  const links = await buildTerrainLinks({ ...shared, terrain, onProgress });
  const kept = links.demandOfLink.length;
  memory?.hold(`links over terrain${part}: ${kept}`, terrainLinksNeed(kept), HINT);
  return async (offsetDb) => {
    memory?.hold(partOf(offsetDb, part), pairsNeed(kept), HINT);
    return entered(terrainMatrix(links, offsetDb), memory, partOf(offsetDb, part));
  };
}

/** One what-if at a time stands beside the coverage as predicted. */
function partOf(offsetDb: number, part: string): string {
  return `${offsetDb === 0 ? 'coverage' : 'coverage with another signal'}${part}`;
}

function mostPairs({ demand, sites }: Omit<MatrixRequest, 'offsetDb'>): number {
  return demand.lon.length * sites.lon.length;
}

/** Asks whether all pairs there could be would fit; where they would not, they are counted. */
async function makeRoom(
  memory: MemoryAccount | undefined,
  part: string,
  most: number,
  needOf: (pairs: number) => MemoryNeed,
  count: () => Promise<number>,
): Promise<void> {
  if (memory === undefined || memory.fits(part, needOf(most))) return;
  const pairs = await count();
  memory.hold(`${part}: ${pairs.toLocaleString('en')} pairs of site and cell`, needOf(pairs), HINT);
}

function entered(built: BuiltMatrix, memory: MemoryAccount | undefined, part: string): BuiltMatrix {
  memory?.hold(part, pairsNeed(built.matrix.demandOfSite.length), HINT);
  return built;
}

/** Links over terrain are at most the pairs within the farthest a site is followed. */
async function pairsWithinReach({
  demand,
  sites,
  ruleOfSite,
  rules,
}: Omit<MatrixRequest, 'offsetDb'>): Promise<number> {
  const farthestM = rules.reduce((most, { maxReachM }) => Math.max(most, maxReachM), 0);
  const grid = buildGridIndex(demand.lon, demand.lat, farthestM / 8);
  let pairs = 0;
  for (let site = 0; site < sites.lon.length; site++) {
    pairs += countWithin(grid, sites.lon[site]!, sites.lat[site]!, rules[ruleOfSite[site]!]!.maxReachM);
  }
  return pairs;
}
