import type { ChosenModel } from '../planning/choose-model.ts';
import { EVIDENCE_UNKNOWN } from '../coverage/types.ts';
import { distanceM } from '../geo/ellipsoid.ts';
import type { ScenarioInputs } from '../input/read-inputs.ts';
import type { LoadedScenario } from '../input/read-scenario.ts';
import type { LoadedTerrain } from '../input/terrain/load-layers.ts';
import type { Demand } from '../input/types.ts';
import { planFrom } from '../plan.ts';
import type { PlanResult } from '../planning/plan-result.ts';
import type { PlanOptions } from '../planning/plan-run.ts';
import type { Today } from '../planning/today.ts';
import { weighByReports } from '../planning/weigh-by-feedback.ts';
import type { PlannedSite } from './actions.ts';
import type { FeedbackTable } from './feedback.ts';
import type { SitePromise } from './plan-promises.ts';
import type { WeakArea } from './areas.ts';

export interface WeakAreaPlanInputs {
  readonly today: Today;
  readonly ground: LoadedTerrain | null;
  readonly inputs: ScenarioInputs;
  readonly chosen: ChosenModel;
  readonly feedback: FeedbackTable | null;
}

/**
 * The plan of an assessment: the sites that bring the users of whom something is known to the scenario's targets, from
 * this quarter's baseline. The only such users who are not served are those in weak areas; where nothing is known the
 * next step is to measure, not to build.
 */
export function planOfWeakAreas(
  loaded: LoadedScenario,
  { inputs, chosen, feedback, ground, today }: WeakAreaPlanInputs,
  options: PlanOptions,
): Promise<PlanResult> {
  const known: Demand = {
    ...inputs.demand,
    usersMilli: inputs.demand.usersMilli.map((users, period) =>
      users.map((value, i) => (today.baseline.evidence[period]![i] === EVIDENCE_UNKNOWN ? 0 : value)),
    ),
  };
  const weight = loaded.scenario.feedback?.weight ?? 0;
  const weighed =
    feedback === null
      ? { demand: known, summaries: [], warnings: [] }
      : weighByReports(known, feedback, weight);
  return planFrom(loaded, { inputs, weighed, chosen, ground, ...today }, options);
}

/** A candidate this near to an existing site stands at it: building there is an upgrade, metres. */
const SAME_PLACE_M = 30;

/** The plan's sites as actions speak of them; `promises` are theirs, in the same order. */
export function plannedSites(
  plan: PlanResult,
  promises: readonly SitePromise[],
  demand: Demand,
  weakAreas: readonly WeakArea[],
): PlannedSite[] {
  const { existing, candidates, problem, solution } = plan;
  const total = demand.usersMilli.map((users) => users.reduce((sum, value) => sum + value, 0));
  const areasOf = new Map<string, Set<number>>();
  weakAreas.forEach(({ cells }, area) => {
    for (const i of cells) {
      const id = demand.ids[i]!;
      areasOf.set(id, (areasOf.get(id) ?? new Set()).add(area));
    }
  });
  return promises.map(({ id, usersMilli, demandIds }, k) => {
    const site = solution.sites[k]!;
    const most = Math.max(...usersMilli);
    const reached = new Set(demandIds.flatMap((place) => [...(areasOf.get(place) ?? [])]));
    const isAt = (other: number): boolean =>
      distanceM(candidates.lon[site]!, candidates.lat[site]!, existing!.lon[other]!, existing!.lat[other]!) <=
      SAME_PLACE_M;
    return {
      id,
      usersMilli: most,
      share: most === 0 ? 0 : most / total[usersMilli.indexOf(most)]!,
      cost: problem.siteCost[site]!,
      weakAreas: [...reached].sort((a, b) => a - b).map((area) => weakAreas[area]!.id),
      isUpgrade: existing?.ids.some((_, other) => isAt(other)) ?? false,
    };
  });
}
