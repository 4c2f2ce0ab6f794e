import type { Demand, SiteTable } from '../input/types.ts';
import type { Comparison, ComparisonState } from './comparison.ts';
import type { QuarterSamples } from './day-bins.ts';
import type { SitePromise } from './plan-promises.ts';
import type { TargetAssessment } from './target-assessment.ts';
import type { WeakArea } from './areas.ts';
import type { IndicatorResult } from './scorecard/indicator.ts';

export interface NextStateInputs {
  readonly quarter: number | null;
  readonly zone: string;
  readonly binM: number;
  readonly samples: QuarterSamples | null;
  readonly demand: Demand;
  readonly targets: readonly TargetAssessment[];
  readonly weakAreas: readonly WeakArea[];
  readonly existing: SiteTable | null;
  /** Of the plan made in this assessment; null = none was made. */
  readonly planned: readonly SitePromise[] | null;
  readonly comparison: Comparison | null;
  readonly scorecard: readonly IndicatorResult[];
}

/** What the next quarter's assessment is to compare with. */
export function nextState(inputs: NextStateInputs): ComparisonState {
  const { quarter, zone, demand, targets, weakAreas, existing, scorecard } = inputs;
  return {
    quarter,
    zone,
    samples: binnedSamples(inputs.samples, inputs.binM),
    targets: targets.map(({ period, region, service, totalUsers, servedLow }) => ({
      period: demand.periods[period]!,
      region,
      ...(service !== null && { service }),
      totalUsers,
      servedLow,
    })),
    weakAreas: weakAreas.map(({ id, period, service, usersMilli, sideM, columns, rows }) => ({
      id,
      period: demand.periods[period]!,
      ...(service !== null && { service }),
      usersMilli,
      sideM,
      columns,
      rows,
    })),
    siteIds: existing?.ids ?? [],
    promises: promisesToKeep(inputs.planned, inputs.comparison),
    scorecard: scorecard.map(({ indicator, series }) => ({ id: indicator.id, series })),
  };
}

/** Bin centres instead of places: all that a comparison needs. */
function binnedSamples(samples: QuarterSamples | null, binM: number): ComparisonState['samples'] {
  const centre = (value: number): number => (Math.floor(value / binM) + 0.5) * binM;
  return {
    x: Array.from(samples?.x ?? [], centre),
    y: Array.from(samples?.y ?? [], centre),
    levelDbm: Array.from(samples?.levelDbm ?? [], (level) => Math.round(level * 100) / 100),
    drive: Array.from(samples?.drive ?? []),
  };
}

/** A plan's promises stay open until a newer plan replaces them; those that were built are held against it for good. */
function promisesToKeep(
  planned: readonly SitePromise[] | null,
  comparison: Comparison | null,
): readonly SitePromise[] {
  const earlier = comparison?.promises ?? [];
  return planned === null ? earlier : [...earlier.filter(({ builtAs }) => builtAs !== null), ...planned];
}
