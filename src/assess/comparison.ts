import { EVIDENCE_MEASURED, EVIDENCE_UNKNOWN, type Baseline } from '../coverage/types.ts';
import type { UtmZone } from '../geo/utm.ts';
import type { Demand, SiteTable } from '../input/types.ts';
import type { PlanResult } from '../plan-result.ts';
import type { QuarterSamples } from './day-bins.ts';
import type { ChangeOptions, ChangeResult } from './level-change.ts';
import { quarterChange } from './level-change.ts';
import type { TargetAssessment, WeakArea } from './result.ts';
import type { QuarterValue } from './scorecard/indicator.ts';

/** What an assessment leaves for the next one (comparison.json, for the owner only: it holds samples). */
export interface ComparisonState {
  readonly quarter: number | null;
  /** UTM zone of the grid, for example `18N`. */
  readonly zone: string;
  readonly samples: {
    readonly x: readonly number[];
    readonly y: readonly number[];
    readonly levelDbm: readonly number[];
    readonly drive: readonly number[];
  };
  readonly targets: readonly TargetState[];
  readonly weakAreas: readonly WeakAreaState[];
  readonly siteIds: readonly string[];
  /** Sites that a plan proposed (`--plan`), with the demand each was to serve. */
  readonly promises: readonly SitePromise[];
  readonly scorecard: readonly { readonly id: string; readonly series: readonly QuarterValue[] }[];
}

export interface TargetState {
  readonly period: string;
  readonly region: string | null;
  readonly totalUsers: number;
  readonly servedLow: number;
}

export interface WeakAreaState {
  readonly id: string;
  readonly period: string;
  readonly usersMilli: number;
  readonly sideM: number;
  readonly columns: readonly number[];
  readonly rows: readonly number[];
}

/** A proposed site and what it was to bring. */
export interface SitePromise {
  readonly id: string;
  readonly lon: number;
  readonly lat: number;
  /** Per period, users in thousandths. */
  readonly usersMilli: readonly number[];
  readonly demandIds: readonly string[];
}

export type AreaFate = 'opened' | 'persisting' | 'closed' | 'not-known-now';

export interface Comparison {
  readonly previousQuarter: number | null;
  /** Null when no samples of both quarters exist (zones differ, or one has none). */
  readonly change: ChangeResult | null;
  readonly targets: readonly {
    readonly period: string;
    readonly region: string | null;
    readonly before: number;
    readonly after: number;
  }[];
  readonly areas: readonly {
    readonly fate: AreaFate;
    readonly id: string;
    readonly period: string;
    readonly usersMilli: number;
  }[];
  readonly built: readonly BuiltSite[];
}

/** A site of the earlier plan that stands now. */
export interface BuiltSite {
  readonly id: string;
  readonly plannedId: string;
  /** Users the plan promised in the period of its largest gain, and those of them served now. */
  readonly promisedMilli: number;
  readonly servedMilli: number;
  /** Of the served ones, those that measurements show. */
  readonly measuredMilli: number;
}

/** A new site this near to a planned one is the planned one, metres. */
const SAME_SITE_M = 150;

export interface CompareRequest {
  readonly previous: ComparisonState;
  readonly samples: QuarterSamples | null;
  readonly zone: UtmZone;
  readonly demand: Demand;
  readonly baseline: Baseline;
  readonly existing: SiteTable | null;
  readonly targets: readonly TargetAssessment[];
  readonly weakAreas: readonly WeakArea[];
  readonly change: ChangeOptions;
}

/** This quarter against the one before. */
export function compareWithPrevious(request: CompareRequest): Comparison {
  const { previous, samples, zone, demand, targets } = request;
  const comparable = samples !== null && previous.zone === zone.name;
  const earlier = new Map(
    previous.targets.map((target) => [targetKey(target.period, target.region), target]),
  );
  return {
    previousQuarter: previous.quarter,
    change: comparable ? quarterChange(samplesOfState(previous), samples, request.change) : null,
    targets: targets.flatMap((target) => {
      const period = demand.periods[target.period]!;
      const before = earlier.get(targetKey(period, target.region));
      if (before === undefined || before.totalUsers === 0 || target.totalUsers === 0) return [];
      return [
        {
          period,
          region: target.region,
          before: before.servedLow / before.totalUsers,
          after: target.servedLow / target.totalUsers,
        },
      ];
    }),
    areas: areaFates(request),
    built: builtSites(request),
  };
}

function targetKey(period: string, region: string | null): string {
  return JSON.stringify([period, region]);
}

function samplesOfState({ samples }: ComparisonState): QuarterSamples {
  return {
    count: samples.x.length,
    x: Float64Array.from(samples.x),
    y: Float64Array.from(samples.y),
    levelDbm: Float64Array.from(samples.levelDbm),
    drive: Int32Array.from(samples.drive),
  };
}

/** Areas are the same where they share a square; one that nothing is known of any more is not called closed. */
function areaFates({ previous, demand, weakAreas, baseline, zone }: CompareRequest): Comparison['areas'] {
  const squaresOf = (area: { columns: readonly number[]; rows: readonly number[] }): string[] =>
    area.columns.map((column, k) => `${column},${area.rows[k]}`);
  const earlier = new Map<string, WeakAreaState[]>();
  for (const area of previous.weakAreas) {
    for (const square of squaresOf(area)) {
      const key = `${area.period}\n${area.sideM}\n${square}`;
      earlier.set(key, [...(earlier.get(key) ?? []), area]);
    }
  }
  const continued = new Set<WeakAreaState>();
  const now = weakAreas.map((area) => {
    const period = demand.periods[area.period]!;
    const before = squaresOf(area).flatMap(
      (square) => earlier.get(`${period}\n${area.sideM}\n${square}`) ?? [],
    );
    for (const old of before) continued.add(old);
    const fate: AreaFate = before.length > 0 ? 'persisting' : 'opened';
    return { fate, id: area.id, period, usersMilli: area.usersMilli };
  });
  const gone = previous.weakAreas
    .filter((area) => !continued.has(area))
    .map((area) => {
      const period = demand.periods.indexOf(area.period);
      const squares = new Set(squaresOf(area));
      const isKnown =
        period >= 0 &&
        demand.ids.some((_, i) => {
          const [east, north] = zone.toMetres(demand.lon[i]!, demand.lat[i]!);
          const square = `${Math.floor(east / area.sideM)},${Math.floor(north / area.sideM)}`;
          return squares.has(square) && baseline.evidence[period]![i] !== EVIDENCE_UNKNOWN;
        });
      const fate: AreaFate = isKnown ? 'closed' : 'not-known-now';
      return { fate, id: area.id, period: area.period, usersMilli: area.usersMilli };
    });
  return [...now, ...gone];
}

/** Planned sites that stand now (same id, or new and within 150 m), and what became of the users they promised. */
function builtSites({ previous, demand, baseline, existing, zone }: CompareRequest): BuiltSite[] {
  if (existing === null) return [];
  const known = new Set(previous.siteIds);
  const fresh = existing.ids.flatMap((id, site) => (known.has(id) ? [] : [site]));
  const indexOf = new Map(demand.ids.map((id, i) => [id, i]));
  return previous.promises.flatMap((promise): BuiltSite[] => {
    const [x, y] = zone.toMetres(promise.lon, promise.lat);
    const built = fresh.find((site) => {
      const [east, north] = zone.toMetres(existing.lon[site]!, existing.lat[site]!);
      return existing.ids[site] === promise.id || Math.hypot(east - x, north - y) <= SAME_SITE_M;
    });
    if (built === undefined) return [];
    const period = promise.usersMilli.indexOf(Math.max(...promise.usersMilli));
    const users = demand.usersMilli[period] ?? new Float64Array(demand.count);
    let servedMilli = 0;
    let measuredMilli = 0;
    for (const id of promise.demandIds) {
      const i = indexOf.get(id);
      if (i === undefined || baseline.served[period]?.[i] !== 1) continue;
      servedMilli += users[i]!;
      if (baseline.evidence[period]![i] === EVIDENCE_MEASURED) measuredMilli += users[i]!;
    }
    return [
      {
        id: existing.ids[built]!,
        plannedId: promise.id,
        promisedMilli: promise.usersMilli[period] ?? 0,
        servedMilli,
        measuredMilli,
      },
    ];
  });
}

/** What each site of a plan is to bring: the users it is the first to serve, in building order. */
export function promisesOf(plan: PlanResult | null): SitePromise[] {
  if (plan === null) return [];
  const { demand, candidates, problem, solution } = plan;
  const { siteStart, demandOfSite } = problem.coverage;
  const taken = new Uint8Array(demand.count);
  return solution.sites.map((site) => {
    const usersMilli = demand.periods.map(() => 0);
    const demandIds: string[] = [];
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
      const i = demandOfSite[pair]!;
      if (taken[i] === 1) continue;
      taken[i] = 1;
      let gained = false;
      demand.usersMilli.forEach((users, period) => {
        if (problem.servedToday[period]![i] === 1 || users[i] === 0) return;
        usersMilli[period]! += users[i]!;
        gained = true;
      });
      if (gained) demandIds.push(demand.ids[i]!);
    }
    return {
      id: candidates.ids[site]!,
      lon: candidates.lon[site]!,
      lat: candidates.lat[site]!,
      usersMilli,
      demandIds,
    };
  });
}
