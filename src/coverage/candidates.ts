import { createPolygonLocator, type MultiPolygonCoordinates } from '../geo/polygon-locator.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { Demand, SiteTable } from '../input/types.ts';
import { configurationKey, configurationsOf } from './configurations.ts';
import { locationsOf, spacingConflicts } from './conflicts.ts';
import { zoneOf } from './effective-samples.ts';
import {
  boresightReachM,
  defaultConfiguration,
  linkBudget,
  linkRule,
  type ConfigurationBase,
  type LinkRule,
  type ModelChoice,
} from './link-rule.ts';
import { siteOptions, type SiteOptions } from './site-options.ts';
import { serviceThresholds, withThreshold } from './thresholds.ts';
import { triangularGrid, type GridNode } from './triangular-grid.ts';
import type { Configuration, MeasurementBins } from './types.ts';
import { sampleLossDb } from './user-loss.ts';
import { weakSpots } from './weak-spots.ts';

export interface CandidateRequest {
  readonly scenario: Pick<
    Scenario,
    'radio' | 'service' | 'services' | 'candidates' | 'measurements' | 'configurations'
  >;
  readonly demand: Demand;
  /** Candidates read from a file; null = none given. */
  readonly fromFile: SiteTable | null;
  /** Today's sites, for the configurations that may be put on them. */
  readonly existing?: SiteTable | null | undefined;
  /** Areas no generated candidate may stand in; null = none given. */
  readonly keepOut: MultiPolygonCoordinates | null;
  /** Published measurement bins; null = no measurements. */
  readonly bins: MeasurementBins | null;
  readonly model: ModelChoice;
}

/** Where new sites may stand, how they would be built and which exclude each other. */
export interface CandidateSet {
  readonly candidates: SiteTable;
  readonly configurations: readonly Configuration[];
  /** [candidates.count] index into `configurations` and `rules`. */
  readonly configurationOfCandidate: Uint16Array;
  /** By configuration: when it serves a user. */
  readonly rules: readonly LinkRule[];
  /** [2 x pairs] candidates nearer to each other than `minSpacingM`; smaller index first, sorted. */
  readonly conflicts: Uint32Array;
  /** [candidates.count] candidates at one and the same position share a number. */
  readonly locationOfCandidate: Uint32Array;
  /** The scenario's configuration of each candidate and whether its site stands already; null without configurations. */
  readonly options: Pick<SiteOptions, 'specs' | 'isUpgrade'> | null;
  /** Sentences for the report: what was assumed. */
  readonly warnings: readonly string[];
}

const SPACING_STEP_M = 50;

/** Candidates from the file, else generated ones (design, section 4). */
export function buildCandidates(request: CandidateRequest): CandidateSet {
  const { scenario, fromFile, model } = request;
  const generated = fromFile === null ? generateCandidates(request) : null;
  const places = fromFile ?? siteTableOf(generated?.nodes ?? []);
  const specs = scenario.configurations;
  const options = specs === undefined ? null : siteOptions(places, request.existing ?? null, specs);
  const candidates = options?.candidates ?? places;
  const { configurations, configurationOfSite } = configurationsOf(candidates, scenario.radio);
  const rules = configurations.map((configuration) => linkRule(configuration, scenario, model));
  const { minSpacingM } = scenario.candidates;
  const conflicts =
    minSpacingM === undefined
      ? new Uint32Array(0)
      : spacingConflicts(candidates, minSpacingM, options?.isUpgrade);
  return {
    candidates,
    configurations: configurations.map((configuration, k) => ({
      ...configuration,
      id: configurationKey(configuration),
      reachM: boresightReachM(rules[k]!),
      linkBudget: linkBudget(configuration, scenario, rules[k]!),
      ...serviceReaches(configuration, scenario, model),
    })),
    configurationOfCandidate: configurationOfSite,
    rules,
    conflicts,
    locationOfCandidate: locationsOf(candidates),
    options,
    warnings: generated?.warnings ?? [],
  };
}

/** What generated candidates are laid out for: the first configuration for new sites, else the scenario's radio. */
function firstConfiguration({ radio, configurations }: CandidateRequest['scenario']): ConfigurationBase {
  const base = defaultConfiguration(radio);
  const first = configurations?.find(({ on }) => on.includes('new'));
  if (first === undefined) return base;
  return {
    ...base,
    technology: first.technology ?? base.technology,
    frequencyMhz: first.frequencyMhz ?? base.frequencyMhz,
    bandwidthMhz: first.bandwidthMhz ?? base.bandwidthMhz,
    subcarrierKhz: first.subcarrierKhz ?? base.subcarrierKhz,
    eirpDbm: first.eirpDbm ?? base.eirpDbm,
    heightM: first.heightM ?? base.heightM,
    azimuthsDeg: first.azimuthSets?.[0] ?? base.azimuthsDeg,
    tiltDeg: first.tiltDeg ?? base.tiltDeg,
  };
}

/** How far users of each service are served, where there are several. */
function serviceReaches(
  configuration: ConfigurationBase,
  scenario: CandidateRequest['scenario'],
  model: ModelChoice,
): Pick<Configuration, 'serviceReachM'> {
  const reaches = scenario.services?.map(({ name, rsrpDbm }) => [
    name,
    boresightReachM(linkRule(configuration, withThreshold(scenario, rsrpDbm), model)),
  ]);
  return reaches === undefined
    ? {}
    : { serviceReachM: Object.fromEntries(reaches) as Record<string, number> };
}

/** Generated candidates stand no farther from users than this, metres: the reach of the service that asks least. */
export function generationReachM(scenario: CandidateRequest['scenario'], model: ModelChoice): number {
  return reachAtM(scenario, serviceThresholds(scenario)[0]!, model);
}

function reachAtM(scenario: CandidateRequest['scenario'], rsrpDbm: number, model: ModelChoice): number {
  return boresightReachM(linkRule(firstConfiguration(scenario), withThreshold(scenario, rsrpDbm), model));
}

/** The triangular grid where users lie within reach, plus weak spots, minus keep-out areas. */
function generateCandidates(request: CandidateRequest): { nodes: GridNode[]; warnings: string[] } {
  const { scenario, demand, keepOut, bins, model } = request;
  const { generate, minSpacingM } = scenario.candidates;
  const warnings: string[] = [];
  const reachM = generationReachM(scenario, model);
  if (reachM === 0) {
    return {
      nodes: [],
      warnings: ['The default configuration serves nobody at any distance: no candidates were generated.'],
    };
  }
  // Farther apart than the strictest service reaches, candidates would leave holes in it.
  const strictestDbm = serviceThresholds(scenario).at(-1)!;
  const shortM = reachAtM(scenario, strictestDbm, model);
  const spacingM =
    generate?.spacingM ?? Math.max(SPACING_STEP_M, SPACING_STEP_M * Math.round(shortM / SPACING_STEP_M));
  if (minSpacingM !== undefined && minSpacingM > spacingM) {
    warnings.push(
      `Candidates stand ${spacingM} m apart, new sites must keep ${minSpacingM} m: most neighbours exclude each other.`,
    );
  }
  const zone = zoneOf(demand.lon, demand.lat);
  const nodes = triangularGrid(demand, zone, spacingM, reachM);
  if (bins !== null && generate?.weakSpots !== false) {
    const spots = weakSpots(bins, strictestDbm, sampleLossDb(scenario), zone);
    for (const spot of spots) nodes.push(spot);
  }
  if (keepOut === null) {
    warnings.push('Candidates were generated without keep-out areas: water and parks were not excluded.');
    return { nodes, warnings };
  }
  const areas = createPolygonLocator([keepOut]);
  return { nodes: nodes.filter(({ lon, lat }) => !areas.contains(0, lon, lat)), warnings };
}

/** Generated places as a table, sorted by (lon, lat, id); everything else is the scenario's default. */
function siteTableOf(nodes: readonly GridNode[]): SiteTable {
  const sorted = [...nodes].sort((a, b) => a.lon - b.lon || a.lat - b.lat || (a.id < b.id ? -1 : 1));
  const notGiven = (): Float64Array => new Float64Array(sorted.length).fill(NaN);
  return {
    count: sorted.length,
    ids: sorted.map(({ id }) => id),
    lon: Float64Array.from(sorted, ({ lon }) => lon),
    lat: Float64Array.from(sorted, ({ lat }) => lat),
    status: sorted.map(() => 'candidate'),
    cost: notGiven(),
    heightM: notGiven(),
    eirpDbm: notGiven(),
    frequencyMhz: notGiven(),
    tiltDeg: notGiven(),
    technology: sorted.map(() => null),
    azimuthsDeg: sorted.map(() => []),
    cellIds: sorted.map(() => []),
  };
}
