import { createRandom, type Random } from '../random.ts';
import type { CoveringModel } from './covering-model.ts';
import { CoverState } from './cover-state.ts';
import { pointOfSites, sitesOfPoint, writeLinearModel, type MipSolver } from './mip.ts';
import { BUILD, DROP, KEEP, restrictModel } from './restrict.ts';
import type { SearchResult } from './ruin-recreate.ts';

/** One logical task of exact re-planning of small areas. */
export interface NeighbourhoodTask {
  readonly seed: number;
  readonly stream: number;
  readonly start: Uint32Array;
  /** Sites left free at a time. */
  readonly size: number;
  /** Entries x simplex iterations to spend. */
  readonly solverWork: number;
}

/** Simplex iterations one small area may take. */
const AREA_ITERATIONS = 6_000;
const AREA_NODES = 200;
/** What one call of the solver costs before its first iteration, entries x iterations. */
const CALL_WORK = 4e6;

/**
 * Large-neighbourhood search with an exact solver (Shaw 1998): all sites of a plan stand except those around a
 * random place; that area is re-planned to proof, then the next. Needs no tuning on geometry: areas interact only
 * through the few users they share and through the slack of the targets.
 */
export async function replanAreas(
  model: CoveringModel,
  task: NeighbourhoodTask,
  mip: MipSolver,
  shouldStop: () => boolean = () => false,
): Promise<SearchResult> {
  const random = createRandom(task.seed, task.stream);
  let sites = task.start;
  let cost = new CoverState(model, sites).cost;
  let work = 0;
  while (work < task.solverWork && !shouldStop()) {
    const area = areaAround(model, sites, random, task.size);
    const { found, spent } = await replan(model, sites, area, mip, task.seed);
    work += spent;
    if (found === null) continue;
    const state = new CoverState(model, found);
    if (!state.isFeasible() || state.cost > cost) continue;
    sites = Uint32Array.from(found);
    cost = state.cost;
  }
  return { sites, cost, work };
}

/** Sites reached first by a breadth-first walk over shared classes from a random class; two places now and then. */
function areaAround(model: CoveringModel, plan: Uint32Array, random: Random, size: number): Uint8Array {
  const inArea = new Uint8Array(model.siteCount);
  const seen = new Uint8Array(model.classCount);
  const places = random.below(3) === 0 ? 2 : 1;
  let count = 0;
  for (let place = 1; place <= places; place++) {
    const limit = Math.floor((size * place) / places);
    const queue = [plan[random.below(plan.length)] ?? 0];
    for (let head = 0; head < queue.length && count < limit; head++) {
      const site = queue[head]!;
      if (inArea[site] === 1) continue;
      inArea[site] = 1;
      count++;
      const neighbours: number[] = [];
      for (let pair = model.siteStart[site]!; pair < model.siteStart[site + 1]!; pair++) {
        const own = model.classOfSite[pair]!;
        if (seen[own] === 1) continue;
        seen[own] = 1;
        for (let i = model.classStart[own]!; i < model.classStart[own + 1]!; i++) {
          const other = model.siteOfClass[i]!;
          if (inArea[other] === 0) neighbours.push(other);
        }
      }
      shuffle(neighbours, random);
      // Not spread: a site of planar F has more neighbours than a call takes arguments.
      for (const neighbour of neighbours) queue.push(neighbour);
    }
  }
  return inArea;
}

function shuffle(values: number[], random: Random): void {
  for (let last = values.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [values[last], values[other]] = [values[other]!, values[last]!];
  }
}

async function replan(
  model: CoveringModel,
  sites: Uint32Array,
  area: Uint8Array,
  mip: MipSolver,
  seed: number,
): Promise<{ readonly found: number[] | null; readonly spent: number }> {
  const choice = Uint8Array.from(area, (free) => (free === 1 ? KEEP : DROP));
  for (const site of sites) if (area[site] === 0) choice[site] = BUILD;
  const outside = [...sites].filter((site) => area[site] === 0);
  const rest = restrictModel(model, choice);
  if (rest.model.targetCount === 0) return { found: outside, spent: CALL_WORK };
  const written = writeLinearModel(rest.model);
  const local = new Map([...rest.parentSite].map((site, index) => [site, index]));
  const inside = [...sites].flatMap((site) => local.get(site) ?? []);
  const entries = written.linear.rowOfEntry.length;
  const answer = await mip.solveMip(
    written.linear,
    { nodes: AREA_NODES, iterations: AREA_ITERATIONS, seed },
    pointOfSites(written, rest.model, inside),
  );
  const spent = CALL_WORK + entries * (100 + answer.iterations);
  if (answer.values === null) return { found: null, spent };
  const chosen = sitesOfPoint(rest.model, answer.values).map((site) => rest.parentSite[site]!);
  return { found: [...outside, ...chosen].sort((a, b) => a - b), spent };
}
