import { gapOf } from './context.ts';
import type { CoveringProblem } from './problem.ts';
import { costOf, recountTargets } from './recount.ts';
import type { PhaseOutcome, Solution } from './solution.ts';

/**
 * The solution with sites added to its last phase, or left out of it, for a reason the problem does not know. Bounds stay
 * what was proved of the problem; cost, gap, status and what targets reach are counted anew. Sites of earlier phases stay.
 *
 * @param note one sentence on why.
 */
export function changeLastPhase(
  problem: CoveringProblem,
  solution: Solution,
  { added, removed }: { readonly added: readonly number[]; readonly removed: readonly number[] },
  note: string,
): Solution {
  const last = solution.phases.at(-1);
  if (last === undefined || added.length + removed.length === 0) return solution;
  const out = new Set(removed);
  const changed = (sites: readonly number[]): number[] => [
    ...sites.filter((site) => !out.has(site)),
    ...added,
  ];
  const sites = changed(solution.sites);
  const phaseOf = new Map(solution.sites.map((site, at) => [site, solution.phaseOfSite[at]!]));
  const cost = costOf(problem, sites);
  const status = (was: Solution['status'], bound: number): Solution['status'] =>
    was === 'optimal' && cost > bound ? 'feasible' : was;
  const targets = problem.phases.flatMap((phase) => phase.targets);
  const phase: PhaseOutcome = {
    ...last,
    status: status(last.status, last.lowerBound),
    sites: changed(last.sites),
    cost,
    gap: gapOf(cost, last.lowerBound),
    nestedGap: gapOf(cost, last.nestedLowerBound),
    targets: recountTargets(problem, targets, sites, last.assignment ?? null),
  };
  return {
    ...solution,
    status: status(solution.status, solution.lowerBound),
    sites,
    phaseOfSite: sites.map((site) => phaseOf.get(site) ?? solution.phases.length - 1),
    cost,
    gap: gapOf(cost, solution.lowerBound),
    phases: [...solution.phases.slice(0, -1), phase],
    notes: [...solution.notes, note],
  };
}
