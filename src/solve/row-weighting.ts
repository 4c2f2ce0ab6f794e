import { createRandom, type Random } from '../random.ts';
import { hasConflicts, type CoveringModel } from './covering-model.ts';
import { IndexSet } from './priced-state.ts';
import type { SearchResult } from './ruin-recreate.ts';

/** One logical task of the search by weights: everything that decides its outcome. */
export interface WeighingTask {
  readonly seed: number;
  readonly stream: number;
  /** Pairs it may touch: a deterministic measure of effort. */
  readonly work: number;
  /** Sites of a feasible plan to start from. */
  readonly start: Uint32Array;
}

/** Turns between two looks at the stop flag. */
const STOP_CHECK = 1024;

/** True where a plan is a cover of all classes and nothing else: what the search by weights is made for. */
export function isFullCover(model: CoveringModel): boolean {
  return model.classCount > 0 && !hasConflicts(model) && model.mandatory.every((own) => own === 1);
}

/**
 * Search for a full cover by weights of classes (RWLS: Gao, Weise & Li, Eur. J. Oper. Res. 246, 2015; here with costs): the plan is kept
 * cheaper than the best cover, so it misses some classes; every turn gives up the standing site that is missed least and
 * covers missing classes anew; a class still missing gains weight, so that classes that are hard to cover come to decide. A site
 * just added may not leave, one that left may not come back before something about it has changed.
 * Only for models in which every class has to be covered ({@link isFullCover}).
 */
export function searchByWeights(
  model: CoveringModel,
  task: WeighingTask,
  shouldStop: () => boolean = () => false,
): SearchResult {
  const search = new Weighing(model, task);
  search.run(task.work, shouldStop);
  return { sites: search.best, cost: search.bestCost, work: search.work };
}

class Weighing {
  best: Uint32Array;
  bestCost: number;
  work = 0;
  readonly #model: CoveringModel;
  readonly #random: Random;
  readonly #chosen: Uint8Array;
  readonly #timesCovered: Uint32Array;
  /** [classCount] XOR of the standing sites that cover the class: the site itself when there is one. */
  readonly #covererXor: Uint32Array;
  readonly #weight: Float64Array;
  /** [siteCount] weight a site would win, or that it alone holds where it stands. */
  readonly #worth: Float64Array;
  readonly #standing: IndexSet;
  readonly #missing: IndexSet;
  /** Turn in which a site last came or left, and in which a class last changed the number of its coverers. */
  readonly #siteMoved: Uint32Array;
  readonly #classMoved: Uint32Array;
  #cost: number;
  #turn = 0;

  constructor(model: CoveringModel, task: WeighingTask) {
    this.#model = model;
    this.#random = createRandom(task.seed, task.stream);
    this.#chosen = new Uint8Array(model.siteCount);
    this.#timesCovered = new Uint32Array(model.classCount);
    this.#covererXor = new Uint32Array(model.classCount);
    this.#weight = new Float64Array(model.classCount).fill(1);
    this.#worth = Float64Array.from(
      { length: model.siteCount },
      (_, site) => model.siteStart[site + 1]! - model.siteStart[site]!,
    );
    this.#standing = new IndexSet(model.siteCount);
    this.#missing = new IndexSet(model.classCount);
    for (let own = 0; own < model.classCount; own++) this.#missing.insert(own);
    this.#siteMoved = new Uint32Array(model.siteCount);
    this.#classMoved = new Uint32Array(model.classCount);
    this.#cost = model.fixedCost;
    for (const site of task.start) this.#add(site);
    this.best = Uint32Array.from(task.start);
    this.bestCost = this.#missing.size === 0 ? this.#cost : Infinity;
  }

  run(mostWork: number, shouldStop: () => boolean): void {
    let taboo = -1;
    while (this.work < mostWork) {
      this.#turn++;
      if (this.#turn % STOP_CHECK === 0 && shouldStop()) return;
      if (this.#missing.size === 0) this.#keepCover();
      const leaving = this.#leastMissed(taboo);
      if (leaving !== -1) this.#remove(leaving);
      taboo = -1;
      while (this.#missing.size > 0) {
        const own = this.#missing.at(this.#random.below(this.#missing.size));
        const site = this.#bestCoverer(own);
        // One that is too dear is not passed over for a cheaper one: sites leave until there is room for it.
        const isTooDear = this.#cost + this.#model.cost[site]! >= this.bestCost;
        if (!isTooDear) {
          this.#add(site);
          taboo = site;
        }
        this.#weighMissing();
        if (isTooDear) break;
      }
    }
  }

  /** Records a cover without the sites it can do without, then gives one up: from here on covers must be cheaper. */
  #keepCover(): void {
    for (;;) {
      const site = this.#leastMissed(-1);
      if (site === -1) break;
      if (this.#worth[site]! > 0) {
        if (this.#cost < this.bestCost) {
          this.bestCost = this.#cost;
          this.best = Uint32Array.from({ length: this.#standing.size }, (_, place) =>
            this.#standing.at(place),
          ).sort();
        }
        this.#remove(site);
        return;
      }
      this.#remove(site);
    }
  }

  /** The standing site that holds least weight per cost alone, the one longest there of equals; -1 = none but the taboo one. */
  #leastMissed(taboo: number): number {
    const { cost } = this.#model;
    const worth = this.#worth;
    const standing = this.#standing;
    const moved = this.#siteMoved;
    let best = -1;
    for (let place = 0; place < standing.size; place++) {
      const site = standing.at(place);
      if (site === taboo) continue;
      if (best !== -1) {
        const difference = worth[site]! * cost[best]! - worth[best]! * cost[site]!;
        if (difference > 0 || (difference === 0 && moved[site]! >= moved[best]!)) continue;
      }
      best = site;
    }
    this.work += 1 + (standing.size >> 2);
    return best;
  }

  /**
   * The site to cover a class with: most weight per cost, the one longest away of equals; first among those around which something
   * has changed since they left, then among all.
   */
  #bestCoverer(own: number): number {
    const { classStart, siteOfClass, cost } = this.#model;
    const worth = this.#worth;
    const moved = this.#siteMoved;
    const end = classStart[own + 1]!;
    let best = -1;
    let bestChanged = -1;
    const isBetter = (site: number, other: number): boolean => {
      if (other === -1) return true;
      const difference = worth[site]! * cost[other]! - worth[other]! * cost[site]!;
      return difference > 0 || (difference === 0 && moved[site]! < moved[other]!);
    };
    for (let i = classStart[own]!; i < end; i++) {
      const site = siteOfClass[i]!;
      if (isBetter(site, best)) best = site;
      if (isBetter(site, bestChanged) && this.#hasChanged(site)) bestChanged = site;
    }
    this.work += end - classStart[own]!;
    return bestChanged === -1 ? best : bestChanged;
  }

  /** Configuration checking: true when a class of the site has won or lost a coverer since the site left. */
  #hasChanged(site: number): boolean {
    const { siteStart, classOfSite } = this.#model;
    const left = this.#siteMoved[site]!;
    if (left === 0) return true;
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
      if (this.#classMoved[classOfSite[pair]!]! > left) return true;
    }
    return false;
  }

  #weighMissing(): void {
    const { classStart, siteOfClass } = this.#model;
    const missing = this.#missing;
    const worth = this.#worth;
    for (let place = 0; place < missing.size; place++) {
      const own = missing.at(place);
      this.#weight[own]!++;
      const end = classStart[own + 1]!;
      for (let i = classStart[own]!; i < end; i++) worth[siteOfClass[i]!]!++;
      this.work += end - classStart[own]!;
    }
  }

  #add(site: number): void {
    const { siteStart, classOfSite, classStart, siteOfClass } = this.#model;
    const weight = this.#weight;
    const worth = this.#worth;
    this.#cost += this.#model.cost[site]!;
    this.#chosen[site] = 1;
    this.#standing.insert(site);
    this.#siteMoved[site] = this.#turn;
    let held = 0;
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
      const own = classOfSite[pair]!;
      const times = this.#timesCovered[own]!++;
      this.#classMoved[own] = this.#turn;
      if (times === 0) {
        this.#missing.delete(own);
        const end = classStart[own + 1]!;
        for (let i = classStart[own]!; i < end; i++) worth[siteOfClass[i]!]! -= weight[own]!;
        held += weight[own]!;
        this.work += end - classStart[own]!;
      } else if (times === 1) {
        worth[this.#covererXor[own]!]! -= weight[own]!;
      }
      this.#covererXor[own]! ^= site;
    }
    worth[site] = held;
    this.work += siteStart[site + 1]! - siteStart[site]!;
  }

  #remove(site: number): void {
    const { siteStart, classOfSite, classStart, siteOfClass } = this.#model;
    const weight = this.#weight;
    const worth = this.#worth;
    this.#cost -= this.#model.cost[site]!;
    this.#chosen[site] = 0;
    this.#standing.delete(site);
    this.#siteMoved[site] = this.#turn;
    let won = 0;
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
      const own = classOfSite[pair]!;
      const times = --this.#timesCovered[own]!;
      this.#classMoved[own] = this.#turn;
      this.#covererXor[own]! ^= site;
      if (times === 0) {
        this.#missing.insert(own);
        const end = classStart[own + 1]!;
        for (let i = classStart[own]!; i < end; i++) worth[siteOfClass[i]!]! += weight[own]!;
        won += weight[own]!;
        this.work += end - classStart[own]!;
      } else if (times === 1) {
        worth[this.#covererXor[own]!]! += weight[own]!;
      }
    }
    worth[site] = won;
    this.work += siteStart[site + 1]! - siteStart[site]!;
  }
}
