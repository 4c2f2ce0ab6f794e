import { readInstance, type InstanceOptions } from './input/instance/read-instance.ts';
import { pairsOf } from './coverage/span-coverage.ts';
import { sharedUint8, toSharedFloat64 } from './geo/shared-array.ts';
import {
  SITE_CANDIDATE,
  SITE_FORBIDDEN,
  SITE_REQUIRED,
  type CoveringProblem,
  type Fraction,
} from './solve/problem.ts';
import { withShare, type ShareOf } from './solve/share-target.ts';
import type { Solution, SolveOptions, TraceEntry } from './solve/solution.ts';
import { solve } from './solve/solve.ts';

/** A solved instance: data only. `report/instance-answer.ts` words it. */
export interface InstanceAnswer {
  /** Without pairs where these follow from positions and were not listed. */
  readonly problem: CoveringProblem;
  /** Covered pairs of site and demand. */
  readonly pairs: number;
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
  /** Cost of the plan plus what giving up sites is charged: what was minimised. */
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
  const pairs = pairsOf(problem.coverage);
  if (startPlan === undefined) {
    const solution = await solve(problem, solving);
    return { problem, pairs, solution, seconds: options.nowS() - startedS, traceSeconds, changes: null };
  }
  const charged = chargeChanges(problem, startPlan);
  const solution = await solve(charged.problem, { ...solving, start: startPlan.sites });
  const seconds = options.nowS() - startedS;
  return { ...uncharged(problem, solution, charged, startPlan.sites), pairs, seconds, traceSeconds };
}

/** A problem in which keeping earlier sites is cheaper by what giving them up is charged. */
interface ChargedProblem {
  readonly problem: CoveringProblem;
  readonly changeCost: number;
  /** What giving up an earlier site costs: it is cheaper in `problem` by as much. */
  readonly charges: ReadonlyMap<number, number>;
}

/** Part of its cost that giving up a site is charged where the site would cost nothing otherwise: costs stay above 0. */
const LARGEST_CHARGE = 0.99;

/**
 * cost + charges of the earlier sites given up = sum over sites of cost x, with its charge off every earlier site, + the sum of all
 * charges. An earlier site that costs no more than the charge is always worth keeping and becomes required; where another
 * site may take its place or excludes it, it is charged 0.99 of its cost instead.
 */
function chargeChanges(problem: CoveringProblem, startPlan: StartPlan): ChargedProblem {
  const { changeCost } = startPlan;
  if (changeCost === 0) return { problem, changeCost, charges: new Map() };
  const siteCost = toSharedFloat64(Float64Array.from(problem.siteCost));
  const siteStatus = sharedUint8(problem.siteStatus.length);
  siteStatus.set(problem.siteStatus);
  const contested = contestedSites(problem);
  const charges = new Map<number, number>();
  for (const site of startPlan.sites) {
    if (siteStatus[site] !== SITE_CANDIDATE) continue;
    const cost = siteCost[site]!;
    if (cost <= changeCost && contested[site] === 0) {
      siteStatus[site] = SITE_REQUIRED;
      continue;
    }
    const charge = chargeOf(cost, changeCost, true);
    siteCost[site] = cost - charge;
    charges.set(site, charge);
  }
  return { problem: { ...problem, siteCost, siteStatus }, changeCost, charges };
}

/** What giving up a site of this cost is charged; one that nothing may replace is charged in full. */
function chargeOf(cost: number, changeCost: number, isContested: boolean): number {
  return isContested ? Math.min(changeCost, LARGEST_CHARGE * cost) : changeCost;
}

/** What became of an earlier plan where sites were added or left out after the search; its bound stays. */
export function recountChanges(
  problem: CoveringProblem,
  { kept, givenUp, changeCost, lowerBound }: PlanChanges,
  { sites, cost }: Pick<Solution, 'sites' | 'cost'>,
): PlanChanges {
  const chosen = new Set(sites);
  const contested = contestedSites(problem);
  const earlier = [...kept, ...givenUp].sort((a, b) => a - b);
  const left = earlier.filter((site) => !chosen.has(site));
  const charges = left.map((site) => {
    const own = problem.siteCost[site]!;
    if (changeCost === 0 || problem.siteStatus[site] !== SITE_CANDIDATE) return 0;
    return chargeOf(own, changeCost, own > changeCost || contested[site] === 1);
  });
  return {
    kept: earlier.filter((site) => chosen.has(site)),
    givenUp: left,
    changeCost,
    costWithChanges: cost + sumOf(charges),
    lowerBound,
  };
}

/** [sites] 1 where another site that may be built has the same location or a conflict with it. */
function contestedSites(problem: CoveringProblem): Uint8Array {
  const { siteLocation, siteStatus, conflicts } = problem;
  const contested = new Uint8Array(siteStatus.length);
  const isOpen = (site: number): boolean => siteStatus[site] !== SITE_FORBIDDEN;
  const siteAt = new Map<number, number>();
  siteLocation.forEach((location, site) => {
    if (!isOpen(site)) return;
    const other = siteAt.get(location);
    if (other === undefined) siteAt.set(location, site);
    else contested[site] = contested[other] = 1;
  });
  for (let pair = 0; pair < conflicts.length; pair += 2) {
    const [a, b] = [conflicts[pair]!, conflicts[pair + 1]!];
    if (isOpen(a) && isOpen(b)) contested[a] = contested[b] = 1;
  }
  return contested;
}

/**
 * The answer in the costs of the problem as it was asked: what every phase saves by the earlier sites it keeps is added to its cost
 * and to its bounds, which so speak of the plans that save as much.
 */
function uncharged(
  problem: CoveringProblem,
  solution: Solution,
  { charges, changeCost }: ChargedProblem,
  earlier: readonly number[],
): Omit<InstanceAnswer, 'pairs' | 'seconds' | 'traceSeconds'> {
  const chosen = new Set(solution.sites);
  const constant = sumOf(charges.values());
  const changes: PlanChanges = {
    kept: earlier.filter((site) => chosen.has(site)),
    givenUp: earlier.filter((site) => !chosen.has(site)),
    changeCost,
    costWithChanges: solution.cost + constant,
    lowerBound: solution.lowerBound + constant,
  };
  if (charges.size === 0) return { problem, solution, changes };
  const saved = (sites: readonly number[]): number => sumOf(sites.map((site) => charges.get(site) ?? 0));
  const phases = solution.phases.map((phase) => {
    const shift = saved(phase.sites);
    const cost = phase.cost + shift;
    const [lowerBound, nestedLowerBound] = [phase.lowerBound + shift, phase.nestedLowerBound + shift];
    return {
      ...phase,
      cost,
      lowerBound,
      nestedLowerBound,
      gap: gapOf(cost, lowerBound),
      nestedGap: gapOf(cost, nestedLowerBound),
    };
  });
  const shift = saved(solution.sites);
  const [cost, lowerBound] = [solution.cost + shift, solution.lowerBound + shift];
  return {
    problem,
    solution: { ...solution, cost, lowerBound, gap: gapOf(cost, lowerBound), phases },
    changes,
  };
}

function sumOf(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function gapOf(cost: number, bound: number): number {
  return cost > 0 ? Math.max(0, (cost - bound) / cost) : 0;
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
