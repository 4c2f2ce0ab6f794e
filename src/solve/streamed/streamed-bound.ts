import type { StreamedWhole, SurveyedWhole } from './streamed-whole.ts';
import type { StreamedScale } from './tile-pass.ts';

/**
 * What rounding may have added, as a part of all that is added up: sums of at most 10^7 terms within a tile, each to 2^-53
 * of a partial sum.
 */
const ROUNDING = 1e-9;

/** The Lagrangian of the whole from scaled prices >= 0 of targets and items; valid whatever they are. */
export interface LagrangianParts {
  /** [targets] */
  readonly perUser: Float64Array;
  /** [siteCount] sum of the prices of the items that a site covers, over all tiles. */
  readonly worth: Float64Array;
  /** Sum over the tiles: - sum of max(0, worth of the users - price) of their items. */
  readonly inner: number;
}

/**
 *     fixedCost + sum price need - sum of what items would win uncovered - sum of what sites are worth beyond their cost
 *
 * Sites that straddle tiles count once, with what they are worth over all tiles, and of every location the best one: the
 * same as the tiles' own bounds under the best split of the costs. Grid units, less the allowance for rounding.
 */
export function boundOfWhole(
  { need, cost, group, fixedCost }: StreamedWhole,
  { costScale, userScale }: StreamedScale,
  { perUser, worth, inner }: LagrangianParts,
): number {
  let gross = 0;
  need.forEach((users, target) => (gross += users * userScale[target]! * perUser[target]!));
  const best = new Float64Array(worth.length);
  let surplus = 0;
  for (let site = 0; site < worth.length; site++) {
    const own = group[site]!;
    const gain = worth[site]! - cost[site]! * costScale;
    if (gain <= best[own]!) continue;
    surplus += gain - best[own]!;
    best[own] = gain;
  }
  const safe = gross + inner - surplus - ROUNDING * (gross + Math.abs(inner) + surplus);
  return fixedCost + safe / costScale;
}

/** About what a plan costs: as many sites as would carry the needs if each won its mean share and a third overlapped. */
export function guessCost(
  { cost, need, siteCount }: StreamedWhole,
  { reachable, carriers, degree }: SurveyedWhole,
): number {
  let meanCost = 0;
  let meanDegree = 0;
  for (let site = 0; site < siteCount; site++) {
    meanCost += cost[site]! / siteCount;
    meanDegree += degree[site]! / siteCount;
  }
  let items = 0;
  need.forEach((users, target) => {
    items = Math.max(items, (carriers[target]! * users) / Math.max(1, reachable[target]!));
  });
  return (meanCost * 1.5 * items) / Math.max(1, meanDegree);
}
