import { PathSearch } from './path-search.ts';
import { loadOfUnit, unitsWithin, type CapacityModel } from './capacity-model.ts';

/**
 * Which sites stand and which users are assigned to them: the mutable half of every algorithm with capacities. All
 * amounts are whole units, so sums are exact. Every change is written into a journal and can be taken back.
 */
export class AssignmentState {
  readonly model: CapacityModel;
  /** [siteCount] 1 = stands. */
  readonly chosen: Uint8Array;
  /** Per period [pairs] users assigned. */
  readonly assigned: readonly Float64Array[];
  /** Per period [classCount] users not assigned. */
  readonly left: readonly Float64Array[];
  /** Per period [siteCount] load units. */
  readonly load: readonly Float64Array[];
  /** Per target: users assigned, or covered often enough. */
  readonly served: Float64Array;
  /** [classCount] standing sites that cover the class. */
  readonly timesCovered: Uint32Array;
  /** [classCount] the same without today's sites: what counts for backup. */
  readonly timesBacked: Uint32Array;
  /** [siteCount] how many standing sites this one conflicts with. */
  readonly blocked: Uint32Array;
  /** Grid units, required sites included. */
  cost: number;
  /** Pairs touched so far. */
  work = 0;
  readonly targetsOf: readonly (readonly number[])[];
  /** Per period [classCount] classes in the order they are served in: light users first. */
  readonly order: readonly Uint32Array[];
  /** Sites that came or went since users were last assigned. */
  readonly touched = new Set<number>();
  /** Periods, the one whose targets were missed last first. */
  readonly hardestFirst: number[];
  /** Scratch of the searches for augmenting paths. */
  readonly search: PathSearch;
  readonly #backups: readonly number[];
  readonly #canSpare: readonly boolean[];
  /** Fours: period, site, pair, amount; a site that came or went has period -1 and amount 1 or -1. */
  #journal: number[] = [];

  constructor(model: CapacityModel, sites: Iterable<number> = []) {
    this.model = model;
    const pairs = model.classOfSite.length;
    this.chosen = new Uint8Array(model.siteCount);
    this.assigned = model.users.map(() => new Float64Array(pairs));
    this.left = model.users.map((users) => Float64Array.from(users));
    this.load = model.users.map(() => new Float64Array(model.siteCount));
    this.served = new Float64Array(model.targets.length);
    this.timesCovered = new Uint32Array(model.classCount);
    this.timesBacked = new Uint32Array(model.classCount);
    this.blocked = new Uint32Array(model.siteCount);
    this.cost = model.fixedCost;
    this.order = model.rate.map((rate) => lightFirst(rate, model.isUniform));
    const indices = [...model.targets.keys()];
    this.targetsOf = model.users.map((_, period) =>
      indices.filter((k) => model.targets[k]!.period === period && model.targets[k]!.backup === 1),
    );
    this.hardestFirst = [...model.users.keys()];
    this.search = new PathSearch(model.siteCount, model.classCount);
    this.#canSpare = model.targets.map(
      ({ period, member }) =>
        !model.isUniform || model.users[period]!.some((users, own) => users > 0 && member[own] === 0),
    );
    this.#backups = indices.filter((k) => model.targets[k]!.backup > 1);
    model.fixed.forEach((stands, site) => stands === 1 && this.add(site));
    for (const site of sites) if (this.chosen[site] === 0) this.add(site);
    this.#journal = [];
  }

  add(site: number): void {
    this.#toggle(site, 1);
    this.#journal.push(-1, site, 0, 1);
  }

  /** Takes a site down; its users are left without service. */
  remove(site: number): void {
    const { siteStart } = this.model;
    for (let period = 0; period < this.assigned.length; period++) {
      const assigned = this.assigned[period]!;
      for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
        if (assigned[pair]! > 0) this.put(period, site, pair, -assigned[pair]!);
      }
    }
    this.#toggle(site, -1);
    this.#journal.push(-1, site, 0, -1);
  }

  /** Assigns users of a pair's class to its site, or takes them off (negative). */
  put(period: number, site: number, pair: number, amount: number): void {
    this.#shift(period, site, pair, amount);
    this.#journal.push(period, site, pair, amount);
  }

  /** Remembers that the targets of a period could not be met. */
  failed(period: number): void {
    const order = this.hardestFirst;
    order.splice(order.indexOf(period), 1);
    order.unshift(period);
  }

  /** A place in the journal to go back to. */
  mark(): number {
    return this.#journal.length;
  }

  /** Forgets how the present state came about. */
  forget(): void {
    this.#journal = [];
  }

  /** Goes back to a place where all that could be assigned was. */
  undoToFilled(mark: number): void {
    this.undo(mark);
    this.touched.clear();
  }

  undo(mark: number): void {
    const journal = this.#journal;
    while (journal.length > mark) {
      const amount = journal.pop()!;
      const pair = journal.pop()!;
      const site = journal.pop()!;
      const period = journal.pop()!;
      if (period === -1) this.#toggle(site, amount === 1 ? -1 : 1);
      else this.#shift(period, site, pair, -amount);
    }
  }

  /** Load that one more unit of users must fit into. */
  roomLeft(period: number, site: number): number {
    return this.model.room[period]![site]! - this.load[period]![site]!;
  }

  /** Most whole units of users of a class that a site still takes. */
  unitsLeft(period: number, site: number, own: number): number {
    return unitsWithin(this.roomLeft(period, site), loadOfUnit(this.model, period, site, own));
  }

  missing(target: number): number {
    return Math.max(0, this.model.targets[target]!.need - this.served[target]!);
  }

  /** True when users may be served who do not count for the target, or who make more load than others. */
  canSpare(target: number): boolean {
    return this.#canSpare[target]!;
  }

  isMet(): boolean {
    return this.model.targets.every((_, target) => this.missing(target) === 0);
  }

  /** True when no two standing sites exclude each other. */
  isAllowed(): boolean {
    return this.chosen.every((stands, site) => stands === 0 || this.blocked[site] === 0);
  }

  /** Standing sites that were chosen, not given; ascending. */
  sites(): number[] {
    const sites: number[] = [];
    this.chosen.forEach((stands, site) => {
      if (stands === 1 && this.model.fixed[site] === 0) sites.push(site);
    });
    return sites;
  }

  #shift(period: number, site: number, pair: number, amount: number): void {
    const own = this.model.classOfSite[pair]!;
    this.assigned[period]![pair]! += amount;
    this.left[period]![own]! -= amount;
    this.load[period]![site]! += amount * loadOfUnit(this.model, period, site, own);
    for (const target of this.targetsOf[period]!) {
      if (this.model.targets[target]!.member[own] === 1) this.served[target]! += amount;
    }
  }

  #toggle(site: number, change: 1 | -1): void {
    const { siteStart, classOfSite, conflictStart, conflictSite, cost, targets, isToday } = this.model;
    this.chosen[site] = change === 1 ? 1 : 0;
    this.touched.add(site);
    this.cost += change * cost[site]!;
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
      const own = classOfSite[pair]!;
      this.timesCovered[own]! += change;
      if (isToday[site] === 1) continue;
      const before = this.timesBacked[own]!;
      this.timesBacked[own] = before + change;
      for (const k of this.#backups) {
        const { backup, today, weight, member } = targets[k]!;
        if (member[own] === 0) continue;
        const needed = backup - today[own]!;
        if (change === 1 ? before + 1 === needed : before === needed)
          this.served[k]! += change * weight[own]!;
      }
    }
    for (let i = conflictStart[site]!; i < conflictStart[site + 1]!; i++)
      this.blocked[conflictSite[i]!]! += change;
    this.work += siteStart[site + 1]! - siteStart[site]!;
  }
}

/** More light users than heavy ones fit into the same room. */
function lightFirst(rate: Float64Array, isUniform: boolean): Uint32Array {
  const order = Uint32Array.from(rate.keys());
  return isUniform ? order : order.sort((a, b) => rate[a]! - rate[b]! || a - b);
}
