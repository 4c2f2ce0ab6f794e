import { resolve } from 'node:path';
import { chooseModel } from './planning/choose-model.ts';
import { configurationKey, configurationsOf } from './coverage/configurations.ts';
import { linkCounts, type LinkCounts } from './coverage/link-counts.ts';
import { linkRule, type LinkRule, type ModelChoice } from './coverage/link-rule.ts';
import { NO_SERVER } from './coverage/predict-kernel.ts';
import { EnvironmentError, InputError } from './errors.ts';
import { inProcessExecutor, type Executor } from './executor.ts';
import { Findings } from './input/findings.ts';
import { readInputs, type ScenarioInputs } from './input/read-inputs.ts';
import type { LoadedScenario } from './input/read-scenario.ts';
import { readSites } from './input/read-sites.ts';
import type { Scenario } from './input/scenario-schema.ts';
import { boxAround, type GeoBox } from './input/terrain/area.ts';
import { checkMastHeights, checkSitesOnGround } from './input/terrain/ground-findings.ts';
import { loadTerrain } from './input/terrain/load-layers.ts';
import type { InputFileSummary, SiteTable } from './input/types.ts';
import { predictionNeed } from './memory/estimates.ts';
import { openAccount, type MemoryAccount } from './memory/memory-account.ts';
import { coverageStatistics, type CoverageStatistics } from './prediction/prediction-statistics.ts';
import { predictInputs, predictRows } from './prediction/predict-rows.ts';
import type { ProgressListener } from './progress.ts';
import { looksAtTerrain } from './radio/terrain-models.ts';
import { formatValidityWarning } from './radio/validity.ts';
import { cornersOf, placesOnPlane, planeFrame, type RasterFrame } from './prediction/raster-grid.ts';

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
  /** What the run holds in memory, against a budget; default: opened for `solver.memory` of the scenario. */
  readonly memory?: MemoryAccount | undefined;
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

/** Whatever the budget: a raster of 1 GB, 1.3 with its overviews, has room to spare in a GeoTIFF of 4. */
const MAX_CELLS = 250_000_000;

/**
 * Predicts the coverage of given sites cell by cell: best server, median RSRP and SINR, probability of the service's
 * threshold, and statistics by region and period. The same bytes for any number of threads.
 *
 * @throws InputError for bad inputs, no sites, more than 65,535 servers or an empty area; EnvironmentError when it
 * would not fit into memory
 */
export async function predict(loaded: LoadedScenario, options: PredictOptions): Promise<Prediction> {
  const { scenario } = loaded;
  const { executor = inProcessExecutor, signal, onProgress } = options;
  onProgress?.({ stage: 'read' });
  const memory = options.memory ?? openAccount(scenario.solver.memory, executor.threads);
  const inputs = await readInputs(loaded, { ...(signal && { signal }), memory });
  const chosen = await chosenSites(loaded, inputs, options);
  const { sites, file } = chosen;
  const findings = new Findings();
  const frame = frameFor(options, inputs, sites);
  holdRasters(memory, frame);
  const model = chooseModel(scenario, inputs.existing, inputs.measurements, inputs.model, inputs.antenna);
  const terrain = await terrainFor(loaded, { frame, sites, file, model: model.choice, findings, memory });
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
      ...(scenario.services === undefined
        ? []
        : [
            `Users and areas are those served from ${scenario.service.rsrpDbm} dBm on (service.rsrpDbm): thresholds of services are for plan and tune.`,
          ]),
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
  {
    frame,
    sites,
    file,
    model,
    findings,
    memory,
  }: {
    readonly frame: RasterFrame;
    readonly sites: SiteTable;
    readonly file: string;
    readonly model: ModelChoice;
    readonly findings: Findings;
    readonly memory: MemoryAccount;
  },
): Promise<Awaited<ReturnType<typeof loadTerrain>> | null> {
  const { scenario, baseDir } = loaded;
  const { terrain, clutter } = scenario;
  if (terrain === undefined || !looksAtTerrain(model.id, model.spm)) return null;
  const corners = cornersOf(frame);
  const lon = [...sites.lon, ...corners.map(([x]) => x)];
  const lat = [...sites.lat, ...corners.map(([, y]) => y)];
  const area = boxAround(lon, lat, 500);
  const read = await loadTerrain({ terrain, clutter }, (path) => resolve(baseDir, path), area, memory);
  checkSitesOnGround(
    { file, ...heightsOf(sites, scenario) },
    { grid: read.layer.grid, file: read.file },
    findings,
  );
  return read;
}

function flatGroundWarning(rules: readonly LinkRule[], hasTerrain: boolean): string[] {
  if (hasTerrain || !rules.some(({ modelId, link }) => looksAtTerrain(modelId, link.spm))) return [];
  return ['No terrain is given: the model looks at level ground without obstacles, which is the best case.'];
}

/** The raster around the area asked for, its corner on whole cells so that runs of one area line up. */
function frameFor({ box, cellM }: PredictOptions, inputs: ScenarioInputs, sites: SiteTable): RasterFrame {
  const lon = [...inputs.demand.lon, ...sites.lon];
  const lat = [...inputs.demand.lat, ...sites.lat];
  return planeFrame(box ?? boxAround(lon, lat, 500), cellM);
}

function holdRasters(memory: MemoryAccount, { columns, rows, cellM }: RasterFrame): void {
  const cells = columns * rows;
  const hint = 'Give a larger --resolution or a smaller --bbox, or grant more with --memory.';
  memory.hold(`rasters: ${cells.toLocaleString('en')} cells of ${cellM} m`, predictionNeed(cells), hint);
  if (cells <= MAX_CELLS) return;
  throw new EnvironmentError(`${columns} x ${rows} cells of ${cellM} m are too many for one raster.`, {
    code: 'predict-too-large',
    hint,
  });
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
