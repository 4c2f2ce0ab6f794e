import { demandOf } from '../coverage/span-coverage.ts';
import { buildModel, type BuiltModel } from './build-model.ts';
import { findCostGrid, fromUnits, type CostGrid } from './cost-grid.ts';
import { asksForBackup } from './capacity/needs-assignment.ts';
import { CoverState } from './cover-state.ts';
import { findDominated } from './dominate.ts';
import { addGreedily } from './greedy.ts';
import { allocateDualValue, evaluateDual, reducedCosts } from './lagrangian.ts';
import { targetsUpTo } from './phases.ts';
import { findPrices } from './prices.ts';
import { liftPrices } from './primal-dual.ts';
import { SITE_FORBIDDEN, SITE_REQUIRED, type CoveringProblem } from './problem.ts';
import { removeRedundant } from './redundancy.ts';
import type { Solution } from './solution.ts';

/** Why a site is part of the plan. */
export interface SiteReason {
  readonly site: number;
  /** Per period: users that neither today's network nor another site of the plan serves. */
  readonly servedAlone: readonly number[];
  /** Cost of a plan without this site (a repair of the plan: the cheapest may cost less); null = none was found. */
  readonly costWithout: number | null;
}

/** Why a site is not. */
export type AbsenceReason =
  | { readonly site: number; readonly kind: 'forbidden' | 'excluded' | 'wins-nobody' }
  | { readonly site: number; readonly kind: 'dominated'; readonly by: number }
  /** A plan with this site costs at least `bound` + `reducedCost`. */
  | { readonly site: number; readonly kind: 'reduced-cost'; readonly reducedCost: number };

export interface Explanation {
  readonly chosen: readonly SiteReason[];
  readonly absent: readonly AbsenceReason[];
  /** The bound that the reduced costs belong to: of the same multipliers. */
  readonly bound: number;
}

const PRICE_PASSES = 300;

/**
 * True where an explanation is right: its repairs and reductions look at targets met, each user by one site. It would be wrong
 * where room is short, backup asked for or a budget set.
 */
export function explanationHolds(
  problem: CoveringProblem,
  { feasible, phases }: Pick<Solution, 'feasible' | 'phases'>,
): boolean {
  const isAssigned = phases.some(({ assignment }) => assignment !== undefined);
  return feasible && problem.budget === null && !isAssigned && !asksForBackup(problem);
}

/**
 * For every proposed site what it alone does and what the plan would cost without it; for every other one what makes it
 * superfluous or how much it would cost at least. Users that no site reaches stand with each target
 * (`TargetOutcome.unreachableUsers`). Speaks of the last phase.
 */
export function explainPlan(problem: CoveringProblem, sites: readonly number[]): Explanation {
  const grid = findCostGrid(problem.siteCost);
  const targets = targetsUpTo(problem, problem.phases.length - 1);
  const built = buildModel(problem, targets, problem.siteCost, grid);
  const alone = countAlone(problem, sites);
  const chosen = sites.map((site, index) => ({
    site,
    servedAlone: alone[index]!,
    costWithout: problem.siteStatus[site] === SITE_REQUIRED ? null : repairWithout(built, grid, sites, site),
  }));
  return { chosen, ...explainAbsent(problem, built, grid, new Set(sites)) };
}

/** Per site and period: users covered by it and by no other site, not served today. */
function countAlone(problem: CoveringProblem, sites: readonly number[]): number[][] {
  const { coverage } = problem;
  const times = new Uint32Array(coverage.demandCount);
  for (const site of sites) for (const demand of demandOf(coverage, site)) times[demand]!++;
  return sites.map((site) =>
    problem.users.map((users, period) => {
      const today = problem.servedToday[period]!;
      let sum = 0;
      for (const demand of demandOf(coverage, site)) {
        if (times[demand] === 1 && today[demand] === 0) sum += users[demand]!;
      }
      return sum;
    }),
  );
}

function repairWithout(
  { model }: BuiltModel,
  grid: CostGrid,
  sites: readonly number[],
  without: number,
): number | null {
  const local = new Map(Array.from(model.siteOf, (site, index) => [site, index]));
  const state = new CoverState(
    model,
    sites.filter((site) => site !== without).flatMap((site) => local.get(site) ?? []),
  );
  const left = local.get(without);
  // A blocked site is never added.
  if (left !== undefined) state.blocked[left]! += 1;
  addGreedily(state);
  if (!state.isFeasible()) return null;
  removeRedundant(state);
  return fromUnits(grid, state.cost);
}

function explainAbsent(
  problem: CoveringProblem,
  built: BuiltModel,
  grid: CostGrid,
  chosen: ReadonlySet<number>,
): { readonly absent: AbsenceReason[]; readonly bound: number } {
  const { model } = built;
  const { dominatedBy } = findDominated(model);
  const greedy = new CoverState(model);
  addGreedily(greedy);
  const found = findPrices(model, greedy.cost, PRICE_PASSES);
  const prices = liftPrices(model, found.prices, greedy.cost, PRICE_PASSES);
  const value = allocateDualValue(model);
  evaluateDual(model, prices, value);
  const reduced = reducedCosts(model, value);
  const local = new Map(Array.from(model.siteOf, (site, index) => [site, index]));
  const reach = (site: number): boolean =>
    problem.coverage.siteStart[site + 1]! > problem.coverage.siteStart[site]!;
  const absent: AbsenceReason[] = [];
  for (let site = 0; site < problem.coverage.siteCount; site++) {
    if (chosen.has(site)) continue;
    const index = local.get(site);
    if (problem.siteStatus[site] === SITE_FORBIDDEN) absent.push({ site, kind: 'forbidden' });
    else if (index === undefined)
      absent.push({ site, kind: isExcluded(problem, site) && reach(site) ? 'excluded' : 'wins-nobody' });
    else if (dominatedBy[index] !== -1) {
      absent.push({ site, kind: 'dominated', by: model.siteOf[dominatedBy[index]!]! });
    } else
      absent.push({ site, kind: 'reduced-cost', reducedCost: fromUnits(grid, Math.max(0, reduced[index]!)) });
  }
  return { absent, bound: fromUnits(grid, Math.max(0, value.bound)) };
}

/** True when a required site takes its location or conflicts with it. */
function isExcluded(problem: CoveringProblem, site: number): boolean {
  const required = (other: number): boolean => problem.siteStatus[other] === SITE_REQUIRED && other !== site;
  for (let other = 0; other < problem.siteLocation.length; other++) {
    if (required(other) && problem.siteLocation[other] === problem.siteLocation[site]) return true;
  }
  for (let pair = 0; pair < problem.conflicts.length; pair += 2) {
    const a = problem.conflicts[pair]!;
    const b = problem.conflicts[pair + 1]!;
    if ((a === site && required(b)) || (b === site && required(a))) return true;
  }
  return false;
}
