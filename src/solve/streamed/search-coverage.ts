import type { TiledCoverage, TileSpans } from '../../coverage/tiled-coverage.ts';
import { sharedFloat64, sharedUint8 } from '../../geo/shared-array.ts';
import {
  coveredBy,
  forEachOpenUser,
  indicesWhere,
  numberGroups,
  openSites,
  strongestTargets,
  type KeptTarget,
} from '../build-model.ts';
import { buildConflicts } from '../conflicts.ts';
import type { SolveContext } from '../context.ts';
import { toUnits } from '../cost-grid.ts';
import { SITE_REQUIRED, type CoveringProblem, type Target } from '../problem.ts';
import type { SearchOutcome } from '../search-outcome.ts';
import type { TargetUsers } from './radius-source.ts';
import { searchStreamed, type StreamedSettings } from './search-streamed.ts';
import { planBySpans } from './span-greedy.ts';
import { filterSpans, type SpanSource } from './span-source.ts';
import type { StreamedWhole } from './streamed-whole.ts';

/** Targets over a coverage matrix in tiles. */
export interface TiledTargets {
  readonly problem: CoveringProblem;
  readonly coverage: TiledCoverage;
  readonly targets: readonly Target[];
}

/**
 * The cheapest plan found and a proven bound for one set of targets, without a list of pairs: what `buildModel` takes off
 * (required sites and what they serve, sites that they rule out, targets that others imply) is taken off first. Classes are
 * not merged and sites not dropped for dominated ones as a whole: the core does so.
 *
 * @returns sites as indices of the problem, without the required ones
 */
export async function searchCoverage(
  context: SolveContext,
  { problem, coverage, targets }: TiledTargets,
  settings: StreamedSettings,
): Promise<SearchOutcome> {
  const required = indicesWhere(problem.siteStatus, SITE_REQUIRED);
  const servedByRequired = coveredBy(problem, required);
  const kept = strongestTargets(problem, targets, servedByRequired);
  const { siteCount } = coverage;
  const siteOf = Uint32Array.from({ length: siteCount }, (_, site) => site);
  const { group } = numberGroups(siteOf, problem.siteLocation);
  const units = (site: number): number => toUnits(settings.grid, problem.siteCost[site]!);
  const fixedCost = required.reduce((sum, site) => sum + units(site), 0);
  if (kept.length === 0) {
    const done = { sites: [], cost: fixedCost, bound: fixedCost, open: null };
    return { status: 'optimal', stoppedBy: 'gap', ...done };
  }
  const open = openSites(problem, required);
  const whole: StreamedWhole & { readonly source: SpanSource } = {
    source: sourceOf(problem, coverage, open, kept, servedByRequired),
    ...{ siteCount, targetCount: kept.length, fixedCost, group },
    cost: Float64Array.from(siteOf, units),
    need: Float64Array.from(kept, ({ need }) => need),
    ...buildConflicts(problem.conflicts, siteOf, group, siteCount),
  };
  const given = settings.start.filter((site) => open[site] === 1);
  // The core holds the first plan, so what is found costs no more.
  const start = given.length > 0 || !settings.improvePlan ? given : planBySpans(coverage, whole, open);
  const { status, stoppedBy, sites, cost, bound, note } = await searchStreamed(context, whole, {
    ...settings,
    start,
  });
  if (note !== '') context.notes.push(note);
  return { status, stoppedBy, sites, cost, bound, open: null };
}

function sourceOf(
  problem: CoveringProblem,
  { itemStart, tiles, demandOfItem }: TiledCoverage,
  open: Uint8Array,
  kept: readonly KeptTarget[],
  servedByRequired: Uint8Array,
): SpanSource {
  const usersOf = new Map<number, Float64Array>();
  const inItemOrder = (period: number): Float64Array => {
    const known = usersOf.get(period) ?? sharedFloat64(demandOfItem.length);
    if (!usersOf.has(period))
      demandOfItem.forEach((demand, item) => (known[item] = problem.users[period]![demand]!));
    usersOf.set(period, known);
    return known;
  };
  return {
    kind: 'spans',
    itemStart,
    tiles: tiles.map((tile) => ofOpenSites(tile, open)),
    targets: kept.map(({ target }): TargetUsers => {
      const isOpen = new Uint8Array(demandOfItem.length);
      forEachOpenUser(problem, target, servedByRequired, (demand) => (isOpen[demand] = 1));
      const counts = sharedUint8(demandOfItem.length);
      demandOfItem.forEach((demand, item) => (counts[item] = isOpen[demand]!));
      return { users: inItemOrder(target.period), counts };
    }),
  };
}

/** The tile itself where all its sites may be built. */
function ofOpenSites(tile: TileSpans, open: Uint8Array): TileSpans {
  return tile.siteOf.every((site) => open[site] === 1) ? tile : filterSpans(tile, (site) => open[site] === 1);
}
