import { countService, type ServiceCount, type ServiceQuestion } from '../coverage/interference/service.ts';
import { demandOf } from '../coverage/span-coverage.ts';
import { joinSites } from '../input/join-sites.ts';
import { pickSites } from '../input/pick-sites.ts';
import { changeLastPhase } from '../solve/change-sites.ts';
import { SITE_REQUIRED, type CoveringProblem } from '../solve/problem.ts';
import { asksForBackup } from '../solve/capacity/needs-assignment.ts';
import { brokenRules } from '../solve/recount.ts';
import type { Solution } from '../solve/solution.ts';
import {
  planInterference,
  serviceQuestion,
  type PlanInterference,
  type PlanInterferenceRequest,
} from './plan-interference.ts';
import { radioNetwork, type RadioNetwork } from './radio-network.ts';
import { isMissed, serviceTargets } from './service-targets.ts';

export interface RepairRequest extends Omit<PlanInterferenceRequest, 'chosen'> {
  readonly problem: CoveringProblem;
  readonly solution: Solution;
}

export interface RepairedPlan {
  readonly solution: Solution;
  readonly interference: PlanInterference | null;
}

interface Changes {
  readonly added: readonly number[];
  readonly removed: readonly number[];
}

/** Places tried at once: each stands in the network of a round, silent until it is tried. */
const SHORTLIST = 16;
/** Cells are tuned anew after each. */
const MOST_ROUNDS = 4;

/**
 * SINR of a plan, and the plan changed where a target on SINR is missed though its cells were tuned: site by site the
 * candidate that takes most off what is missing per cost is added (at most `interference.repair.sites`), or a new site of the
 * last phase that disturbs more than it serves is left out where every target by signal holds without it; then the cells are
 * tuned anew. What stays missed stays in `targets`. Greedy and without randomness: the same plan for any number of threads.
 */
export async function repairForSinr(request: RepairRequest): Promise<RepairedPlan> {
  const { problem, candidates, scenario } = request;
  let { solution } = request;
  let interference = await planInterference({ ...request, chosen: solution.sites });
  const isPlan = problem.budget === null && solution.feasible && scenario.phases !== null;
  let left = request.interference.repair.sites;
  for (let round = 0; round < MOST_ROUNDS && isPlan && interference !== null; round++) {
    if (left === 0 || missingMilli(interference) === 0 || request.signal?.aborted === true) break;
    const found = await changesOf(request, solution, interference, left);
    if (found.added.length + found.removed.length === 0) break;
    const name = (sites: readonly number[]): string => sites.map((site) => candidates.ids[site]!).join(', ');
    const note = `For the targets on SINR: ${[
      ...(found.added.length === 0 ? [] : [`added ${name(found.added)}`]),
      ...(found.removed.length === 0 ? [] : [`left out ${name(found.removed)}`]),
    ].join('; ')}. The bound is that of the plan by signal.`;
    const next = changeLastPhase(problem, solution, found, note);
    const now = await planInterference({ ...request, chosen: next.sites });
    if (now === null || missingMilli(now) >= missingMilli(interference)) break;
    left -= found.added.length;
    solution = next;
    interference = now;
  }
  const without = (sites: readonly number[], others: readonly number[]): string[] =>
    sites.filter((site) => !others.includes(site)).map((site) => candidates.ids[site]!);
  const added = without(solution.sites, request.solution.sites);
  const removed = without(request.solution.sites, solution.sites);
  const repair = added.length + removed.length > 0 ? { added, removed } : null;
  return { solution, interference: interference && { ...interference, repair } };
}

/** Users still missing, over all targets on SINR. */
function missingMilli({ targets }: PlanInterference): number {
  return targets.filter(isMissed).reduce((sum, { needMilli, afterMilli }) => sum + needMilli - afterMilli, 0);
}

/** Added and left out in one round, from the cells as they were tuned. */
async function changesOf(
  request: RepairRequest,
  solution: Solution,
  { asBuilt, tuned }: PlanInterference,
  mostAdded: number,
): Promise<Changes> {
  const { existing, candidates } = request;
  const facts = tuned ?? asBuilt;
  const shortlist = promising(request, solution, facts.placesDb);
  const listed = [...solution.sites, ...shortlist];
  const onAir = pickSites(candidates, listed);
  const sites = existing === null ? onAir : joinSites(existing, onAir);
  const network = await radioNetwork({ ...request, sites, moreLinks: shortlist.length });
  facts.cells.forEach(({ azimuthDeg, tiltDeg, powerChangeDb }, cell) =>
    network.state.setCell(cell, azimuthDeg ?? 0, tiltDeg, powerChangeDb),
  );
  const firstMast = existing?.count ?? 0;
  const mastOf = new Map(listed.map((site, at) => [site, firstMast + at]));
  return new RepairRound(request, solution, network, mastOf).run(shortlist, mostAdded);
}

/** Sites switched on and off in one network; loads stand still while a site is tried and are settled when it is taken. */
class RepairRound {
  readonly #request: RepairRequest;
  readonly #solution: Solution;
  readonly #network: RadioNetwork;
  readonly #mastOf: ReadonlyMap<number, number>;
  readonly #powerDb: Float64Array;
  readonly #question: ServiceQuestion;
  readonly #refused = new Set<number>();
  #chosen: number[];
  #missing = 0;

  constructor(
    request: RepairRequest,
    solution: Solution,
    network: RadioNetwork,
    mastOf: ReadonlyMap<number, number>,
  ) {
    this.#request = request;
    this.#solution = solution;
    this.#network = network;
    this.#mastOf = mastOf;
    this.#powerDb = network.state.settings.powerDb.slice();
    this.#question = serviceQuestion(request, network.setOfPeriod);
    this.#chosen = [...solution.sites];
  }

  run(shortlist: readonly number[], mostAdded: number): Changes {
    for (const site of shortlist) this.#turn(site, false);
    this.#network.settle?.();
    this.#missing = missingOf(this.#question, this.#count());
    const { sites } = this.#solution;
    const added = (): number[] => this.#chosen.filter((site) => !sites.includes(site));
    while (this.#missing > 0 && this.#request.signal?.aborted !== true) {
      const best = this.#bestMove(added().length < mostAdded ? shortlist : []);
      if (best === null) break;
      this.#take(best);
    }
    return { added: added(), removed: sites.filter((site) => !this.#chosen.includes(site)) };
  }

  /** The site whose switching takes most off what is missing, per cost; null = none takes any. */
  #bestMove(shortlist: readonly number[]): number | null {
    const { problem } = this.#request;
    // A site less costs nothing: it is compared as the cheapest one.
    const cheapest = problem.siteCost.reduce((least, cost) => Math.min(least, cost), Infinity);
    const free = shortlist.filter(
      (site) =>
        !this.#chosen.includes(site) &&
        !this.#refused.has(site) &&
        brokenRules(problem, [...this.#chosen, site]).length === 0,
    );
    const moves = [
      ...this.#chosen.filter((site) => this.#mayLeave(site)).map((site) => [site, cheapest] as const),
      ...free.map((site) => [site, problem.siteCost[site]!] as const),
    ];
    let best: number | null = null;
    let mostWorth = 0;
    for (const [site, cost] of moves) {
      const worth = this.#gainOf(site) / cost;
      if (worth > mostWorth) [best, mostWorth] = [site, worth];
    }
    return best;
  }

  #mayLeave(site: number): boolean {
    const { phases } = this.#solution;
    return (
      this.#request.interference.repair.leaveOut &&
      !asksForBackup(this.#request.problem) &&
      !this.#refused.has(site) &&
      phases.at(-1)!.assignment === undefined &&
      this.#request.problem.siteStatus[site] !== SITE_REQUIRED &&
      !phases.slice(0, -1).some(({ sites }) => sites.includes(site))
    );
  }

  /** Users won for targets on SINR by switching a site; 0 where a target by signal would be lost. */
  #gainOf(site: number): number {
    const isOn = this.#chosen.includes(site);
    this.#turn(site, !isOn);
    const count = this.#count();
    this.#turn(site, isOn);
    return isOn && losesSignal(this.#question, count) ? 0 : this.#missing - missingOf(this.#question, count);
  }

  /** Switches for good; undone where the loads that follow leave no fewer missing. */
  #take(site: number): void {
    const wasOn = this.#chosen.includes(site);
    this.#turn(site, !wasOn);
    this.#network.settle?.();
    const missing = missingOf(this.#question, this.#count());
    if (missing >= this.#missing) {
      this.#refused.add(site);
      this.#turn(site, wasOn);
      this.#network.settle?.();
      return;
    }
    this.#missing = missing;
    this.#chosen = wasOn ? this.#chosen.filter((own) => own !== site) : [...this.#chosen, site];
  }

  #count(): ServiceCount {
    return countService(this.#network.state, this.#question);
  }

  /** All cells of a site on, as they were set, or off. */
  #turn(site: number, isOn: boolean): void {
    const { state } = this.#network;
    const mast = this.#mastOf.get(site)!;
    const { azimuthDeg, tiltDeg } = state.settings;
    for (let cell = state.cells.cellStart[mast]!; cell < state.cells.cellStart[mast + 1]!; cell++) {
      state.setCell(cell, azimuthDeg[cell]!, tiltDeg[cell]!, isOn ? this.#powerDb[cell]! : -Infinity);
    }
  }
}

/** Candidates that cover most of the users whom missed targets on SINR still lack, per cost. */
function promising(request: RepairRequest, { sites }: Solution, placesDb: readonly Float32Array[]): number[] {
  const { problem, interference, demand } = request;
  const { targets } = serviceTargets(request.scenario, request);
  const lacking = new Float64Array(demand.count);
  for (const { by, period, members } of targets) {
    if (by !== 'sinr') continue;
    placesDb[period]!.forEach((db, place) => {
      const counts = members === null || members[place] === 1;
      if (counts && !(db >= interference.sinrDb)) lacking[place]! += demand.usersMilli[period]![place]!;
    });
  }
  const { coverage, siteCost } = problem;
  const worth = Float64Array.from({ length: coverage.siteCount }, (_, site) => {
    const won = demandOf(coverage, site).reduce((sum, place) => sum + lacking[place]!, 0);
    return won / siteCost[site]!;
  });
  return Array.from(worth.keys())
    .filter((site) => worth[site]! > 0 && !sites.includes(site))
    .sort((a, b) => worth[b]! - worth[a]! || a - b)
    .filter((site) => brokenRules(problem, [...sites, site]).length === 0)
    .slice(0, SHORTLIST);
}

function missingOf({ targets }: ServiceQuestion, { targetMilli }: ServiceCount): number {
  return targets.reduce(
    (sum, { by, needMilli }, k) => (by === 'sinr' ? sum + Math.max(0, needMilli - targetMilli[k]!) : sum),
    0,
  );
}

function losesSignal({ targets }: ServiceQuestion, { targetMilli }: ServiceCount): boolean {
  return targets.some(({ by, needMilli }, k) => by === 'signal' && targetMilli[k]! < needMilli);
}
