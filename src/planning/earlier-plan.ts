import { resolve } from 'node:path';
import { readStartPlan, sitesOfIds, type StartFile } from '../input/instance/start-plan.ts';
import type { LoadedScenario } from '../input/read-scenario.ts';
import type { CoveringProblem } from '../solve/problem.ts';
import type { StartPlan } from '../solve-instance.ts';

/** The earlier plan of a scenario, found again among today's candidates. */
export interface EarlierPlan {
  readonly startPlan: StartPlan | undefined;
  readonly warnings: readonly string[];
}

/**
 * Reads the plan that `start` names.
 * @throws InputError when it is none.
 */
export async function readEarlierPlan({ scenario, baseDir }: LoadedScenario): Promise<StartFile | null> {
  return scenario.start === undefined ? null : readStartPlan(resolve(baseDir, scenario.start.run));
}

/** Its sites by their ids; those that are no candidates now are said, not used. */
export function matchEarlierPlan(
  earlier: StartFile | null,
  changeCost: number,
  problem: CoveringProblem,
): EarlierPlan {
  if (earlier === null) return { startPlan: undefined, warnings: [] };
  const { sites, unknown } = sitesOfIds(problem.siteIds, earlier.ids);
  const warnings =
    unknown === 0
      ? []
      : [`${unknown} of ${earlier.ids.length} sites of the earlier plan are no candidates now.`];
  return { startPlan: { sites, changeCost }, warnings };
}
