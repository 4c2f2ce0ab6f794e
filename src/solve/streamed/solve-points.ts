import { coverSpans, emptySpans, openStrips } from '../../coverage/point-strips.ts';
import { sharedFloat64, toSharedFloat64 } from '../../geo/shared-array.ts';
import { numberGroups } from '../build-model.ts';
import { buildConflicts } from '../conflicts.ts';
import { gapOf, SolveContext } from '../context.ts';
import { findCostGrid, fromUnits, toUnits, type CostGrid } from '../cost-grid.ts';
import type { CoveringProblem, Fraction } from '../problem.ts';
import { usersNeeded } from '../share.ts';
import type { ShareOf } from '../share-target.ts';
import type { SolveOptions, SolveStatus, StopReason, TraceEntry } from '../solution.ts';
import { cutPoints } from './cut-points.ts';
import type { RadiusSource } from './radius-source.ts';
import { searchStreamed, type StreamedOutcome } from './search-streamed.ts';
import { surveyTiles, type StreamedWhole, type SurveyedWhole } from './streamed-whole.ts';

/** Demand points and candidate sites in the plane, each site with a reach: who covers whom is never listed as a whole. */
export interface PointProblem extends Pick<
  CoveringProblem,
  'siteCost' | 'siteLocation' | 'conflicts' | 'users'
> {
  readonly demandX: Float64Array;
  readonly demandY: Float64Array;
  readonly siteX: Float64Array;
  readonly siteY: Float64Array;
  readonly siteRadius: Float64Array;
  /** Wanted in every period. */
  readonly share: Fraction;
  readonly shareOf: ShareOf;
}

export interface PointTarget {
  readonly needUsers: number;
  readonly totalUsers: number;
  readonly servedUsers: number;
  /** Users that any site reaches. */
  readonly reachableUsers: number;
}

export interface PointSolution {
  readonly status: SolveStatus;
  readonly stoppedBy: StopReason;
  /** Ascending; empty when no plan was found. */
  readonly sites: readonly number[];
  readonly cost: number;
  readonly lowerBound: number;
  readonly gap: number;
  /** Per period; served users are counted anew from positions. */
  readonly targets: readonly PointTarget[];
  readonly pairs: number;
  /** As in `Solution`. */
  readonly rounds: number;
  readonly trace: readonly TraceEntry[];
  readonly notes: readonly string[];
}

type PointWhole = StreamedWhole & { readonly source: RadiusSource };

/** Demand points per tile: about a tenth of a second of work in a pass, 2 MB of prices on the way to a thread and back. */
const POINTS_PER_TILE = 50_000;

/**
 * The cheapest sites that serve a share of the users in every period, with a proven bound, for areas whose covered pairs
 * do not fit into memory: tiles are found from positions when they are worked on and let go. Same problem, options and
 * seed give the same solution for any executor unless a time limit or signal cuts it.
 */
export async function solvePoints(problem: PointProblem, options: SolveOptions): Promise<PointSolution> {
  const context = new SolveContext(options);
  const { tiles = 'auto' } = options;
  const tileCount = typeof tiles === 'number' ? tiles : Math.ceil(problem.demandX.length / POINTS_PER_TILE);
  const { whole, surveyed, grid } = await pointWhole(context, problem, tileCount);
  const settings = {
    phase: 'share',
    grid,
    rounds: context.effort.rounds,
    improvePlan: true,
    start: options.start ?? [],
  };
  const beyondReach = whole.need.some((need, target) => surveyed.reachable[target]! < need);
  const found = beyondReach ? NO_PLAN : await searchStreamed(context, whole, settings, surveyed);
  const sites = found.sites ?? [];
  const { siteCost } = problem;
  const cost = sites.reduce((sum, site) => sum + siteCost[site]!, 0);
  const lowerBound = fromUnits(grid, found.bound);
  const served = servedBy(whole.source, sites, whole.targetCount);
  return {
    ...{
      status: found.status,
      stoppedBy: found.stoppedBy,
      sites,
      cost,
      lowerBound,
      gap: gapOf(cost, lowerBound),
    },
    targets: problem.users.map((users, target) => ({
      needUsers: whole.need[target]!,
      totalUsers: users.reduce((sum, own) => sum + own, 0),
      servedUsers: served[target]!,
      reachableUsers: surveyed.reachable[target]!,
    })),
    ...{
      pairs: surveyed.pairs,
      rounds: context.steps,
      trace: context.trace,
      notes: [...context.notes, found.note],
    },
  };
}

/** Of targets that all sites together miss. */
const NO_PLAN: Pick<StreamedOutcome, 'status' | 'stoppedBy' | 'sites' | 'bound' | 'note'> = {
  ...{ status: 'infeasible', stoppedBy: 'infeasible', sites: null, bound: 0 },
  note: 'All sites together reach fewer users than a target needs: no plan was looked for.',
};

/** The problem as the coordinator sees it, its tiles surveyed. */
export async function pointWhole(
  context: SolveContext,
  problem: PointProblem,
  tileCount: number,
): Promise<{ readonly whole: PointWhole; readonly surveyed: SurveyedWhole; readonly grid: CostGrid }> {
  const { siteCost, siteLocation, share, shareOf } = problem;
  const siteCount = siteCost.length;
  const source = sourceOf(problem, tileCount);
  const targetCount = problem.users.length;
  const surveyed = await surveyTiles(context, { source, siteCount, targetCount });
  const grid = findCostGrid(siteCost);
  const counted =
    shareOf === 'reachable'
      ? surveyed.reachable
      : problem.users.map((users) => users.reduce((sum, own) => sum + own, 0));
  const siteOf = Uint32Array.from({ length: siteCount }, (_, site) => site);
  const { group } = numberGroups(siteOf, siteLocation);
  const whole: PointWhole = {
    ...{ source, siteCount, targetCount, group, fixedCost: 0 },
    need: Float64Array.from(counted, (users) => usersNeeded(share, users)),
    cost: siteCost.map((cost) => toUnits(grid, cost)),
    ...buildConflicts(problem.conflicts, siteOf, group, siteCount),
  };
  return { whole, surveyed, grid };
}

function sourceOf(problem: PointProblem, tileCount: number): RadiusSource {
  const { demandX, demandY } = problem;
  const siteX = toSharedFloat64(problem.siteX);
  const siteY = toSharedFloat64(problem.siteY);
  const siteRadius = toSharedFloat64(problem.siteRadius);
  const tiling = cutPoints({ x: demandX, y: demandY }, { siteX, siteY, siteRadius }, tileCount);
  const inTileOrder = (values: Float64Array): Float64Array => {
    const ordered = sharedFloat64(values.length);
    tiling.original.forEach((place, point) => (ordered[point] = values[place]!));
    return ordered;
  };
  return {
    kind: 'radius',
    x: inTileOrder(demandX),
    y: inTileOrder(demandY),
    ...{ itemStart: tiling.itemStart, stripHeight: tiling.stripHeight, siteX, siteY, siteRadius },
    targets: problem.users.map((users) => ({ users: inTileOrder(users), counts: null })),
  };
}

/** Users of every target that some sites serve, from positions alone. */
function servedBy(source: RadiusSource, sites: readonly number[], targetCount: number): Float64Array {
  const { x, y, itemStart, stripHeight, siteX, siteY, siteRadius, targets } = source;
  const served = new Float64Array(targetCount);
  const spans = emptySpans(1024);
  for (let tile = 0; tile < stripHeight.length; tile++) {
    const first = itemStart[tile]!;
    const end = itemStart[tile + 1]!;
    const strips = openStrips(x.subarray(first, end), y.subarray(first, end), stripHeight[tile]!);
    spans.count = 0;
    for (const site of sites) coverSpans(strips, siteX[site]!, siteY[site]!, siteRadius[site]!, spans);
    const covered = new Uint8Array(end - first);
    for (let span = 0; span < spans.count; span++) covered.fill(1, spans.from[span], spans.to[span]);
    targets.forEach(({ users, counts }, target) => {
      for (let point = 0; point < covered.length; point++) {
        if (covered[point] === 1 && (counts === null || counts[first + point] === 1))
          served[target]! += users[first + point]!;
      }
    });
  }
  return served;
}
