import type { Baseline } from '../coverage/types.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { Demand, InputFileSummary, RegionTable } from '../input/types.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import type { Action } from './actions.ts';
import type { WeakArea } from './areas.ts';
import type { Comparison, ComparisonState } from './comparison.ts';
import type { FeedbackFindings } from './feedback.ts';
import type { AssessedTargets } from './assess-targets.ts';
import type { IndicatorResult } from './scorecard/indicator.ts';

/** Everything an assessment found: data only. `report/assess-*` turns it into files. */
export interface AssessmentResult extends AssessedTargets {
  readonly scenario: Scenario;
  /** Quarter number (year x 4 + 0..3); null = measurements without time and none named. */
  readonly quarter: number | null;
  readonly inputs: readonly InputFileSummary[];
  readonly warnings: readonly string[];
  readonly demand: Demand;
  readonly regions: RegionTable | null;
  readonly baseline: Baseline;
  readonly confidence: number;
  readonly samples: number;
  readonly bins: number;
  readonly weakAreas: readonly WeakArea[];
  readonly feedback: FeedbackFindings | null;
  readonly scorecard: readonly IndicatorResult[];
  readonly scorecardNote: string;
  readonly comparison: Comparison | null;
  readonly actions: readonly Action[];
  readonly plan: PlanResult | null;
  /** What the next assessment compares with: for the owner only. */
  readonly state: ComparisonState;
  /** Every coverage target is met, and something is known. */
  readonly met: boolean;
  /** So is every indicator that was computed from a table and is due: what the exit code says. */
  readonly computedMet: boolean;
  readonly hasData: boolean;
}
