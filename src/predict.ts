import { resolve } from 'node:path';
import { configurationKey, configurationsOf } from './coverage/configurations.ts';
import { linkCounts, type LinkCounts } from './coverage/link-counts.ts';
import { linkRule, type LinkRule } from './coverage/link-rule.ts';
import {
  NO_SERVER,
  predictRowsKernel,
  type PredictedRows,
  type PredictInputs,
  type RowRange,
} from './coverage/predict-kernel.ts';
import { EnvironmentError, InputError } from './errors.ts';
import { inProcessExecutor, type Executor } from './executor.ts';
import { bearingDeg, distanceM } from './geo/ellipsoid.ts';
import type { TerrainLayer } from './geo/geo-grid.ts';
import { sharedFloat64, sharedUint16, sharedUint8, toSharedFloat64 } from './geo/shared-array.ts';
import { utmZoneAt, type UtmZone } from './geo/utm.ts';
import { Findings } from './input/findings.ts';
import { readInputs, type ScenarioInputs } from './input/read-inputs.ts';
import type { LoadedScenario } from './input/read-scenario.ts';
import { readSites } from './input/read-sites.ts';
import type { Scenario } from './input/scenario-schema.ts';
import { boxAround, type GeoBox } from './input/terrain/area.ts';
import { checkMastHeights, checkSitesOnGround } from './input/terrain/ground-findings.ts';
import { loadTerrain } from './input/terrain/load-layers.ts';
import type { InputFileSummary, SiteTable } from './input/types.ts';
import { coverageStatistics, type CoverageStatistics } from './prediction-statistics.ts';
import { chooseModel } from './choose-model.ts';
import type { ProgressListener } from './progress.ts';
import { noisePerResourceElementDbm } from './radio/link-budget.ts';
import { isTerrainModelId } from './radio/terrain-models.ts';
import { formatValidityWarning } from './radio/validity.ts';

export interface PredictOptions {
  /** Which sites are on air: the scenario's, or those of a file (relative to the current folder). */
  readonly sites: 'existing' | 'candidates' | { readonly file: string };
  readonly cellM: number;
  /** Area predicted; null = demand and sites. */
  readonly box: GeoBox | null;
  /** Line layer (roads, railways) whose served length is stated; relative to the current folder. */
  readonly linesFile?: string | undefined;
  /** Share of resource elements other cells use, 0..1. */
  readonly load: number;
  readonly noiseFigureDb: number;
  readonly executor?: Executor | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProgressListener | undefined;
}

/** Where the cells lie: a UTM plane, rows from north to south. */
export interface RasterFrame {
  readonly columns: number;
  readonly rows: number;
  readonly cellM: number;
  /** North-western corner of the north-western cell, metres. */
  readonly west: number;
  readonly north: number;
  readonly zone: UtmZone;
  readonly epsg: number;
}

/** One cell on air: a sector of a site, or an omni site. */
export interface Server {
  readonly site: string;
  /** Null = omni. */
  readonly azimuthDeg: number | null;
  readonly configuration: string;
}

/** Coverage of given sites: data only, `writePrediction` turns it into files. */
export interface Prediction {
  readonly scenario: Scenario;
  readonly frame: RasterFrame;
  readonly servers: readonly Server[];
  /** [rows * columns] as in `PredictedRows`. */
  readonly rsrpDbm: Float32Array;
  readonly sinrDb: Float32Array;
  readonly probability: Float32Array;
  readonly server: Uint16Array;
  readonly model: string;
  /** One link a cell: that of its best server. */
  readonly links: LinkCounts;
  readonly statistics: CoverageStatistics;
  readonly inputs: readonly InputFileSummary[];
  readonly warnings: readonly string[];
}

/** Rows a task works on: fixed by the data, never by the number of threads. */
const ROWS_PER_TASK = 16;
const MAX_CELLS = 250_000_000;

/**
 * Predicts the coverage of given sites cell by cell: best server, median RSRP and SINR, probability of the service's
 * threshold, and statistics by region and period. The same bytes for any number of threads.
 *
 * @throws InputError for bad inputs, no sites, more than 65,535 servers or an empty area
 */
export async function predict(loaded: LoadedScenario, options: PredictOptions): Promise<Prediction> {
  const { scenario } = loaded;
  const { executor = inProcessExecutor, signal, onProgress } = options;
  onProgress?.({ stage: 'read' });
  const inputs = await readInputs(loaded, { ...(signal && { signal }) });
  const chosen = await chosenSites(loaded, inputs, options);
  const { sites, file } = chosen;
  const findings = new Findings();
  const frame = frameFor(options, inputs, sites);
  const model = chooseModel(scenario, inputs.existing, inputs.measurements, inputs.model, inputs.antenna);
  const terrain = await terrainFor(loaded, frame, sites, file, model.choice.id, findings);
  if (terrain === null) checkMastHeights({ file, ...heightsOf(sites, scenario) }, findings);
  findings.throwIfErrors();

  const { configurations, configurationOfSite } = configurationsOf(sites, scenario.radio);
  const rules = configurations.map((configuration) => linkRule(configuration, scenario, model.choice));
  const servers = listServers(sites, configurationOfSite, rules, configurations.map(configurationKey));
  const shared = predictInputs({
    scenario,
    options,
    frame,
    sites,
    configurationOfSite,
    rules,
    terrain: terrain?.layer ?? null,
  });
  const placesOf = placesOnPlane(frame, shared.terrain !== null);
  const rows = await predictRows(shared, frame, { executor, placesOf, signal, onProgress });
  const statistics = await coverageStatistics({
    frame,
    rows,
    demand: inputs.demand,
    regions: inputs.regions,
    membership: inputs.membership,
    locationProbability: scenario.service.locationProbability,
    linesFile: options.linesFile,
  });
  return {
    scenario,
    frame,
    servers,
    rsrpDbm: rows.rsrpDbm,
    sinrDb: rows.sinrDb,
    probability: rows.probability,
    server: rows.server,
    links: linkCounts(rules, rows.ofRule),
    model: model.summary.name,
    statistics,
    inputs: [...inputs.summaries, ...chosen.summaries, ...(terrain?.summaries ?? [])],
    warnings: [
      ...inputs.warnings,
      ...(model.warning === null ? [] : [model.warning]),
      ...model.summary.warnings.map(formatValidityWarning),
      ...findings.all.map(({ message, hint }) => (hint === undefined ? message : `${message} ${hint}`)),
      ...(terrain?.warnings ?? []),
      ...flatGroundWarning(rules, terrain !== null),
    ],
  };
}

async function chosenSites(
  loaded: LoadedScenario,
  inputs: ScenarioInputs,
  options: PredictOptions,
): Promise<{ sites: SiteTable; file: string; summaries: readonly InputFileSummary[] }> {
  const wanted = options.sites;
  if (typeof wanted === 'object') {
    const findings = new Findings();
    const read = await readSites(resolve(wanted.file), {
      file: wanted.file,
      role: 'existing',
      anyStatus: true,
      findings,
    });
    findings.throwIfErrors();
    return { sites: read.sites, file: wanted.file, summaries: [read.summary] };
  }
  const sites = inputs[wanted];
  const file = wanted === 'existing' ? loaded.scenario.existing?.file : loaded.scenario.candidates.file;
  if (sites === null || file === undefined) {
    throw new InputError(`the scenario names no ${wanted} sites.`, {
      code: 'predict-without-sites',
      hint: `Give --sites FILE, or ${wanted}.file in the scenario.`,
    });
  }
  return { sites, file, summaries: [] };
}

function heightsOf(
  sites: SiteTable,
  { radio }: Scenario,
): { ids: readonly string[]; lon: Float64Array; lat: Float64Array; heightM: Float64Array } {
  const heightM = sites.heightM.map((height) => (Number.isNaN(height) ? radio.heightM : height));
  return { ids: sites.ids, lon: sites.lon, lat: sites.lat, heightM };
}

async function terrainFor(
  loaded: LoadedScenario,
  frame: RasterFrame,
  sites: SiteTable,
  file: string,
  modelId: string | null,
  findings: Findings,
): Promise<Awaited<ReturnType<typeof loadTerrain>> | null> {
  const { scenario, baseDir } = loaded;
  const { terrain, clutter } = scenario;
  if (terrain === undefined || modelId === null || !isTerrainModelId(modelId)) return null;
  const corners = cornersOf(frame);
  const lon = [...sites.lon, ...corners.map(([x]) => x)];
  const lat = [...sites.lat, ...corners.map(([, y]) => y)];
  const area = boxAround(lon, lat, 500);
  const read = await loadTerrain({ terrain, clutter }, (path) => resolve(baseDir, path), area);
  checkSitesOnGround(
    { file, ...heightsOf(sites, scenario) },
    { grid: read.layer.grid, file: read.file },
    findings,
  );
  return read;
}

function flatGroundWarning(rules: readonly LinkRule[], hasTerrain: boolean): string[] {
  if (hasTerrain || !rules.some(({ modelId }) => isTerrainModelId(modelId))) return [];
  return ['No terrain is given: the model looks at level ground without obstacles, which is the best case.'];
}

/** The raster around the area asked for, its corner on whole cells so that runs of one area line up. */
function frameFor({ box, cellM }: PredictOptions, inputs: ScenarioInputs, sites: SiteTable): RasterFrame {
  const lon = [...inputs.demand.lon, ...sites.lon];
  const lat = [...inputs.demand.lat, ...sites.lat];
  const area = box ?? boxAround(lon, lat, 500);
  const zone = utmZoneAt((area.west + area.east) / 2, (area.south + area.north) / 2);
  const edge: [number, number][] = [];
  for (let k = 0; k <= 8; k++) {
    const lonK = area.west + ((area.east - area.west) * k) / 8;
    const latK = area.south + ((area.north - area.south) * k) / 8;
    edge.push(zone.toMetres(lonK, area.south), zone.toMetres(lonK, area.north));
    edge.push(zone.toMetres(area.west, latK), zone.toMetres(area.east, latK));
  }
  const x = edge.map(([east]) => east);
  const y = edge.map(([, north]) => north);
  const west = Math.floor(Math.min(...x) / cellM) * cellM;
  const north = Math.ceil(Math.max(...y) / cellM) * cellM;
  const columns = Math.ceil((Math.max(...x) - west) / cellM);
  const rows = Math.ceil((north - Math.min(...y)) / cellM);
  if (columns * rows > MAX_CELLS) {
    throw new EnvironmentError(`${columns} x ${rows} cells of ${cellM} m do not fit in memory.`, {
      code: 'predict-too-large',
      hint: 'Give a larger --resolution or a smaller --bbox.',
    });
  }
  return { columns, rows, cellM, west, north, zone, epsg: (zone.south ? 32700 : 32600) + zone.zone };
}

function cornersOf({ west, north, columns, rows, cellM, zone }: RasterFrame): [number, number][] {
  const east = west + columns * cellM;
  const south = north - rows * cellM;
  return [
    zone.toDegrees(west, north),
    zone.toDegrees(east, north),
    zone.toDegrees(west, south),
    zone.toDegrees(east, south),
  ];
}

function listServers(
  sites: SiteTable,
  configurationOfSite: Uint16Array,
  rules: readonly LinkRule[],
  names: readonly string[],
): Server[] {
  const servers = sites.ids.flatMap((site, s): Server[] => {
    const configuration = names[configurationOfSite[s]!]!;
    const azimuths = rules[configurationOfSite[s]!]!.sectors?.azimuthsDeg ?? [null];
    return azimuths.map((azimuthDeg) => ({ site, azimuthDeg, configuration }));
  });
  if (servers.length < NO_SERVER) return servers;
  throw new InputError(`${servers.length} sectors are too many for one raster.`, {
    code: 'predict-servers',
    hint: `At most ${NO_SERVER - 1}: predict a part of the network.`,
  });
}

export interface PredictParts {
  readonly scenario: Scenario;
  readonly options: Pick<PredictOptions, 'load' | 'noiseFigureDb'>;
  readonly frame: Pick<RasterFrame, 'columns' | 'cellM' | 'west' | 'north' | 'zone'>;
  readonly sites: SiteTable;
  readonly configurationOfSite: Uint16Array;
  readonly rules: readonly LinkRule[];
  readonly terrain: TerrainLayer | null;
}

/** Sites, rules and cells as the kernel takes them. */
export function predictInputs(parts: PredictParts): PredictInputs {
  const { scenario, options, frame, sites, configurationOfSite, rules, terrain } = parts;
  const { zone, cellM } = frame;
  const siteX = sharedFloat64(sites.count);
  const siteY = sharedFloat64(sites.count);
  const scale = sharedFloat64(sites.count);
  const gridNorthRad = sharedFloat64(sites.count);
  const ruleOfSite = sharedUint16(sites.count);
  const firstServer = sharedUint16(sites.count);
  const carriers = [...new Set(rules.map(({ link }) => link.frequencyMhz))];
  const carrierOfRule = sharedUint8(rules.length);
  carrierOfRule.set(rules.map(({ link }) => carriers.indexOf(link.frequencyMhz)));
  let server = 0;
  for (let s = 0; s < sites.count; s++) {
    const [lon, lat] = [sites.lon[s]!, sites.lat[s]!];
    const [x, y] = zone.toMetres(lon, lat);
    // A step of 100 m to grid north tells the plane's scale and how it is turned here.
    const [lonNorth, latNorth] = zone.toDegrees(x, y + 100);
    siteX[s] = x;
    siteY[s] = y;
    scale[s] = 100 / distanceM(lon, lat, lonNorth, latNorth);
    gridNorthRad[s] = (bearingDeg(lon, lat, lonNorth, latNorth) * Math.PI) / 180;
    ruleOfSite[s] = configurationOfSite[s]!;
    firstServer[s] = server;
    server += rules[configurationOfSite[s]!]!.sectors?.azimuthsDeg.length ?? 1;
  }
  return {
    columns: frame.columns,
    cellM,
    x0: frame.west + cellM / 2,
    y0: frame.north - cellM / 2,
    siteX,
    siteY,
    siteLon: toSharedFloat64(sites.lon),
    siteLat: toSharedFloat64(sites.lat),
    scale,
    gridNorthRad,
    ruleOfSite,
    firstServer,
    rules,
    carrierOfRule,
    carrierCount: carriers.length,
    thresholdDbm: scenario.service.rsrpDbm,
    noiseDbm: noisePerResourceElementDbm(scenario.radio.subcarrierKhz, options.noiseFigureDb),
    load: options.load,
    terrain,
  };
}

/** Where the cells of a range of rows lie: see `RowRange`. */
export type PlacesOf = (fromRow: number, toRow: number) => Pick<RowRange, 'degrees' | 'metres'>;

/** Runs all rows over the executor and puts them together in order. */
export async function predictRows(
  inputs: PredictInputs,
  { columns, rows }: Pick<RasterFrame, 'columns' | 'rows'>,
  run: { readonly executor: Executor; readonly placesOf: PlacesOf } & Pick<
    PredictOptions,
    'signal' | 'onProgress'
  >,
): Promise<PredictedRows> {
  const { executor, placesOf, signal, onProgress } = run;
  const tasks: RowRange[] = [];
  for (let fromRow = 0; fromRow < rows; fromRow += ROWS_PER_TASK) {
    const toRow = Math.min(rows, fromRow + ROWS_PER_TASK);
    tasks.push({ fromRow, toRow, ...placesOf(fromRow, toRow) });
  }
  const chunks = await executor.map(predictRowsKernel, inputs, tasks, {
    signal,
    onTaskDone: (done, total) => onProgress?.({ stage: 'predict', fraction: done / total }),
  });
  const ofRule = inputs.rules.map(() => ({ links: 0, outsideDistance: 0, held: 0 }));
  const all: PredictedRows = {
    ofRule,
    rsrpDbm: new Float32Array(columns * rows),
    sinrDb: new Float32Array(columns * rows),
    probability: new Float32Array(columns * rows),
    server: new Uint16Array(columns * rows),
  };
  chunks.forEach((chunk, task) => {
    const at = task * ROWS_PER_TASK * columns;
    all.rsrpDbm.set(chunk.rsrpDbm, at);
    all.sinrDb.set(chunk.sinrDb, at);
    all.probability.set(chunk.probability, at);
    all.server.set(chunk.server, at);
    chunk.ofRule.forEach((counts, rule) => {
      const sums = ofRule[rule]!;
      sums.links += counts.links;
      sums.outsideDistance += counts.outsideDistance;
      sums.held += counts.held;
    });
  });
  return all;
}

/** Cells of a UTM raster: a row and a column say where they are; only terrain asks for degrees. */
export function placesOnPlane(frame: RasterFrame, hasTerrain: boolean): PlacesOf {
  return (fromRow, toRow) => ({
    degrees: hasTerrain ? degreesOf(frame, fromRow, toRow) : null,
    metres: null,
  });
}

function degreesOf(
  { west, north, columns, cellM, zone }: RasterFrame,
  fromRow: number,
  toRow: number,
): Float64Array {
  const degrees = sharedFloat64(2 * columns * (toRow - fromRow));
  let at = 0;
  for (let row = fromRow; row < toRow; row++) {
    for (let column = 0; column < columns; column++) {
      const [lon, lat] = zone.toDegrees(west + (column + 0.5) * cellM, north - (row + 0.5) * cellM);
      degrees[at++] = lon;
      degrees[at++] = lat;
    }
  }
  return degrees;
}
