import { readInstance, type InstanceOptions } from './input/instance/read-instance.ts';
import { sharedUint8, toSharedFloat64 } from './geo/shared-array.ts';
import { SITE_CANDIDATE, SITE_REQUIRED, type CoveringProblem, type Fraction } from './solve/problem.ts';
import { withShare, type ShareOf } from './solve/share-target.ts';
import type { Solution, SolveOptions, TraceEntry } from './solve/solution.ts';
import { solve } from './solve/solve.ts';

/** A solved instance: data only. `report/instance-answer.ts` words it. */
export interface InstanceAnswer {
  readonly problem: CoveringProblem;
  readonly solution: Solution;
  /** Wall seconds of the search, reading not included. */
  readonly seconds: number;
  /** Per entry of `solution.trace`: wall seconds into the search. */
  readonly traceSeconds: readonly number[];
  /** Null without a start plan. */
  readonly changes: PlanChanges | null;
}

/** An earlier plan to start from. */
export interface StartPlan {
  readonly sites: readonly number[];
  /** A site of the earlier plan is given up only where that saves more than this. */
  readonly changeCost: number;
}

/** What became of an earlier plan. */
export interface PlanChanges {
  readonly kept: readonly number[];
  readonly givenUp: readonly number[];
  readonly changeCost: number;
  /** Cost of the plan plus `changeCost` per site given up: what was minimised. */
  readonly costWithChanges: number;
  /** No plan has a smaller cost with changes. */
  readonly lowerBound: number;
}

export interface SolveInstanceOptions extends SolveOptions {
  readonly startPlan?: StartPlan | undefined;
  readonly nowS: () => number;
}

/** Reads an instance and solves it: `mastplan solve` without the shell around it. */
export async function solveInstance(
  file: string,
  reading: InstanceOptions,
  options: SolveInstanceOptions,
): Promise<InstanceAnswer> {
  return solveProblem(await readInstance(file, reading), options);
}

/** Solves a problem that is already read, from an earlier plan where one is given. */
export async function solveProblem(
  problem: CoveringProblem,
  options: SolveInstanceOptions,
): Promise<InstanceAnswer> {
  const { startPlan, ...rest } = options;
  const startedS = options.nowS();
  const traceSeconds: number[] = [];
  const onTrace = (entry: TraceEntry): void => {
    traceSeconds.push(options.nowS() - startedS);
    options.onTrace?.(entry);
  };
  const solving = { ...rest, onTrace };
  if (startPlan === undefined) {
    const solution = await solve(problem, solving);
    return { problem, solution, seconds: options.nowS() - startedS, traceSeconds, changes: null };
  }
  const charged = chargeChanges(problem, startPlan);
  const solution = await solve(charged.problem, { ...solving, start: startPlan.sites });
  const seconds = options.nowS() - startedS;
  return { ...uncharged(problem, solution, charged.constant, startPlan), seconds, traceSeconds };
}

/** A problem in which keeping earlier sites is cheaper by what giving them up is charged. */
interface ChargedProblem {
  readonly problem: CoveringProblem;
  /** Cost with changes = cost in `problem` + this. */
  readonly constant: number;
}

/**
 * cost + c x (earlier sites given up) = sum over sites of cost x, with c off every earlier site, + c x (their number).
 * An earlier site that costs no more than c can only be worth keeping and becomes required, unless a location or a
 * conflict with another earlier or required site speaks against it: then it is not charged.
 */
function chargeChanges(problem: CoveringProblem, startPlan: StartPlan): ChargedProblem {
  const { changeCost } = startPlan;
  if (changeCost === 0) return { problem, constant: 0 };
  const siteCost = toSharedFloat64(Float64Array.from(problem.siteCost));
  const siteStatus = sharedUint8(problem.siteStatus.length);
  siteStatus.set(problem.siteStatus);
  const contested = contestedSites(problem, startPlan.sites);
  let constant = 0;
  for (const site of startPlan.sites) {
    if (siteStatus[site] !== SITE_CANDIDATE) continue;
    if (siteCost[site]! > changeCost) {
      siteCost[site]! -= changeCost;
      constant += changeCost;
    } else if (!contested.has(site)) siteStatus[site] = SITE_REQUIRED;
  }
  return { problem: { ...problem, siteCost, siteStatus }, constant };
}

/** Earlier sites that exclude, or are excluded by, another earlier or required one. */
function contestedSites(problem: CoveringProblem, earlier: readonly number[]): Set<number> {
  const standing = new Set(earlier);
  problem.siteStatus.forEach((status, site) => {
    if (status === SITE_REQUIRED) standing.add(site);
  });
  const contested = new Set<number>();
  const siteAt = new Map<number, number>();
  for (const site of standing) {
    const location = problem.siteLocation[site] ?? 0;
    const other = siteAt.get(location);
    if (other !== undefined) contested.add(site).add(other);
    siteAt.set(location, site);
  }
  for (let pair = 0; pair < problem.conflicts.length; pair += 2) {
    const [a = 0, b = 0] = problem.conflicts.subarray(pair, pair + 2);
    if (standing.has(a) && standing.has(b)) contested.add(a).add(b);
  }
  return contested;
}

/** The answer in the costs of the problem as it was asked. */
function uncharged(
  problem: CoveringProblem,
  solution: Solution,
  constant: number,
  startPlan: StartPlan,
): Omit<InstanceAnswer, 'seconds' | 'traceSeconds'> {
  const chosen = new Set(solution.sites);
  const changes: PlanChanges = {
    kept: startPlan.sites.filter((site) => chosen.has(site)),
    givenUp: startPlan.sites.filter((site) => !chosen.has(site)),
    changeCost: startPlan.changeCost,
    costWithChanges: solution.cost + constant,
    lowerBound: solution.lowerBound + constant,
  };
  let cost = 0;
  for (const site of solution.sites) cost += problem.siteCost[site] ?? 0;
  const gap = changes.costWithChanges > 0 ? 1 - changes.lowerBound / changes.costWithChanges : 0;
  const answered = startPlan.changeCost === 0 ? solution : { ...solution, cost, gap: Math.max(0, gap) };
  return { problem, solution: answered, changes };
}

/** One point of a cost-coverage curve. */
export interface CurvePoint {
  readonly share: Fraction;
  readonly answer: InstanceAnswer;
}

/**
 * Cost and bound for a list of shares, one target per period each. Shares are taken from the largest down, each search
 * starting from the plan before it, which meets the smaller share too; points come back in ascending order of share.
 */
export async function solveCurve(
  problem: CoveringProblem,
  shares: readonly Fraction[],
  of: ShareOf,
  options: SolveInstanceOptions,
): Promise<CurvePoint[]> {
  const descending = shares.toSorted(
    (a, b) => b.numerator * a.denominator - a.numerator * b.denominator || 0,
  );
  const points: CurvePoint[] = [];
  let startPlan = options.startPlan;
  for (const share of descending) {
    if (options.signal?.aborted === true) break;
    const answer = await solveProblem(withShare(problem, share, of), { ...options, startPlan });
    if (answer.solution.feasible) startPlan = { sites: answer.solution.sites, changeCost: 0 };
    points.push({ share, answer });
  }
  return points.reverse();
}
