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
  /** Pairs of the signal as predicted, where they were counted before. */
  readonly counted?: number | undefined;
  /** What else would help where there is no room. */
  readonly hint?: string | undefined;
}

/**
 * The coverage matrix with the signal of every link better by some dB (0 = as predicted).
 * @throws EnvironmentError (`memory-estimate`) for one that would not fit
 */
export type MatrixAt = (offsetDb: number) => Promise<BuiltMatrix>;

export const COVERAGE_HINT =
  'Use larger cells of users (demand.cellM), fewer candidates (--spacing) or a smaller area, or grant more with --memory.';

/** Builds coverage from reach and pattern, or from terrain profiles (evaluated once) where the model looks at terrain. */
export async function coverageSource(request: CoverageRequest): Promise<MatrixAt> {
  const { terrain, onProgress, memory, part = '', counted, hint = COVERAGE_HINT, ...shared } = request;
  const most = mostPairs(shared);
  const entered = (built: BuiltMatrix, name: string): BuiltMatrix => {
    memory?.hold(name, pairsNeed(built.matrix.demandOfSite.length), hint);
    return built;
  };
  if (!isOverTerrain(request) || terrain === null) {
    return async (offsetDb) => {
      const asked = { ...shared, offsetDb };
      const known = offsetDb === 0 ? counted : undefined;
      const count = async (): Promise<number> => known ?? countPairs(asked);
      await makeRoom(memory, { part: partOf(offsetDb, part), hint }, most, pairsNeed, count);
      const built = await buildMatrix({ ...asked, ...(offsetDb === 0 && { onProgress }) });
      return entered(built, partOf(offsetDb, part));
    };
  }
  const linksPart = `links over terrain${part}`;
  const count = (): number => counted ?? pairsWithinReach(shared);
  await makeRoom(memory, { part: linksPart, hint }, most, terrainLinksNeed, count);
  const links = await buildTerrainLinks({ ...shared, terrain, onProgress });
  const kept = links.demandOfLink.length;
  memory?.hold(`${linksPart}: ${kept}`, terrainLinksNeed(kept), hint);
  return async (offsetDb) => {
    memory?.hold(partOf(offsetDb, part), pairsNeed(kept), hint);
    return entered(terrainMatrix(links, offsetDb), partOf(offsetDb, part));
  };
}

/** True where some model looks at the terrain that is given. */
export function isOverTerrain({ terrain, rules }: Pick<CoverageRequest, 'terrain' | 'rules'>): boolean {
  return terrain !== null && rules.some(({ modelId, link }) => looksAtTerrain(modelId, link.spm));
}

/** One what-if at a time stands beside the coverage as predicted. */
export function partOf(offsetDb: number, part: string): string {
  return `${offsetDb === 0 ? 'coverage' : 'coverage with another signal'}${part}`;
}

/** Pairs there could be. */
export function mostPairs({ demand, sites }: Pick<CoverageRequest, 'demand' | 'sites'>): number {
  return demand.lon.length * sites.lon.length;
}

/** Asks whether all pairs there could be would fit; where they would not, they are counted. */
async function makeRoom(
  memory: MemoryAccount | undefined,
  { part, hint }: { readonly part: string; readonly hint: string },
  most: number,
  needOf: (pairs: number) => MemoryNeed,
  count: () => number | Promise<number>,
): Promise<void> {
  if (memory === undefined || memory.fits(part, needOf(most))) return;
  const pairs = await count();
  memory.hold(`${part}: ${pairs.toLocaleString('en')} pairs of site and cell`, needOf(pairs), hint);
}

/** Links over terrain are at most the pairs within the farthest a site is followed. */
export function pairsWithinReach({
  demand,
  sites,
  ruleOfSite,
  rules,
}: Pick<CoverageRequest, 'demand' | 'sites' | 'ruleOfSite' | 'rules'>): number {
  const farthestM = rules.reduce((most, { maxReachM }) => Math.max(most, maxReachM), 0);
  const grid = buildGridIndex(demand.lon, demand.lat, farthestM / 8);
  let pairs = 0;
  for (let site = 0; site < sites.lon.length; site++) {
    pairs += countWithin(grid, sites.lon[site]!, sites.lat[site]!, rules[ruleOfSite[site]!]!.maxReachM);
  }
  return pairs;
}
