import { EVIDENCE_UNKNOWN, type Baseline } from '../coverage/types.ts';
import type { UtmZone } from '../geo/utm.ts';
import type { Demand, SiteTable } from '../input/types.ts';
import type { QuarterSamples } from './day-bins.ts';
import type { ChangeOptions, ChangeResult } from './level-change.ts';
import { quarterChange } from './level-change.ts';
import { builtSites, keptPromises, type BuiltSite, type SitePromise } from './plan-promises.ts';
import type { TargetAssessment } from './target-assessment.ts';
import type { WeakArea } from './areas.ts';
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
  /** Absent = users of every service. */
  readonly service?: string | undefined;
  readonly totalUsers: number;
  readonly servedLow: number;
}

export interface WeakAreaState {
  readonly id: string;
  readonly period: string;
  /** Absent = the scenario had one service. */
  readonly service?: string | undefined;
  readonly usersMilli: number;
  readonly sideM: number;
  readonly columns: readonly number[];
  readonly rows: readonly number[];
}

export type AreaFate = 'opened' | 'persisting' | 'closed' | 'not-known-now';

export interface Comparison {
  readonly previousQuarter: number | null;
  /** Null when no samples of both quarters exist (zones differ, or one has none). */
  readonly change: ChangeResult | null;
  readonly targets: readonly {
    readonly period: string;
    readonly region: string | null;
    readonly service: string | null;
    readonly before: number;
    readonly after: number;
  }[];
  readonly areas: readonly {
    readonly fate: AreaFate;
    readonly id: string;
    readonly period: string;
    readonly service: string | null;
    readonly usersMilli: number;
  }[];
  readonly built: readonly BuiltSite[];
  /** Promises of earlier plans with the sites that stand for them now. */
  readonly promises: readonly SitePromise[];
}

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
  const promises = keptPromises(request);
  const comparable = samples !== null && previous.zone === zone.name;
  const earlier = new Map(previous.targets.map((target) => [targetKey(target.period, target), target]));
  return {
    previousQuarter: previous.quarter,
    change: comparable ? quarterChange(samplesOfState(previous), samples, request.change) : null,
    targets: targets.flatMap((target) => {
      const period = demand.periods[target.period]!;
      const before = earlier.get(targetKey(period, target));
      if (before === undefined || before.totalUsers === 0 || target.totalUsers === 0) return [];
      return [
        {
          period,
          region: target.region,
          service: target.service,
          before: before.servedLow / before.totalUsers,
          after: target.servedLow / target.totalUsers,
        },
      ];
    }),
    areas: areaFates(request),
    built: builtSites(request, promises),
    promises,
  };
}

function targetKey(
  period: string,
  {
    region,
    service = null,
  }: { readonly region: string | null; readonly service?: string | null | undefined },
): string {
  return JSON.stringify([period, region, service]);
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
  const keyOf = (period: string, service: string | null, sideM: number, square: string): string =>
    JSON.stringify([period, service, sideM, square]);
  const earlier = new Map<string, WeakAreaState[]>();
  for (const area of previous.weakAreas) {
    for (const square of squaresOf(area)) {
      const key = keyOf(area.period, area.service ?? null, area.sideM, square);
      earlier.set(key, [...(earlier.get(key) ?? []), area]);
    }
  }
  const continued = new Set<WeakAreaState>();
  const now = weakAreas.map((area) => {
    const period = demand.periods[area.period]!;
    const { service } = area;
    const before = squaresOf(area).flatMap(
      (square) => earlier.get(keyOf(period, service, area.sideM, square)) ?? [],
    );
    for (const old of before) continued.add(old);
    const fate: AreaFate = before.length > 0 ? 'persisting' : 'opened';
    return { fate, id: area.id, period, service, usersMilli: area.usersMilli };
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
      const { id, usersMilli, service = null } = area;
      return { fate, id, period: area.period, service, usersMilli };
    });
  return [...now, ...gone];
}
