import { inProcessExecutor, type Kernel, type KernelContext } from '../executor.ts';
import type { TerrainLayer } from '../geo/geo-grid.ts';
import { sharedFloat32, sharedUint16, sharedUint32, toSharedFloat64 } from '../geo/shared-array.ts';
import { greatCircleKm } from '../radio/profile.ts';
import type { BuiltMatrix, MatrixRequest } from './build-matrix.ts';
import { linkCounts } from './link-counts.ts';
import type { LinkRule } from './link-rule.ts';
import type { SiteRange } from './matrix-kernel.ts';
import { terrainLinkTest, type TerrainLinkTest } from './terrain-links.ts';

/** Links kept beyond the served ones, so that the sensitivity runs (up to 6 dB better) need no new profiles. */
export const KEPT_BELOW_DB = 6;

export interface TerrainMatrixRequest extends Omit<MatrixRequest, 'offsetDb'> {
  readonly terrain: TerrainLayer;
}

/** Every link that is served, or would be with up to 6 dB more signal. */
export interface TerrainLinks {
  readonly siteCount: number;
  readonly demandCount: number;
  readonly rules: readonly LinkRule[];
  readonly ruleOfSite: Uint16Array;
  /** [siteCount + 1] link range of each site. */
  readonly siteStart: Uint32Array;
  /** [links] demand indices, ascending within a site. */
  readonly demandOfLink: Uint32Array;
  /** [links] margin, dB: served when at least 0. */
  readonly marginDb: Float32Array;
  /** [links] OUTSIDE_DISTANCE and HELD, or 0. */
  readonly flags: Uint8Array;
  /** Pairs within reach, and those of them whose user or site has no terrain under it (never served). */
  readonly pairs: number;
  readonly pairsWithoutTerrain: number;
}

/** What the kernels over terrain read. */
export interface TerrainMatrixInputs {
  readonly demandLon: Float64Array;
  readonly demandLat: Float64Array;
  /** [demandCount] demand indices by latitude: a site looks at a band of them. */
  readonly byLatitude: Uint32Array;
  readonly siteLon: Float64Array;
  readonly siteLat: Float64Array;
  readonly ruleOfSite: Uint16Array;
  readonly rules: readonly LinkRule[];
  readonly terrain: TerrainLayer;
}

interface TerrainRows {
  /** [sites] links of each site. */
  readonly counts: Uint32Array;
  readonly demandOfLink: Uint32Array;
  readonly marginDb: Float32Array;
  readonly flags: Uint8Array;
  readonly pairs: number;
  readonly pairsWithoutTerrain: number;
}

/** Link flags: beyond the distances the model's source speaks of; held at free space. */
export const OUTSIDE_DISTANCE = 1;
export const HELD = 2;

/** Sites a task works on: fixed by the data, never by the number of threads. Profiles are slow, so tasks are small. */
const SITES_PER_TASK = 4;
const METRES_PER_DEGREE = 111_195;
const DEGREE = Math.PI / 180;

const testsOfInputs = new WeakMap<TerrainMatrixInputs, readonly TerrainLinkTest[]>();

/** Links of a range of sites over terrain. */
export const terrainRowsKernel: Kernel<TerrainMatrixInputs, SiteRange, TerrainRows> = {
  name: 'coverage/terrain-rows',
  run: linksOfSites,
};

/** True when a link serves with the signal better by some dB. */
export function isServed(marginDb: number, offsetDb: number): boolean {
  return marginDb + offsetDb >= 0;
}

/** Links of a range of sites. */
export function linksOfSites(
  inputs: TerrainMatrixInputs,
  { from, to }: SiteRange,
  context: KernelContext,
): TerrainRows {
  let tests = testsOfInputs.get(inputs);
  if (tests === undefined) {
    tests = inputs.rules.map((rule) => terrainLinkTest(rule, inputs.terrain));
    testsOfInputs.set(inputs, tests);
  }
  const rows = { demand: [] as number[], margin: [] as number[], flags: [] as number[] };
  const counts = new Uint32Array(to - from);
  let pairs = 0;
  let pairsWithoutTerrain = 0;
  for (let site = from; site < to && !context.shouldStop(); site++) {
    const test = tests[inputs.ruleOfSite[site]!]!;
    const before = rows.demand.length;
    for (const demand of demandNear(inputs, site, test.maxReachM)) {
      const distanceM = 1000 * siteDistanceKm(inputs, site, demand);
      if (distanceM > test.maxReachM) continue;
      pairs++;
      const margin = test.marginDb(
        inputs.siteLon[site]!,
        inputs.siteLat[site]!,
        inputs.demandLon[demand]!,
        inputs.demandLat[demand]!,
      );
      if (Number.isNaN(margin)) pairsWithoutTerrain++;
      if (!(margin >= -KEPT_BELOW_DB)) continue;
      const { minDistanceM, maxDistanceM } = test.model;
      rows.demand.push(demand);
      rows.margin.push(margin);
      const outside = distanceM < minDistanceM || distanceM > maxDistanceM ? OUTSIDE_DISTANCE : 0;
      rows.flags.push(outside | (test.model.heldAtFreeSpace() ? HELD : 0));
    }
    counts[site - from] = rows.demand.length - before;
  }
  return {
    counts,
    demandOfLink: Uint32Array.from(rows.demand),
    marginDb: Float32Array.from(rows.margin),
    flags: Uint8Array.from(rows.flags),
    pairs,
    pairsWithoutTerrain,
  };
}

function siteDistanceKm(inputs: TerrainMatrixInputs, site: number, demand: number): number {
  return greatCircleKm(
    inputs.siteLon[site]!,
    inputs.siteLat[site]!,
    inputs.demandLon[demand]!,
    inputs.demandLat[demand]!,
  );
}

/** Demand within a square of the reach around a site, ascending. */
function demandNear(inputs: TerrainMatrixInputs, site: number, reachM: number): number[] {
  const { byLatitude, demandLat, demandLon } = inputs;
  const lat = inputs.siteLat[site]!;
  const lon = inputs.siteLon[site]!;
  const reachLat = reachM / METRES_PER_DEGREE;
  const cosLat = Math.max(0.01, Math.cos((Math.abs(lat) + reachLat) * DEGREE));
  const reachLon = reachLat / cosLat;
  const near: number[] = [];
  for (let at = lowerBound(byLatitude, demandLat, lat - reachLat); at < byLatitude.length; at++) {
    const demand = byLatitude[at]!;
    if (demandLat[demand]! > lat + reachLat) break;
    if (Math.abs(demandLon[demand]! - lon) <= reachLon) near.push(demand);
  }
  return near.sort((a, b) => a - b);
}

function lowerBound(order: Uint32Array, lat: Float64Array, wanted: number): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (lat[order[middle]!]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Links of all candidates over terrain: one profile for each pair within `maxReachM`. The same bytes for any number of
 * threads. Memory: 9 bytes a link, twice while the chunks are put together.
 */
export async function buildTerrainLinks(request: TerrainMatrixRequest): Promise<TerrainLinks> {
  const { demand, sites, executor = inProcessExecutor, signal, onProgress } = request;
  const inputs = terrainInputs(request);
  const tasks = terrainTasks(sites.lon.length);
  const chunks = await executor.map(terrainRowsKernel, inputs, tasks, {
    signal,
    onTaskDone: (done, total) => onProgress?.(done / total),
  });
  return joinChunks(chunks, inputs, demand.lon.length);
}

/** Ranges of sites a task works on. */
export function terrainTasks(siteCount: number): SiteRange[] {
  const tasks: SiteRange[] = [];
  for (let from = 0; from < siteCount; from += SITES_PER_TASK)
    tasks.push({ from, to: Math.min(siteCount, from + SITES_PER_TASK) });
  return tasks;
}

export function terrainInputs({
  demand,
  sites,
  ruleOfSite,
  rules,
  terrain,
}: TerrainMatrixRequest): TerrainMatrixInputs {
  const demandLat = toSharedFloat64(demand.lat);
  const byLatitude = sharedUint32(demandLat.length);
  for (let i = 0; i < byLatitude.length; i++) byLatitude[i] = i;
  byLatitude.sort((a, b) => demandLat[a]! - demandLat[b]! || a - b);
  const ruleIndex = sharedUint16(sites.lon.length);
  ruleIndex.set(ruleOfSite);
  return {
    demandLon: toSharedFloat64(demand.lon),
    demandLat,
    byLatitude,
    siteLon: toSharedFloat64(sites.lon),
    siteLat: toSharedFloat64(sites.lat),
    ruleOfSite: ruleIndex,
    rules,
    terrain,
  };
}

function joinChunks(
  chunks: readonly TerrainRows[],
  { rules, ruleOfSite }: TerrainMatrixInputs,
  demandCount: number,
): TerrainLinks {
  const siteCount = ruleOfSite.length;
  const links = chunks.reduce((sum, chunk) => sum + chunk.demandOfLink.length, 0);
  const siteStart = sharedUint32(siteCount + 1);
  const demandOfLink = sharedUint32(links);
  const marginDb = sharedFloat32(links);
  const flags = new Uint8Array(links);
  let site = 0;
  let start = 0;
  let at = 0;
  let pairs = 0;
  let pairsWithoutTerrain = 0;
  for (const chunk of chunks) {
    demandOfLink.set(chunk.demandOfLink, at);
    marginDb.set(chunk.marginDb, at);
    flags.set(chunk.flags, at);
    at += chunk.demandOfLink.length;
    for (const count of chunk.counts) {
      siteStart[site++] = start;
      start += count;
    }
    pairs += chunk.pairs;
    pairsWithoutTerrain += chunk.pairsWithoutTerrain;
  }
  siteStart[siteCount] = start;
  return {
    siteCount,
    demandCount,
    rules,
    ruleOfSite,
    siteStart,
    demandOfLink,
    marginDb,
    flags,
    pairs,
    pairsWithoutTerrain,
  };
}

/**
 * The coverage matrix of the links that are served when the signal is `offsetDb` better.
 *
 * @param offsetDb at most KEPT_BELOW_DB
 * @throws RangeError for more
 */
export function terrainMatrix(links: TerrainLinks, offsetDb = 0): BuiltMatrix {
  if (offsetDb > KEPT_BELOW_DB) {
    throw new RangeError(`links were kept for up to ${KEPT_BELOW_DB} dB more signal, not ${offsetDb}.`);
  }
  const { siteCount, demandCount, marginDb } = links;
  const served = (link: number): boolean => isServed(marginDb[link]!, offsetDb);
  const siteStart = sharedUint32(siteCount + 1);
  let count = 0;
  for (let link = 0; link < marginDb.length; link++) if (served(link)) count++;
  const demandOfSite = sharedUint32(count);
  let at = 0;
  const ofRule = links.rules.map(() => ({ links: 0, outsideDistance: 0, held: 0 }));
  for (let site = 0; site < siteCount; site++) {
    siteStart[site] = at;
    const sums = ofRule[links.ruleOfSite[site]!]!;
    for (let link = links.siteStart[site]!; link < links.siteStart[site + 1]!; link++) {
      if (!served(link)) continue;
      demandOfSite[at++] = links.demandOfLink[link]!;
      sums.links++;
      const flags = links.flags[link]!;
      if ((flags & OUTSIDE_DISTANCE) !== 0) sums.outsideDistance++;
      if ((flags & HELD) !== 0) sums.held++;
    }
  }
  siteStart[siteCount] = at;
  return { matrix: { siteCount, demandCount, siteStart, demandOfSite }, ...linkCounts(links.rules, ofRule) };
}
