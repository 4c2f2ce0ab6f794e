import type { PointInstance } from './input/instance/point-file.ts';
import type { InstanceAnswer, SolveInstanceOptions } from './solve-instance.ts';
import type { CoveringProblem, Fraction } from './solve/problem.ts';
import type { ShareOf } from './solve/share-target.ts';
import type { PhaseOutcome, Solution, TraceEntry } from './solve/solution.ts';
import { solvePoints, type PointSolution } from './solve/streamed/solve-points.ts';

/** A share of the users of positions whose pairs are not listed. */
export interface PositionProblem {
  /** Without pairs; its demand is in the order of `points`. */
  readonly problem: CoveringProblem;
  readonly points: PointInstance;
  readonly share: Fraction;
  readonly shareOf: ShareOf;
}

/** `solveProblem` for positions: tiles are found when they are worked on, and no pairs are held. */
export async function solvePositions(
  { problem, points, share, shareOf }: PositionProblem,
  options: Omit<SolveInstanceOptions, 'startPlan'>,
): Promise<InstanceAnswer> {
  const startedS = options.nowS();
  const traceSeconds: number[] = [];
  const onTrace = (entry: TraceEntry): void => {
    traceSeconds.push(options.nowS() - startedS);
    options.onTrace?.(entry);
  };
  const { siteCost, siteLocation, conflicts, users } = problem;
  const found = await solvePoints(
    { ...points, siteCost, siteLocation, conflicts, users, share, shareOf },
    { ...options, onTrace },
  );
  const seconds = options.nowS() - startedS;
  return { problem, pairs: found.pairs, solution: asSolution(found), seconds, traceSeconds, changes: null };
}

function asSolution(found: PointSolution): Solution {
  const { status, stoppedBy, sites, cost, lowerBound, gap, rounds, trace, notes } = found;
  const targets = found.targets.map(({ needUsers, totalUsers, servedUsers, reachableUsers }, period) => ({
    ...{ period, region: null, needUsers, totalUsers, servedUsers },
    met: servedUsers >= needUsers,
    unreachableUsers: totalUsers - reachableUsers,
  }));
  const phase: PhaseOutcome = {
    ...{ name: 'share', status, sites, cost, lowerBound, gap, targets },
    ...{ nestedLowerBound: lowerBound, nestedGap: gap },
  };
  return {
    ...{ status, stoppedBy, sites, cost, lowerBound, gap, rounds, trace, notes },
    feasible: targets.every(({ met }) => met),
    phaseOfSite: sites.map(() => 0),
    phases: [phase],
    budget: null,
  };
}
