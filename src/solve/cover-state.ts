import type { CoveringModel } from './covering-model.ts';

/** Which sites stand and who is covered how often: the mutable half of every algorithm. All sums are exact. */
export class CoverState {
  readonly model: CoveringModel;
  /** [siteCount] 1 = stands. */
  readonly chosen: Uint8Array;
  /** [classCount] how many standing sites cover the class. */
  readonly timesCovered: Uint32Array;
  /** [targetCount] users served. */
  readonly served: Float64Array;
  /** [siteCount] how many standing sites this one conflicts with. */
  readonly blocked: Uint32Array;
  /** Grid units, required sites included. */
  cost: number;
  /** Pairs touched so far. */
  work = 0;

  constructor(model: CoveringModel, sites: Iterable<number> = []) {
    this.model = model;
    this.chosen = new Uint8Array(model.siteCount);
    this.timesCovered = new Uint32Array(model.classCount);
    this.served = new Float64Array(model.targetCount);
    this.blocked = new Uint32Array(model.siteCount);
    this.cost = model.fixedCost;
    for (const site of sites) this.add(site);
  }

  add(site: number): void {
    const { siteStart, classOfSite, weightStart, weightTarget, weightUsers } = this.model;
    const { timesCovered, served } = this;
    this.chosen[site] = 1;
    this.cost += this.model.cost[site]!;
    const end = siteStart[site + 1]!;
    for (let pair = siteStart[site]!; pair < end; pair++) {
      const own = classOfSite[pair]!;
      if (timesCovered[own]!++ > 0) continue;
      for (let w = weightStart[own]!; w < weightStart[own + 1]!; w++)
        served[weightTarget[w]!]! += weightUsers[w]!;
    }
    this.work += end - siteStart[site]!;
    this.#block(site, 1);
  }

  /**
   * `add` where there is one target and every class counts towards it, for a caller that keeps what classes would still win.
   *
   * @param open [classCount] users of the class, 0 where it is covered; those of the site become 0
   */
  addClosing(site: number, open: Float64Array): void {
    const { siteStart, classOfSite } = this.model;
    const { timesCovered } = this;
    this.chosen[site] = 1;
    this.cost += this.model.cost[site]!;
    const end = siteStart[site + 1]!;
    let users = 0;
    for (let pair = siteStart[site]!; pair < end; pair++) {
      const own = classOfSite[pair]!;
      timesCovered[own]!++;
      users += open[own]!;
      open[own] = 0;
    }
    this.served[0]! += users;
    this.work += end - siteStart[site]!;
    this.#block(site, 1);
  }

  remove(site: number): void {
    const { siteStart, classOfSite, weightStart, weightTarget, weightUsers } = this.model;
    const { timesCovered, served } = this;
    this.chosen[site] = 0;
    this.cost -= this.model.cost[site]!;
    const end = siteStart[site + 1]!;
    for (let pair = siteStart[site]!; pair < end; pair++) {
      const own = classOfSite[pair]!;
      if (--timesCovered[own]! > 0) continue;
      for (let w = weightStart[own]!; w < weightStart[own + 1]!; w++)
        served[weightTarget[w]!]! -= weightUsers[w]!;
    }
    this.work += end - siteStart[site]!;
    this.#block(site, -1);
  }

  /** True when every target is met and no two standing sites conflict. */
  isFeasible(): boolean {
    const { need, siteCount } = this.model;
    for (let target = 0; target < need.length; target++)
      if (this.served[target]! < need[target]!) return false;
    for (let site = 0; site < siteCount; site++) {
      if (this.chosen[site] === 1 && this.blocked[site]! > 0) return false;
    }
    return true;
  }

  /** True when every target holds without this standing site. */
  isRedundant(site: number): boolean {
    const { siteStart, classOfSite, weightStart, weightTarget, weightUsers, need } = this.model;
    const lost = new Float64Array(need.length);
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
      const own = classOfSite[pair]!;
      if (this.timesCovered[own] !== 1) continue;
      for (let w = weightStart[own]!; w < weightStart[own + 1]!; w++)
        lost[weightTarget[w]!]! += weightUsers[w]!;
    }
    this.work += siteStart[site + 1]! - siteStart[site]!;
    return lost.every((users, target) => this.served[target]! - users >= need[target]!);
  }

  /** Standing sites, ascending. */
  sites(): number[] {
    const sites: number[] = [];
    this.chosen.forEach((stands, site) => {
      if (stands === 1) sites.push(site);
    });
    return sites;
  }

  #block(site: number, change: 1 | -1): void {
    const { conflictStart, conflictSite } = this.model;
    for (let i = conflictStart[site]!; i < conflictStart[site + 1]!; i++)
      this.blocked[conflictSite[i]!]! += change;
  }
}
