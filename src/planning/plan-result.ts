import type { CoverageRaster } from '../prediction/raster-grid.ts';
import type { CoveredArea } from '../prediction/covered-area.ts';
import type { LinkCounts } from '../coverage/link-counts.ts';
import type { Baseline, Configuration, MeasurementBins } from '../coverage/types.ts';
import type { SiteCosts } from '../coverage/site-cost.ts';
import type { Scenario } from '../input/scenario-schema.ts';
import type { Demand, InputFileSummary, RegionTable, SiteTable } from '../input/types.ts';
import type { PlanEvaluation } from './evaluate-plan.ts';
import type { LineService } from './serve-lines.ts';
import type { PlanInterference } from './plan-interference.ts';
import type { ValidityWarning } from '../radio/model.ts';
import type { Explanation } from '../solve/explain.ts';
import type { Overload } from '../solve/capacity/overload.ts';
import type { CoveringProblem } from '../solve/problem.ts';
import type { Solution } from '../solve/solution.ts';
import type { PlanChanges } from '../solve-instance.ts';

/** The propagation model a plan used and what is known of its error. */
export interface ModelSummary extends LinkCounts {
  readonly name: string;
  /** True when fitted to measurements of this scenario. */
  readonly calibrated: boolean;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly sigmaDb: number;
  /** Error statistics of a calibration; null when uncalibrated. */
  readonly errors: { readonly samples: number; readonly biasDb: number; readonly rmseDb: number } | null;
  /** Of the scenario's own configuration; `linkWarnings` counts those of the candidates. */
  readonly warnings: readonly ValidityWarning[];
  /** Of today's network: one link a demand point that a prediction decides; null where no site is known. */
  readonly existing: LinkCounts | null;
}

/** What the plan would need if the signal were `offsetDb` better (or worse). */
export interface Sensitivity {
  readonly offsetDb: number;
  /** Null when the targets cannot be met. */
  readonly sites: number | null;
  readonly cost: number | null;
}

/** The same targets planned without capacities, and what that would overload. */
export interface SignalAlonePlan extends Overload {
  readonly sites: readonly number[];
  readonly cost: number;
}

/** Everything a plan found: data only. `report/` turns it into files. */
export interface PlanResult {
  readonly scenario: Scenario;
  readonly inputs: readonly InputFileSummary[];
  /** Sentences about what was assumed or left open (water not excluded, overlapping regions, ...). */
  readonly warnings: readonly string[];
  readonly demand: Demand;
  readonly regions: RegionTable | null;
  /** [demand.count] index into `regionNames`, -1 = in none. */
  readonly regionOfDemand: Int32Array;
  readonly regionNames: readonly string[];
  readonly existing: SiteTable | null;
  readonly candidates: SiteTable;
  readonly configurations: readonly Configuration[];
  /** [candidates.count] index into `configurations`. */
  readonly configurationOfCandidate: Uint16Array;
  readonly model: ModelSummary;
  readonly baseline: Baseline;
  readonly bins: MeasurementBins | null;
  /** Site index = candidate index. */
  readonly problem: CoveringProblem;
  readonly solution: Solution;
  /** What became of the earlier plan that `start` names; null without one. */
  readonly changes: PlanChanges | null;
  /** Why each site is in the plan or not; null with a budget, for a plan that misses targets and after an interruption. */
  readonly explanation: Explanation | null;
  readonly sensitivity: readonly Sensitivity[];
  /** Null where nobody had to be assigned to sites of limited room. */
  readonly signalAlone: SignalAlonePlan | null;
  /** Null where none was asked for, or the run was interrupted. */
  readonly raster: CoverageRaster | null;
  /** SINR under load; null unless the scenario asks for it. */
  readonly interference: PlanInterference | null;
  /** Per period [`solution.sites`] room at the SINR of the plan, Mbit/s; null unless rooms were worked out from SINR. */
  readonly roomInPlan: readonly Float64Array[] | null;
  /** The finished plan on the periods of `evaluate`; null unless the scenario names them, or the run was interrupted. */
  readonly evaluation: PlanEvaluation | null;
  /** Stretches of roads and railways served; null unless the scenario names lines, or the run was interrupted. */
  readonly lines: LineService | null;
  /** Area served by the planned network, by that raster: all regions (without regions the box around the users), then each. */
  readonly areas: readonly CoveredArea[] | null;
  /** Of every candidate, broken down where the scenario says how. */
  readonly costs: SiteCosts;
  /** [candidates.count] true where the site stands already and a configuration is added; null without configurations. */
  readonly isUpgrade: readonly boolean[] | null;
}

/** Facts of one run that may differ from run to run: they go to `run.json` alone. */
export interface RunFacts {
  readonly startedAt: string;
  readonly seconds: Readonly<Record<string, number>>;
  readonly threads: number;
  readonly peakMemoryMb: number;
}
