import type { SolveContext } from '../context.ts';
import { fromUnits, meetsOnGrid, roundBoundUp, type CostGrid } from '../cost-grid.ts';
import { findShortages } from '../covering-model.ts';
import type { Prices } from '../lagrangian.ts';
import { searchModel } from '../search.ts';
import type { SolveStatus, StopReason } from '../solution.ts';
import { gatherCore, type StreamedCore } from './core-model.ts';
import { relaxFromSamples } from './relax-levels.ts';
import type { StreamedRelaxation } from './relax-streamed.ts';
import { surveyTiles, type StreamedWhole, type SurveyedWhole } from './streamed-whole.ts';

/** What a search in streamed tiles found. Costs and bounds in grid units, sites as indices of the whole. */
export interface StreamedOutcome {
  readonly status: SolveStatus;
  readonly stoppedBy: StopReason;
  /** Ascending; null when no plan was found. */
  readonly sites: readonly number[] | null;
  readonly cost: number;
  /** Rounded up to the grid, never above the cost. */
  readonly bound: number;
  /** Multipliers of the bound; per class for the items of all tiles one after the other. */
  readonly prices: Prices;
  readonly note: string;
}

export interface StreamedSettings {
  readonly phase: string;
  readonly grid: CostGrid;
  readonly rounds: number;
  /** False: only the bound matters. */
  readonly improvePlan: boolean;
  /** Sites of the whole that the core holds in any case. */
  readonly start: readonly number[];
}

/**
 * Sites of least reduced cost in the core, at least; more and more of them where those built in part do not reach the needs.
 */
const SMALLEST_CORE = 150;
/**
 * Sites that the relaxation builds to this part make the core: reduced costs single out clumps of sites that stand for each other.
 * Walks of 4e9 pairs on the levelled country end at 10670 from 0.01 on (2604 sites), at 10625 from 0.05 (1709), at 10753 from
 * 0.1 (1062); at 10664 on 2235 sites of which half were chosen by reduced cost.
 */
const BUILT_PART = 0.05;
/** Pairs of a core whose plans branch and cut can still merge; walks over larger ones are longer by a time per so many pairs. */
const MERGEABLE_PAIRS = 100_000;
const PAIRS_PER_LENGTH = 8_000;

/**
 * The cheapest plan found and a proven bound of a problem whose pairs need not be in memory: the relaxation of the whole is
 * solved by passes over tiles that are opened, worked on and let go; the sites that its prices single out make a core,
 * which is gathered and searched whole.
 */
export async function searchStreamed(
  context: SolveContext,
  whole: StreamedWhole,
  settings: StreamedSettings,
  surveyed?: SurveyedWhole,
): Promise<StreamedOutcome> {
  const { phase, grid } = settings;
  const known = surveyed ?? (await surveyTiles(context, whole));
  const record = (bound: number): boolean => {
    context.record(phase, grid, null, roundBoundUp(grid, bound), `relaxation in ${known.tiles.length} tiles`);
    return context.stopReason() !== null;
  };
  context.steps++;
  const relaxed = await relaxFromSamples(context, whole, known, record);
  const bound = Math.max(whole.fixedCost, roundBoundUp(grid, relaxed.bound));
  const prices: Prices = { perUser: relaxed.perUser, perClass: sideBySide(relaxed.price) };
  if (!settings.improvePlan)
    return { prices, status: 'unknown', stoppedBy: 'work', sites: null, cost: Infinity, bound, note: '' };
  const core = await coreThatReaches(context, whole, known, relaxed, settings.start);
  const place = new Map(Array.from(core.siteOf, (site, index) => [site, index]));
  const pairs = core.model.classOfSite.length;
  const found = await searchModel(context, core.model, {
    phase,
    grid,
    rounds: settings.rounds,
    improvePlan: true,
    start: settings.start.flatMap((site) => place.get(site) ?? []),
    earlier: { prices: core.prices, bound },
    isPart: true,
    walkLength: pairs > MERGEABLE_PAIRS ? pairs / PAIRS_PER_LENGTH : 1,
  });
  const note = streamedNote(settings, known, relaxed, core);
  if (found.sites === null) {
    const { status, stoppedBy } = found;
    return { prices, status, stoppedBy, sites: null, cost: Infinity, bound, note };
  }
  const { cost } = found;
  const status = meetsOnGrid(grid, cost, bound)
    ? 'optimal'
    : found.status === 'optimal'
      ? 'feasible'
      : found.status;
  const sites = found.sites.map((site) => core.siteOf[site]!).sort((a, b) => a - b);
  return { prices, status, stoppedBy: found.stoppedBy, sites, cost, bound: Math.min(bound, cost), note };
}

function sideBySide(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let write = 0;
  for (const part of parts) {
    all.set(part, write);
    write += part.length;
  }
  return all;
}

/** Sites of small reduced cost, more and more of them until together they reach what the targets need. */
async function coreThatReaches(
  context: SolveContext,
  whole: StreamedWhole,
  surveyed: SurveyedWhole,
  relaxed: StreamedRelaxation,
  start: readonly number[],
): Promise<StreamedCore> {
  const { siteCount } = whole;
  const { reducedCost } = relaxed;
  const { build } = relaxed.end;
  const order = Uint32Array.from({ length: siteCount }, (_, site) => site).sort(
    (a, b) => reducedCost[a]! - reducedCost[b]! || a - b,
  );
  for (let size = SMALLEST_CORE; ; size *= 2) {
    const inCore = new Uint8Array(siteCount);
    for (const site of order.subarray(0, size)) inCore[site] = 1;
    for (const site of start) inCore[site] = 1;
    build.forEach((share, site) => {
      if (share >= BUILT_PART) inCore[site] = 1;
    });
    const core = await gatherCore(context, whole, surveyed, relaxed, inCore);
    if (size >= siteCount || findShortages(core.model).length === 0) return core;
  }
}

function streamedNote(
  { phase, grid }: StreamedSettings,
  surveyed: SurveyedWhole,
  { passes, bound }: StreamedRelaxation,
  { model }: StreamedCore,
): string {
  return (
    `Phase "${phase}": ${surveyed.pairs} covered pairs in ${surveyed.tiles.length} tiles, opened one at a time; ${passes} ` +
    `passes over them gave the bound ${fromUnits(grid, bound).toFixed(2)}; the plan was searched among the ` +
    `${model.siteCount} sites that its prices single out (${model.classOfSite.length} pairs of ${model.classCount} classes).`
  );
}
