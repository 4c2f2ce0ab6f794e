import { simplify } from '@turf/turf';
import type { MultiPolygon } from 'geojson';
import { userLossDb } from '../coverage/user-loss.ts';
import { statesTraffic } from '../input/check-traffic.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import { version } from '../version.ts';
import { answerSentences, costCountsSites } from './answer.ts';
import type { Gap } from './gaps.ts';
import { configurationMix, costRecord } from './cost-facts.ts';
import { pageEvaluation } from './page-evaluation.ts';
import { pageLines } from './page-lines.ts';
import { pageLoads } from './page-loads.ts';
import { pageSinr } from './page-sinr.ts';
import { reasonData } from './layers.ts';
import { formatRequired } from './numbers.ts';
import { packIntegers } from './packed-integers.ts';
import { pageCells } from './page-cells.ts';
import type { PageData, PageScope, PageTarget } from './page-data-types.ts';
import type { EvidenceUsers } from './evidence-users.ts';
import type { PlanFacts } from './plan-facts.ts';
import type { ScopeFacts, TargetFacts } from './scope-facts.ts';
import { countPoints } from './service-facts.ts';
import type { Language } from './words/words.ts';

/** Region outlines with more corners than this are simplified for drawing (about 20 m). */
const MAX_CORNERS = 30_000;
const SIMPLIFY_DEGREES = 2e-4;
/** Trace rows and published bins kept for the page; the files hold all. */
const MAX_TRACE = 400;
const MAX_BINS = 60_000;
/** Gaps drawn, most users first. */
const MAX_GAPS = 500;

type Coordinates = readonly (readonly (readonly (readonly number[])[])[])[];

/** What `report.html` shows, without times, hosts or paths. */
export function buildPageData(
  result: PlanResult,
  facts: PlanFacts,
  gaps: readonly Gap[],
  language: Language,
): PageData {
  const { scenario, solution, candidates, model, baseline } = result;
  return {
    language,
    name: scenario.name,
    version,
    background: scenario.map ?? null,
    answer: { en: answerSentences(result, facts, 'en'), zh: answerSentences(result, facts, 'zh') },
    status: solution.status,
    feasible: solution.feasible,
    stoppedBy: solution.stoppedBy,
    unitCosts: costCountsSites(result),
    cost: solution.cost,
    lowerBound: solution.lowerBound,
    gap: solution.gap,
    budget: solution.budget && {
      coveredMilli: solution.budget.covered,
      upperBoundMilli: solution.budget.upperBound,
      gap: solution.budget.gap,
      objective: result.problem.budget?.objective ?? 'mean',
    },
    unmeasured: scenario.baseline.unmeasured,
    periods: result.demand.periods,
    scopes: facts.periods.map(pageScope),
    targets: (facts.targets.at(-1) ?? []).map(pageTarget),
    services: pageServices(result, facts),
    phases: solution.phases.map((phase) => ({
      name: phase.name,
      sites: phase.sites.length,
      cost: phase.cost,
      lowerBound: phase.lowerBound,
      gap: phase.gap,
      nestedLowerBound: phase.nestedLowerBound,
      nestedGap: phase.nestedGap,
      status: phase.status,
    })),
    sites: facts.sites.map((site) => ({
      id: candidates.ids[site.site]!,
      lon: fiveDecimals(candidates.lon[site.site]!),
      lat: fiveDecimals(candidates.lat[site.site]!),
      phase: site.phase,
      cost: result.problem.siteCost[site.site]!,
      configuration: result.configurationOfCandidate[site.site]!,
      newMilli: site.newMilli,
      aloneMilli: site.aloneMilli,
      region: site.region,
      reason: reasonData(result, facts, site),
    })),
    cells: pageCells(result, facts),
    sinr: pageSinr(result),
    evaluation: pageEvaluation(result),
    lines: result.lines === null ? null : pageLines(result.lines),
    loads: facts.loads === null ? null : pageLoads(result, facts.loads),
    costs: pageCosts(result),
    mix: configurationMix(result).map(({ configuration, sites, upgrades }) => ({
      configuration,
      sites,
      upgrades,
    })),
    demandCount: countPoints(result.demand),
    candidateCount: candidates.count,
    regionNames: result.regionNames,
    regions: pageRegions(result),
    existing: pageExisting(result),
    bins: pageBins(result),
    gaps: gaps.slice(0, MAX_GAPS).map((gap) => ({
      lon: fiveDecimals(gap.lon),
      lat: fiveDecimals(gap.lat),
      region: gap.region,
      usersMilli: gap.usersMilli,
      serviceMilli: gap.serviceMilli,
      polygons: rounded(gap.coordinates),
    })),
    configurations: result.configurations,
    thresholdDbm: scenario.service.rsrpDbm,
    locationProbability: scenario.service.locationProbability,
    userLossDb: userLossDb(scenario.service),
    model: {
      name: model.name,
      calibrated: model.calibrated,
      sigmaDb: model.sigmaDb,
      parameters: model.parameters,
      errors: model.errors,
      links: model.links,
      linksOutsideValidity: model.linksOutsideValidity,
      linksHeldAtFreeSpace: model.linksHeldAtFreeSpace,
      linkWarnings: model.linkWarnings,
      existing: model.existing && {
        links: model.existing.links,
        linksOutsideValidity: model.existing.linksOutsideValidity,
        linksHeldAtFreeSpace: model.existing.linksHeldAtFreeSpace,
      },
      scatter: null,
    },
    evidence: facts.periods.map((period) => ({
      today: evidenceList(period.evidenceToday),
      after: evidenceList(period.evidenceAfter),
      samples: period.samples,
    })),
    samplesUsed: baseline.samplesUsed,
    samplesFromAnotherPeriod: baseline.samplesFromAnotherPeriod,
    sensitivity: result.sensitivity,
    trace: solution.trace.slice(-MAX_TRACE),
    notes: solution.notes,
    warnings: result.warnings,
    inputs: result.inputs,
  };
}

function pageCosts(result: PlanResult): PageData['costs'] {
  const record = costRecord(result);
  if (record === null) return null;
  const { cost, parts, years, discountRate } = record;
  return { cost, parts, years, discountRate };
}

function pageServices({ scenario }: PlanResult, { services }: PlanFacts): PageData['services'] {
  if (services === null) return null;
  const withTraffic = statesTraffic(scenario);
  return services.map(({ name, rsrpDbm, scopes, loads }) => ({
    name,
    rsrpDbm,
    scopes: scopes.map(pageScope),
    loads: loads.map((load) => ({ ...load, offeredMbps: withTraffic ? load.offeredMbps : null })),
  }));
}

function pageScope(scope: ScopeFacts): PageScope {
  return {
    period: scope.period,
    region: scope.region,
    totalMilli: scope.totalMilli,
    todayMilli: scope.servedTodayMilli,
    newMilli: packIntegers(scope.newMilli),
  };
}

function pageTarget(target: TargetFacts): PageTarget {
  return {
    ...pageScope(target),
    service: target.service,
    phase: target.ownPhase,
    required: formatRequired(target.requiredNumerator, target.requiredDenominator),
    backup: target.backup,
    requiredShare: target.requiredNumerator / target.requiredDenominator,
    needMilli: target.needMilli,
    evidence: evidenceList(target.evidenceAfter),
  };
}

function evidenceList(evidence: EvidenceUsers): number[] {
  return [evidence.measured, evidence.predicted, evidence.interpolated, evidence.unknown];
}

function pageRegions(result: PlanResult): PageData['regions'] {
  const { regions } = result;
  if (regions === null) return [];
  const corners = regions.polygons.flat(2).reduce((sum, ring) => sum + ring.length, 0);
  return regions.names.map((name, region) => {
    const polygons = regions.polygons[region]!;
    return { name, polygons: rounded(corners > MAX_CORNERS ? simplified(polygons) : polygons) };
  });
}

function simplified(polygons: Coordinates): Coordinates {
  const coordinates = polygons.map((rings) => rings.map((ring) => ring.map((corner) => [...corner])));
  const geometry: MultiPolygon = { type: 'MultiPolygon', coordinates };
  return simplify(geometry, { tolerance: SIMPLIFY_DEGREES, highQuality: false, mutate: true }).coordinates;
}

function pageExisting({ existing }: PlanResult): PageData['existing'] {
  return {
    lon: degreeColumn(existing?.lon ?? new Float64Array()),
    lat: degreeColumn(existing?.lat ?? new Float64Array()),
    ids: existing?.ids ?? [],
  };
}

function pageBins({ bins }: PlanResult): PageData['bins'] {
  if (bins === null) return null;
  const step = Math.ceil(bins.count / MAX_BINS);
  const kept = Array.from({ length: bins.count }, (_, bin) => bin).filter((bin) => bin % step === 0);
  return {
    lon: degreeColumn(Float64Array.from(kept, (bin) => bins.lon[bin]!)),
    lat: degreeColumn(Float64Array.from(kept, (bin) => bins.lat[bin]!)),
    meanDbm: packIntegers(Float64Array.from(kept, (bin) => Math.round(bins.meanDbm[bin]! * 10))),
    samples: packIntegers(Float64Array.from(kept, (bin) => bins.samples[bin]!)),
    binM: bins.binM,
    withheld: bins.withheld,
  };
}

function degreeColumn(degrees: Float64Array): string {
  return packIntegers(
    degrees.map((value) => Math.round(value * 1e5)),
    true,
  );
}

function rounded(polygons: Coordinates): Coordinates {
  return polygons.map((rings) =>
    rings.map((ring) => ring.map(([lon, lat]) => [fiveDecimals(lon!), fiveDecimals(lat!)])),
  );
}

function fiveDecimals(degrees: number): number {
  return Math.round(degrees * 1e5) / 1e5;
}
