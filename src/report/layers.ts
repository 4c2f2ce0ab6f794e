import { demandOf } from '../coverage/span-coverage.ts';
import { circle } from '@turf/turf';
import type { Feature, Polygon } from 'geojson';
import { EVIDENCE_NAMES } from '../coverage/types.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import { formatRequired, formatUsers, percentDown, shareDown, usersFromMilli } from './numbers.ts';
import { periodLabel } from './answer.ts';
import { candidateFeatures } from './candidate-layer.ts';
import { standingCoverage } from '../solve/capacity/standing.ts';
import type { Gap } from './gaps.ts';
import { feature, pointFeature, roundDegrees, windPolygon } from './geojson-text.ts';
import { lineFeatures } from './line-layer.ts';
import type { LoadFacts } from './load-facts.ts';
import type { PlanFacts, SiteFacts } from './plan-facts.ts';
import type { ReasonData } from './reason.ts';
import { reasonSentence } from './reason.ts';
import { costWithout } from './report-json.ts';
import type { Language } from './words/words.ts';
import { WORDS } from './words/words.ts';

/** One output layer: a name (file stem, table name) and its features, made when asked for. */
export interface Layer {
  readonly name: string;
  readonly features: () => Iterable<Feature>;
}

/** Corners of a service-area circle. */
const CIRCLE_STEPS = 64;

/** Every vector layer of a plan, in drawing order from the top. */
export function planLayers(
  result: PlanResult,
  facts: PlanFacts,
  gaps: readonly Gap[],
  language: Language = 'en',
): Layer[] {
  const { explanation } = result;
  const layers: Layer[] = [
    { name: 'sites', features: () => siteFeatures(result, facts, language) },
    ...(explanation === null
      ? []
      : [{ name: 'candidates', features: () => candidateFeatures(result, explanation, language) }]),
    { name: 'demand', features: () => demandFeatures(result, facts) },
    { name: 'gaps', features: () => gapFeatures(result, gaps) },
    { name: 'service-areas', features: () => serviceAreaFeatures(result, facts) },
  ];
  if (result.existing !== null) layers.push({ name: 'existing', features: () => existingFeatures(result) });
  if (result.regions !== null) layers.push({ name: 'regions', features: () => regionFeatures(result) });
  if (result.bins !== null) layers.push({ name: 'bins', features: () => binFeatures(result) });
  const { lines } = result;
  if (lines !== null) layers.push({ name: 'lines', features: () => lineFeatures(result, lines) });
  return layers;
}

/** Values of each period under its name. */
export function byPeriod<T>(result: PlanResult, value: (period: number) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(result.demand.periods.map((name, period) => [name, value(period)]));
}

/** What the reason sentence of a site says, shared by the layer and the page. */
export function reasonData(result: PlanResult, facts: PlanFacts, site: SiteFacts): ReasonData {
  const busiest = site.newMilli.reduce(
    (best, added, period) => (added > site.newMilli[best]! ? period : best),
    0,
  );
  const critical = site.criticalTarget === null ? null : facts.targets.at(-1)![site.criticalTarget]!;
  return {
    required: site.required,
    newUsers: formatUsers(site.newMilli[busiest]!),
    aloneUsers: formatUsers(site.aloneMilli[busiest]!),
    period: periodLabel(result, busiest),
    region: site.region,
    critical: critical && {
      region: critical.region,
      ...(critical.service !== null && { service: critical.service }),
      period: periodLabel(result, critical.period),
      wouldReach: percentDown(site.criticalServedMilli, critical.totalMilli),
      required: formatRequired(critical.requiredNumerator, critical.requiredDenominator),
      backup: critical.backup,
    },
  };
}

function* siteFeatures(result: PlanResult, facts: PlanFacts, language: Language): Generator<Feature> {
  const { candidates, solution } = result;
  for (const site of facts.sites) {
    const configuration = result.configurations[result.configurationOfCandidate[site.site]!]!;
    yield pointFeature(candidates.lon[site.site]!, candidates.lat[site.site]!, {
      id: candidates.ids[site.site]!,
      rank: site.rank,
      phase: solution.phases[site.phase]?.name ?? null,
      cost: result.problem.siteCost[site.site]!,
      configuration: configuration.id,
      technology: configuration.technology,
      azimuths: configuration.azimuthsDeg,
      tilt_deg: configuration.tiltDeg,
      height_m: configuration.heightM,
      eirp_dbm: configuration.eirpDbm,
      frequency_mhz: configuration.frequencyMhz,
      reach_m: configuration.reachM,
      ...(configuration.serviceReachM && { service_reach_m: configuration.serviceReachM }),
      status: candidates.status[site.site]!,
      region: site.region,
      new_users: byPeriod(result, (period) => usersFromMilli(site.newMilli[period]!)),
      share_after: byPeriod(result, (period) =>
        shareDown(site.servedAfterMilli[period]!, facts.periods[period]!.totalMilli),
      ),
      served_alone: byPeriod(result, (period) => usersFromMilli(site.aloneMilli[period]!)),
      cost_without: costWithout(result, site.site),
      ...siteLoadColumns(result, facts, site.rank - 1),
      reason: reasonSentence(WORDS[language], reasonData(result, facts, site)),
    });
  }
}

/** Load and room of a site, by period; nothing where nobody had to be assigned. */
function siteLoadColumns(result: PlanResult, { loads }: PlanFacts, place: number): object {
  const site = loads?.sites[place];
  if (site === undefined) return {};
  return {
    room_in: site.unit,
    load: byPeriod(result, (period) => sixDecimals(site.load[period]!)),
    room: byPeriod(result, (period) => site.room[period]!),
  };
}

/** What the verifier needs to assign users again; nothing where nobody had to be assigned. */
function demandLoadColumns(
  result: PlanResult,
  { loads }: PlanFacts,
  carriers: readonly string[][] | null,
  i: number,
): object {
  if (loads === null) return {};
  const rate = result.problem.capacity?.rate;
  return {
    served: byPeriod(result, (period) => isCarried(result, loads, period, i)),
    users_served: byPeriod(result, (period) => usersFromMilli(loads.carriedMilli[period]![i]!)),
    users_no_room: byPeriod(result, (period) => usersFromMilli(loads.noRoomMilli[period]![i]!)),
    ...(rate !== undefined && { bps_per_user: byPeriod(result, (period) => rate[period]![i]!) }),
    ...(carriers !== null && { carried_by_today: carriers[i]! }),
  };
}

/** True when nobody at the point is left out. */
function isCarried(result: PlanResult, loads: LoadFacts, period: number, i: number): boolean {
  return loads.carriedMilli[period]![i] === result.demand.usersMilli[period]![i]!;
}

/** Per demand point ids of today's sites of stated room that may carry it; null where no such site stands. */
function carriersOfDemand({ problem, demand }: PlanResult): string[][] | null {
  const coverage = standingCoverage(problem);
  if (coverage === null) return null;
  const carriers: string[][] = Array.from({ length: demand.count }, () => []);
  for (let site = 0; site < coverage.siteCount; site++) {
    for (let k = coverage.siteStart[site]!; k < coverage.siteStart[site + 1]!; k++) {
      carriers[coverage.demandOfSite[k]!]!.push(problem.capacity!.standing!.ids[site]!);
    }
  }
  return carriers;
}

function* demandFeatures(result: PlanResult, facts: PlanFacts): Generator<Feature> {
  const { demand, baseline, problem } = result;
  const coverers = coverersOfDemand(result);
  const carriers = facts.loads === null ? null : carriersOfDemand(result);
  const { services } = demand;
  for (let i = 0; i < demand.count; i++) {
    const rank = facts.rankOfDemand[i]!;
    const today = (period: number): boolean => problem.servedToday[period]![i] === 1;
    yield pointFeature(demand.lon[i]!, demand.lat[i]!, {
      id: demand.ids[i]!,
      cell_m: demand.cellM[i]!,
      region: result.regionNames[result.regionOfDemand[i]!] ?? null,
      ...(services !== undefined && { service: services.names[services.ofRow[i]!]! }),
      users: byPeriod(result, (period) => usersFromMilli(demand.usersMilli[period]![i]!)),
      served_today: byPeriod(result, today),
      served: byPeriod(result, (period) => today(period) || rank > 0),
      evidence: byPeriod(result, (period) => EVIDENCE_NAMES[baseline.evidence[period]![i]!]),
      rsrp_today_dbm: byPeriod(result, (period) => oneDecimal(baseline.rsrpDbm[period]![i]!)),
      covered_by: coverers[i]!,
      ...demandLoadColumns(result, facts, carriers, i),
    });
  }
}

/** Ids of the chosen sites that cover each demand point, in building order. */
function coverersOfDemand(result: PlanResult): string[][] {
  const coverers: string[][] = Array.from({ length: result.demand.count }, () => []);
  for (const site of result.solution.sites) {
    const id = result.candidates.ids[site]!;
    for (const i of demandOf(result.problem.coverage, site)) coverers[i]!.push(id);
  }
  return coverers;
}

function* gapFeatures(result: PlanResult, gaps: readonly Gap[]): Generator<Feature> {
  for (const gap of gaps) {
    yield feature(
      { type: 'MultiPolygon', coordinates: gap.coordinates },
      {
        rank: gap.rank,
        region: gap.region,
        cells: gap.cells,
        users: byPeriod(result, (period) => usersFromMilli(gap.usersMilli[period]!)),
        ...(gap.noRoomMilli !== null && {
          users_no_room: byPeriod(result, (period) => usersFromMilli(gap.noRoomMilli![period]!)),
        }),
        ...leftByService(result, gap),
      },
    );
  }
}

/** `left_<service>`: users of each service by period, where there are several. */
function leftByService(result: PlanResult, { serviceMilli }: Gap): Readonly<Record<string, object>> {
  if (serviceMilli === null) return {};
  return Object.fromEntries(
    result.demand.services!.names.map((name, service) => [
      `left_${name}`,
      byPeriod(result, (period) => usersFromMilli(serviceMilli[service]![period]!)),
    ]),
  );
}

function* serviceAreaFeatures(result: PlanResult, facts: PlanFacts): Generator<Feature> {
  for (const site of facts.sites) {
    const configuration = result.configurations[result.configurationOfCandidate[site.site]!]!;
    const lon = result.candidates.lon[site.site]!;
    const lat = result.candidates.lat[site.site]!;
    const area = circle([lon, lat], Math.max(1, configuration.reachM), {
      steps: CIRCLE_STEPS,
      units: 'meters',
    });
    yield feature(woundPolygon(area.geometry), {
      id: result.candidates.ids[site.site]!,
      rank: site.rank,
      configuration: configuration.id,
      reach_m: configuration.reachM,
    });
  }
}

function woundPolygon(polygon: Polygon): Polygon {
  const rings = polygon.coordinates.map((ring) => ring.map(([lon, lat]) => [lon!, lat!] as const));
  return { type: 'Polygon', coordinates: windPolygon(rings) };
}

function* existingFeatures(result: PlanResult): Generator<Feature> {
  const { existing } = result;
  if (existing === null) return;
  for (let site = 0; site < existing.count; site++) {
    yield pointFeature(existing.lon[site]!, existing.lat[site]!, {
      id: existing.ids[site]!,
      technology: existing.technology[site] ?? null,
      azimuths: existing.azimuthsDeg[site]!,
      height_m: finiteOrNull(existing.heightM[site]!),
      eirp_dbm: finiteOrNull(existing.eirpDbm[site]!),
      frequency_mhz: finiteOrNull(existing.frequencyMhz[site]!),
    });
  }
}

function* regionFeatures(result: PlanResult): Generator<Feature> {
  const { regions } = result;
  if (regions === null) return;
  for (let region = 0; region < regions.names.length; region++) {
    yield feature(
      { type: 'MultiPolygon', coordinates: regions.polygons[region]!.map((polygon) => windPolygon(polygon)) },
      { name: regions.names[region]!, area_km2: roundTo(regions.areaKm2[region]!, 3) },
    );
  }
}

function* binFeatures(result: PlanResult): Generator<Feature> {
  const { bins } = result;
  if (bins === null) return;
  for (let bin = 0; bin < bins.count; bin++) {
    yield pointFeature(roundDegrees(bins.lon[bin]!), roundDegrees(bins.lat[bin]!), {
      samples: bins.samples[bin]!,
      mean_rsrp_dbm: oneDecimal(bins.meanDbm[bin]!),
      sd_db: oneDecimal(bins.sdDb[bin]!),
      bin_m: bins.binM,
    });
  }
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function oneDecimal(value: number): number | null {
  return Number.isFinite(value) ? roundTo(value, 1) : null;
}

function sixDecimals(value: number): number {
  return roundTo(value, 6);
}

function roundTo(value: number, decimals: number): number {
  return Math.round(value * 10 ** decimals) / 10 ** decimals;
}
