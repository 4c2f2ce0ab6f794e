import { findCostGrid } from '../cost-grid.ts';
import type { MipSolver } from '../mip.ts';
import { SITE_FORBIDDEN, SITE_REQUIRED, type CoveringProblem, type Target } from '../problem.ts';
import { AssignmentState } from './assignment-state.ts';
import { buildCapacityModel } from './build-capacity-model.ts';
import { assignByLp } from './capacity-mip.ts';
import { pairOf, type CapacityModel } from './capacity-model.ts';
import { fillAll, fillTargets } from './fill.ts';
import { servedFreely } from './standing.ts';

/** Who is served where in one period, as columns: `users[k]` of demand point `demand[k]` at site `site[k]`. */
export interface PeriodAssignment {
  /** Ascending; within a demand point by site. */
  readonly demand: Uint32Array;
  /** Index in the problem; today's sites of stated room follow after its sites. */
  readonly site: Uint32Array;
  /** Whole units of users, above 0. */
  readonly users: Float64Array;
}

/** One entry per period. Users served today with no room in the way stand in no row. */
export type Assignment = readonly PeriodAssignment[];

/**
 * Assigns the users of a plan: every target first, then everybody else who fits. The same plan gives the same
 * assignment.
 *
 * @param sites all that stand, required ones included.
 * @param before assignment of an earlier phase, whose sites all stand still: where it can be, users stay.
 */
export async function assignPlan(
  problem: CoveringProblem,
  targets: readonly Target[],
  sites: readonly number[],
  mip: MipSolver,
  before: Assignment | null = null,
): Promise<Assignment> {
  const siteStatus = new Uint8Array(problem.siteStatus.length).fill(SITE_FORBIDDEN);
  for (const site of sites) siteStatus[site] = SITE_REQUIRED;
  const standing: CoveringProblem = { ...problem, siteStatus };
  const grid = findCostGrid(problem.siteCost);
  const model = buildCapacityModel({ problem: standing, targets, grid, everyone: true });
  let state = before === null ? null : takeOver(model, before);
  if (state === null || !fillTargets(state)) state = await assignByLp(model, [], mip);
  if (state === null) {
    state = new AssignmentState(model);
    fillTargets(state);
  }
  fillAll(state);
  return readAssignment(problem, state);
}

/** The state that an assignment of the same users describes. */
function takeOver(model: CapacityModel, before: Assignment): AssignmentState {
  const state = new AssignmentState(model);
  const placeOf = new Map(Array.from(model.siteOf, (site, index) => [site, index]));
  before.forEach(({ demand, site, users }, period) => {
    demand.forEach((point, row) => {
      const own = placeOf.get(site[row]!)!;
      state.put(period, own, pairOf(model, own, model.classOfDemand[point]!), users[row]!);
    });
  });
  return state;
}

/** Users of classes shared out among their members, in order. */
function readAssignment(problem: CoveringProblem, state: AssignmentState): Assignment {
  const { model } = state;
  const free = servedFreely(problem);
  const members: number[][] = Array.from({ length: model.classCount }, () => []);
  model.classOfDemand.forEach((own, demand) => own !== -1 && members[own]!.push(demand));
  return problem.periods.map((_, period) => {
    const rows: [demand: number, site: number, users: number][] = [];
    for (let own = 0; own < model.classCount; own++) {
      const open = members[own]!.filter((demand) => free[period]![demand] === 0);
      rows.push(...shareOutClass(state, period, own, open, problem.users[period]!));
    }
    rows.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    return {
      demand: Uint32Array.from(rows, ([demand]) => demand),
      site: Uint32Array.from(rows, ([, site]) => site),
      users: Float64Array.from(rows, ([, , users]) => users),
    };
  });
}

function shareOutClass(
  state: AssignmentState,
  period: number,
  own: number,
  members: readonly number[],
  users: Float64Array,
): [number, number, number][] {
  const { classStart, siteOfClass, pairOfClass, siteOf } = state.model;
  const rows: [number, number, number][] = [];
  let at = 0;
  let open = members.length === 0 ? 0 : users[members[0]!]!;
  for (let entry = classStart[own]!; entry < classStart[own + 1]!; entry++) {
    let rest = state.assigned[period]![pairOfClass[entry]!]!;
    while (rest > 0) {
      while (open === 0) open = users[members[++at]!]!;
      const taken = Math.min(rest, open);
      rows.push([members[at]!, siteOf[siteOfClass[entry]!]!, taken]);
      rest -= taken;
      open -= taken;
    }
  }
  return rows;
}
