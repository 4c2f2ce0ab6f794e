import { coveredAreas, degreeCellKm2, type CoveredArea } from './covered-area.ts';
import type { CandidateSet } from '../coverage/candidates.ts';
import { configurationsOf } from '../coverage/configurations.ts';
import { boresightReachM, linkRule, type LinkRule, type ModelChoice } from '../coverage/link-rule.ts';
import { NO_SERVER } from '../coverage/predict-kernel.ts';
import type { Executor } from '../executor.ts';
import type { TerrainLayer } from '../geo/geo-grid.ts';
import { joinSites } from '../input/join-sites.ts';
import { pickSites } from '../input/pick-sites.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import { boxAround, type GeoBox } from '../input/terrain/area.ts';
import type { Demand, RegionTable, SiteTable } from '../input/types.ts';
import { predictInputs, predictRows } from './predict-rows.ts';
import { looksAtTerrain } from '../radio/terrain-models.ts';
import {
  cellSideM,
  degreeGrid,
  placesInDegrees,
  placesOnPlane,
  planeFrame,
  planeGrid,
  type RasterFrame,
  type RasterGrid,
  type CoverageRaster,
} from './raster-grid.ts';

/** Asked of the raster by the user; what is left out is chosen here. */
export interface CoverageRasterOptions {
  /** Side of a cell, metres. */
  readonly cellM?: number | undefined;
  /** `EPSG:4326` (default) or `utm`: the zone the area lies in. */
  readonly crs?: 'EPSG:4326' | 'utm' | undefined;
}

export interface CoverageRasterRequest {
  readonly scenario: Scenario;
  readonly demand: Demand;
  /** Areas are stated for each of them; null = for the box around the users. */
  readonly regions: RegionTable | null;
  readonly existing: SiteTable | null;
  readonly set: CandidateSet;
  /** Chosen candidates in building order. */
  readonly chosen: ArrayLike<number>;
  readonly model: ModelChoice;
  readonly terrain: TerrainLayer | null;
  readonly executor: Executor;
  readonly signal?: AbortSignal | undefined;
  readonly options: CoverageRasterOptions;
}

/** The planned network on a map, and how much area it serves. */
export interface PlannedCoverage {
  readonly raster: CoverageRaster;
  readonly areas: readonly CoveredArea[];
}

/** Over terrain a site is followed to this multiple of the reach at which it still serves. */
const TERRAIN_REACHES = 2;

/**
 * Signal of the planned network cell by cell: existing and new sites under the plan's model, best server by median
 * RSRP. Null when there is no site to speak of, or more sectors than a raster can name.
 */
export async function coverageRaster(request: CoverageRasterRequest): Promise<PlannedCoverage | null> {
  const { scenario, model, terrain, executor, signal, options } = request;
  const sites = planSites(request);
  if (sites.count === 0) return null;
  const { configurations, configurationOfSite } = configurationsOf(sites, scenario.radio);
  const rules = configurations.map((configuration) => linkRule(configuration, scenario, model));
  const followed = terrain === null ? rules : rules.map(limitOverTerrain);
  const siteOfServer = sitesOfServers(followed, configurationOfSite);
  if (siteOfServer.length >= NO_SERVER) return null;
  const overTerrain =
    terrain !== null && rules.some(({ modelId, link }) => looksAtTerrain(modelId, link.spm));
  const area = areaOf(request, sites);
  const cellM = options.cellM ?? cellSideM(area, sites.count, overTerrain ? longestReachM(followed) : null);
  const frame = planeFrame(area, cellM);
  const grid = options.crs === 'utm' ? planeGrid(frame) : degreeGrid(area, cellM);
  const placesOf = options.crs === 'utm' ? placesOnPlane(frame, overTerrain) : placesInDegrees(grid, frame);
  const inputs = predictInputs({
    scenario,
    options: { load: 0, noiseFigureDb: 0 },
    frame: { ...frame, columns: grid.columns },
    sites,
    configurationOfSite,
    rules: followed,
    terrain: overTerrain ? terrain : null,
  });
  const rows = await predictRows(inputs, grid, { executor, placesOf, signal });
  const existing = request.existing?.count ?? 0;
  const raster: CoverageRaster = {
    ...grid,
    rsrpDbm: rows.rsrpDbm.map((level) => Math.round(level * 10) / 10),
    probability: rows.probability.map((share) => Math.round(share * 1000) / 1000),
    server: Float32Array.from(rows.server, (server) =>
      server === NO_SERVER ? NaN : serverNumber(siteOfServer[server]!, existing),
    ),
  };
  return { raster, areas: servedAreas(request, grid, frame, rows.probability) };
}

function servedAreas(
  { scenario, demand, regions }: CoverageRasterRequest,
  grid: RasterGrid,
  { zone }: RasterFrame,
  probability: Float32Array,
): CoveredArea[] {
  const { columns, rows, west, north, cellWidth, cellHeight, epsg } = grid;
  const inDegrees = epsg === 4326;
  const users = boxAround(demand.lon, demand.lat, 0);
  const areas = coveredAreas({
    columns,
    rows,
    cellKm2: (row) => (inDegrees ? degreeCellKm2(grid, row) : (cellWidth * cellHeight) / 1e6),
    centre: (column, row) => {
      const x = west + (column + 0.5) * cellWidth;
      const y = north - (row + 0.5) * cellHeight;
      return inDegrees ? [x, y] : zone.toDegrees(x, y);
    },
    isCovered: (cell) => probability[cell]! >= scenario.service.locationProbability,
    regions,
    isInside: (lon, lat) =>
      lon >= users.west && lon <= users.east && lat >= users.south && lat <= users.north,
  });
  const [whole, ...each] = areas;
  if (each.length === 0) return areas;
  const sum = (of: (area: CoveredArea) => number): number =>
    each.reduce((total, area) => total + of(area), 0);
  return [
    { ...whole!, km2: sum(({ km2 }) => km2), coveredKm2: sum(({ coveredKm2 }) => coveredKm2) },
    ...each,
  ];
}

/** New sites count from 1 in building order, existing ones from -1 in the order of their layer. */
function serverNumber(site: number, existing: number): number {
  return site < existing ? -(site + 1) : site - existing + 1;
}

/** Existing sites, then the chosen ones in building order. */
function planSites({ existing, set, chosen }: CoverageRasterRequest): SiteTable {
  const built = pickSites(set.candidates, Array.from(chosen));
  return existing === null ? built : joinSites(existing, built);
}

function limitOverTerrain(rule: LinkRule): LinkRule {
  if (!looksAtTerrain(rule.modelId, rule.link.spm)) return rule;
  return { ...rule, maxReachM: Math.min(rule.maxReachM, TERRAIN_REACHES * boresightReachM(rule)) };
}

function longestReachM(rules: readonly LinkRule[]): number {
  return rules.reduce((longest, { maxReachM }) => Math.max(longest, maxReachM), 0);
}

/** [servers] index of the site each sector belongs to. */
function sitesOfServers(rules: readonly LinkRule[], configurationOfSite: Uint16Array): number[] {
  return Array.from(configurationOfSite).flatMap((rule, site) =>
    new Array<number>(rules[rule]!.sectors?.azimuthsDeg.length ?? 1).fill(site),
  );
}

function areaOf({ demand }: CoverageRasterRequest, sites: SiteTable): GeoBox {
  return boxAround(
    [...extremes(demand.lon), ...extremes(sites.lon)],
    [...extremes(demand.lat), ...extremes(sites.lat)],
    500,
  );
}

function extremes(values: Float64Array): [number, number] {
  return [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
}
