import type { Baseline } from '../coverage/types.ts';
import type { CoverageMatrix } from '../coverage/matrix.ts';
import { assignRegions } from '../input/read-regions.ts';
import type { LoadedScenario } from '../input/read-scenario.ts';
import { NO_PERIOD } from '../input/read-measurements.ts';
import type { Demand } from '../input/types.ts';
import { chosenCoverage, type FinishedPlan } from './chosen-coverage.ts';
import { countEvaluation, type EvaluatedPhase } from './count-evaluation.ts';
import { splitDemand } from './split-demand.ts';
import { networkToday } from './today.ts';
import { weighByFeedback } from './weigh-by-feedback.ts';

export interface EvaluationRequest extends FinishedPlan {
  readonly loaded: LoadedScenario;
  /** As read; null = nothing is asked for. */
  readonly evaluated: Demand | null;
  readonly plannedPeriods: readonly string[];
  readonly maxErrors?: number | undefined;
}

/** What a finished plan does for users of periods that it was not made for. */
export interface PlanEvaluation {
  /** Users of the evaluated periods, a row for each service where there are several. */
  readonly demand: Demand;
  /** [demand.count] index into `regionNames`, -1 = in none. */
  readonly regionOfDemand: Int32Array;
  readonly regionNames: readonly string[];
  /** Sites of the finished plan in building order x evaluated rows. */
  readonly coverage: CoverageMatrix;
  /** Today's network; evaluated periods for which it is alike share a column. */
  readonly today: Pick<Baseline, 'served' | 'evidence'>;
  /** [evaluated periods] column of `today`. */
  readonly columnOfPeriod: readonly number[];
  /** The network at the end of each phase against the targets up to it; with a budget the one finished network. */
  readonly phases: readonly EvaluatedPhase[];
}

/**
 * Evaluates a finished plan on further periods: today's network and the chosen sites serve users by the same rules as in
 * the plan. Only the chosen sites are looked at, so this costs little beside planning. Sites count by signal: room is
 * assigned in planning alone.
 */
export async function evaluatePlan(request: EvaluationRequest): Promise<PlanEvaluation | null> {
  const { loaded, evaluated, regions, solution, signal, memory } = request;
  const { scenario } = loaded;
  if (evaluated === null || signal?.aborted === true) return null;
  const weighed = await weighByFeedback(loaded, evaluated, request.maxErrors);
  const members = assignRegions(weighed.demand, regions);
  const { demand, membership } = splitDemand(scenario, weighed.demand, members, memory);
  const { today, columnOfPeriod } = await todayOfPeriods(request, demand);
  const coverage = await chosenCoverage(request, scenario, demand);
  const counted = { scenario, demand, membership, coverage, today, columnOfPeriod };
  return {
    demand,
    regionOfDemand: membership.regionOfDemand,
    regionNames: membership.names,
    coverage,
    today,
    columnOfPeriod,
    phases: countEvaluation(counted, solution),
  };
}

/**
 * Today's network for the evaluated periods. Samples that speak for their own period alone (`measurements.applyTo: own`)
 * speak for the evaluated period of the same name; every other evaluated period has none of them.
 */
async function todayOfPeriods(
  { loaded, plannedPeriods, measurements, existing, chosen, terrain, executor, signal }: EvaluationRequest,
  demand: Demand,
): Promise<Pick<PlanEvaluation, 'today' | 'columnOfPeriod'>> {
  const { scenario } = loaded;
  const areApart = measurements !== null && scenario.measurements?.applyTo === 'own';
  const shared = areApart ? plannedPeriods.filter((name) => demand.periods.includes(name)) : [];
  const columns = demand.periods.every((name) => shared.includes(name)) ? shared : [...shared, ''];
  const period = measurements?.period.map((own) => {
    const column = shared.indexOf(plannedPeriods[own] ?? '');
    return column < 0 ? NO_PERIOD : column;
  });
  const { baseline } = await networkToday({
    scenario,
    demand: { ...demand, periods: columns },
    measurements: measurements === null ? null : { ...measurements, ...(areApart && { period: period! }) },
    existing,
    chosen,
    terrain,
    executor,
    signal,
  });
  const { served, evidence } = baseline;
  const columnOfPeriod = demand.periods.map((name) => {
    const column = shared.indexOf(name);
    return column < 0 ? shared.length : column;
  });
  return { today: { served, evidence }, columnOfPeriod };
}
