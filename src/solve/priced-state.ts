import type { CoveringModel } from './covering-model.ts';

/** A set of small integers with random access; order depends only on the operations made. */
export class IndexSet {
  size = 0;
  readonly #items: Uint32Array;
  readonly #place: Int32Array;

  constructor(capacity: number) {
    this.#items = new Uint32Array(capacity);
    this.#place = new Int32Array(capacity).fill(-1);
  }

  at(place: number): number {
    return this.#items[place]!;
  }

  insert(item: number): void {
    this.#place[item] = this.size;
    this.#items[this.size++] = item;
  }

  delete(item: number): void {
    const place = this.#place[item]!;
    const last = this.#items[--this.size]!;
    this.#items[place] = last;
    this.#place[last] = place;
    this.#place[item] = -1;
  }
}

export interface SitesToLookAt {
  readonly size: number;
  at(place: number): number;
}

/** Scores are rounded to whole multiples of (largest / this), so that sums of them stay exact. */
const SCORE_STEPS = 2 ** 30;

/**
 * The state of the local search: who stands, users served (exact), and for every site the score it would win (gain)
 * or that it alone holds (loss). Gain and loss follow every add and remove; the XOR of a class's coverers names
 * the last one without a search.
 */
export class PricedState {
  readonly model: CoveringModel;
  readonly chosen: Uint8Array;
  readonly timesCovered: Uint32Array;
  /** [classCount] XOR of the standing sites that cover the class: the site itself when there is one. */
  readonly covererXor: Uint32Array;
  readonly served: Float64Array;
  readonly blocked: Uint32Array;
  /** [siteCount] score of the uncovered classes of the site. */
  readonly gain: Float64Array;
  /** [siteCount] normalised users (sum over targets of users / need) that only this standing site serves. */
  readonly alone: Float64Array;
  readonly standing: IndexSet;
  cost: number;
  work = 0;
  readonly #score: Float64Array;
  readonly #share: Float64Array;
  readonly #shareOfTarget: Float64Array;
  readonly #scorePerShare: number;
  readonly #lost: Float64Array;

  constructor(model: CoveringModel, scores: Float64Array) {
    this.model = model;
    this.chosen = new Uint8Array(model.siteCount);
    this.timesCovered = new Uint32Array(model.classCount);
    this.covererXor = new Uint32Array(model.classCount);
    this.served = new Float64Array(model.targetCount);
    this.blocked = new Uint32Array(model.siteCount);
    this.gain = new Float64Array(model.siteCount);
    this.alone = new Float64Array(model.siteCount);
    this.standing = new IndexSet(model.siteCount);
    this.cost = model.fixedCost;
    this.#score = wholeScores(scores);
    this.#shareOfTarget = shareSteps(model);
    this.#share = sharesOfClasses(model, this.#shareOfTarget);
    this.#lost = new Float64Array(model.targetCount);
    let totalScore = 0;
    let totalShare = 0;
    for (let own = 0; own < model.classCount; own++) {
      totalScore += this.#score[own]!;
      totalShare += this.#share[own]!;
      for (let i = model.classStart[own]!; i < model.classStart[own + 1]!; i++) {
        this.gain[model.siteOfClass[i]!]! += this.#score[own]!;
      }
    }
    this.#scorePerShare = totalShare > 0 ? totalScore / totalShare : 1;
  }

  add(site: number): void {
    const { siteStart, classOfSite, classStart, siteOfClass, weightStart, weightTarget, weightUsers } =
      this.model;
    const { timesCovered, covererXor, gain, alone, served } = this;
    const score = this.#score;
    const share = this.#share;
    this.chosen[site] = 1;
    this.standing.insert(site);
    this.cost += this.model.cost[site]!;
    let held = 0;
    let work = 0;
    for (let pair = siteStart[site]!, end = siteStart[site + 1]!; pair < end; pair++) {
      const own = classOfSite[pair]!;
      const times = timesCovered[own]!++;
      if (times === 0) {
        const worth = score[own]!;
        const last = classStart[own + 1]!;
        work += last - classStart[own]!;
        for (let i = classStart[own]!; i < last; i++) gain[siteOfClass[i]!]! -= worth;
        held += share[own]!;
        for (let w = weightStart[own]!; w < weightStart[own + 1]!; w++)
          served[weightTarget[w]!]! += weightUsers[w]!;
      } else if (times === 1) {
        alone[covererXor[own]!]! -= share[own]!;
      }
      covererXor[own]! ^= site;
    }
    alone[site] = held;
    this.work += work + siteStart[site + 1]! - siteStart[site]!;
    this.#block(site, 1);
  }

  remove(site: number): void {
    const { siteStart, classOfSite, classStart, siteOfClass, weightStart, weightTarget, weightUsers } =
      this.model;
    const { timesCovered, covererXor, gain, alone, served } = this;
    const score = this.#score;
    const share = this.#share;
    this.chosen[site] = 0;
    this.standing.delete(site);
    this.cost -= this.model.cost[site]!;
    let work = 0;
    for (let pair = siteStart[site]!, end = siteStart[site + 1]!; pair < end; pair++) {
      const own = classOfSite[pair]!;
      const times = --timesCovered[own]!;
      covererXor[own]! ^= site;
      if (times === 0) {
        const worth = score[own]!;
        const last = classStart[own + 1]!;
        work += last - classStart[own]!;
        for (let i = classStart[own]!; i < last; i++) gain[siteOfClass[i]!]! += worth;
        for (let w = weightStart[own]!; w < weightStart[own + 1]!; w++)
          served[weightTarget[w]!]! -= weightUsers[w]!;
      } else if (times === 1) {
        alone[covererXor[own]!]! += share[own]!;
      }
    }
    alone[site] = 0;
    this.work += work + siteStart[site + 1]! - siteStart[site]!;
    this.#block(site, -1);
  }

  meetsTargets(): boolean {
    const { need } = this.model;
    for (let target = 0; target < need.length; target++)
      if (this.served[target]! < need[target]!) return false;
    return true;
  }

  /** Score that the unmet targets still ask for, on the scale of `gain`: more than this wins nothing. */
  scoreWanted(): number {
    const { need } = this.model;
    let share = 0;
    for (let target = 0; target < need.length; target++) {
      const missing = need[target]! - this.served[target]!;
      if (missing > 0) share += missing * this.#shareOfTarget[target]!;
    }
    return share * this.#scorePerShare;
  }

  /** What a site would win of the users still missing, each target as share of its need: Wolsey's value, exact. */
  usefulGain(site: number): number {
    const { siteStart, classOfSite, weightStart, weightTarget, weightUsers, need } = this.model;
    const won = this.#lost.fill(0);
    for (let pair = siteStart[site]!, end = siteStart[site + 1]!; pair < end; pair++) {
      const own = classOfSite[pair]!;
      if (this.timesCovered[own] !== 0) continue;
      for (let w = weightStart[own]!; w < weightStart[own + 1]!; w++)
        won[weightTarget[w]!]! += weightUsers[w]!;
    }
    this.work += siteStart[site + 1]! - siteStart[site]!;
    let value = 0;
    for (let target = 0; target < need.length; target++) {
      const missing = need[target]! - this.served[target]!;
      if (missing > 0) value += Math.min(won[target]!, missing) * this.#shareOfTarget[target]!;
    }
    return value;
  }

  /** True when a site may stand and covers something uncovered. */
  addsSomething(site: number): boolean {
    return site !== -1 && this.chosen[site] === 0 && this.blocked[site] === 0 && this.gain[site]! > 0;
  }

  /**
   * The superfluous standing site that saves most, -1 when every one is needed.
   *
   * @param among where to look; sites that do not stand are passed over.
   */
  leastMissed(among: SitesToLookAt): number {
    const { model, chosen, alone } = this;
    let slack = 0;
    for (let target = 0; target < model.targetCount; target++) {
      slack += (this.served[target]! - model.need[target]!) * this.#shareOfTarget[target]!;
    }
    let best = -1;
    for (let place = 0; place < among.size; place++) {
      const site = among.at(place);
      if (chosen[site] === 0 || alone[site]! > slack * (1 + 1e-9)) continue;
      if (best !== -1 && !this.#saves(site, best)) continue;
      if (model.targetCount === 1 || this.#isRedundant(site)) best = site;
    }
    if (best !== -1 && model.targetCount === 1 && !this.#isRedundant(best)) return -1;
    return best;
  }

  sites(): number[] {
    const sites: number[] = [];
    for (let place = 0; place < this.standing.size; place++) sites.push(this.standing.at(place));
    return sites.sort((a, b) => a - b);
  }

  #saves(site: number, other: number): boolean {
    const { cost } = this.model;
    return (
      cost[site]! > cost[other]! || (cost[site] === cost[other] && this.alone[site]! < this.alone[other]!)
    );
  }

  #isRedundant(site: number): boolean {
    const { siteStart, classOfSite, weightStart, weightTarget, weightUsers, need } = this.model;
    const lost = this.#lost.fill(0);
    for (let pair = siteStart[site]!, end = siteStart[site + 1]!; pair < end; pair++) {
      const own = classOfSite[pair]!;
      if (this.timesCovered[own] !== 1) continue;
      for (let w = weightStart[own]!; w < weightStart[own + 1]!; w++)
        lost[weightTarget[w]!]! += weightUsers[w]!;
    }
    this.work += siteStart[site + 1]! - siteStart[site]!;
    for (let target = 0; target < need.length; target++) {
      if (this.served[target]! - lost[target]! < need[target]!) return false;
    }
    return true;
  }

  #block(site: number, change: 1 | -1): void {
    const { conflictStart, conflictSite } = this.model;
    for (let i = conflictStart[site]!; i < conflictStart[site + 1]!; i++)
      this.blocked[conflictSite[i]!]! += change;
  }
}

/** Scores as whole numbers of at least 1: sums over adds and removes come back to exactly what they were. */
function wholeScores(scores: Float64Array): Float64Array {
  let largest = 0;
  for (const score of scores) largest = Math.max(largest, score);
  const scale = largest > 0 ? SCORE_STEPS / largest : 1;
  return scores.map((score) => Math.max(1, Math.round(score * scale)));
}

/** Share steps per user of each target. */
function shareSteps(model: CoveringModel): Float64Array {
  return model.need.map((need) => SCORE_STEPS / need);
}

function sharesOfClasses(model: CoveringModel, steps: Float64Array): Float64Array {
  const shares = new Float64Array(model.classCount);
  for (let own = 0; own < model.classCount; own++) {
    let share = 0;
    for (let w = model.weightStart[own]!; w < model.weightStart[own + 1]!; w++) {
      share += model.weightUsers[w]! * steps[model.weightTarget[w]!]!;
    }
    // Rounded down: the test on `alone` must never rule out a site that is in fact superfluous.
    shares[own] = Math.floor(share);
  }
  return shares;
}
