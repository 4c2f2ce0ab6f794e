import type { CoveringModel } from './covering-model.ts';

/** Most sites near one, on average, as a share of all: where more are, the whole may as well be looked at. */
const MOST_NEAR = 0.25;

/** The sites that share a class with some of the sites entered: those that can make up for them. */
export class Surroundings {
  size = 0;
  /** [siteCount + 1] `#near[#start[s] .. #start[s + 1])` share a class with `s`, itself among them. */
  readonly #start: Uint32Array;
  readonly #near: Uint32Array;
  readonly #sites: Uint32Array;
  /** [siteCount] how often `clear` had been called when the site was entered last. */
  readonly #entered: Uint32Array;
  #clearings = 1;

  private constructor(start: Uint32Array, near: Uint32Array) {
    this.#start = start;
    this.#near = near;
    this.#sites = new Uint32Array(start.length - 1);
    this.#entered = new Uint32Array(start.length - 1);
  }

  /** Null where nearly all sites are near each other. */
  static of(model: CoveringModel): Surroundings | null {
    const { siteCount } = model;
    const start = new Uint32Array(siteCount + 1);
    const seenBy = new Int32Array(siteCount).fill(-1);
    const row = new Uint32Array(siteCount);
    const most = MOST_NEAR * siteCount * siteCount;
    for (let site = 0; site < siteCount; site++) {
      start[site + 1] = start[site]! + nearSites(model, site, seenBy, row);
      if (start[site + 1]! > most) return null;
    }
    const near = new Uint32Array(start[siteCount]!);
    seenBy.fill(-1);
    for (let site = 0; site < siteCount; site++) {
      const count = nearSites(model, site, seenBy, row);
      near.set(row.subarray(0, count), start[site]);
    }
    return new Surroundings(start, near);
  }

  at(place: number): number {
    return this.#sites[place]!;
  }

  clear(): void {
    this.size = 0;
    this.#clearings++;
  }

  /** @returns how many sites were looked at. */
  enter(site: number): number {
    const first = this.#start[site]!;
    const end = this.#start[site + 1]!;
    for (let i = first; i < end; i++) {
      const near = this.#near[i]!;
      if (this.#entered[near] === this.#clearings) continue;
      this.#entered[near] = this.#clearings;
      this.#sites[this.size++] = near;
    }
    return end - first;
  }
}

/** Writes the sites that share a class with one to `row`, itself among them. @returns how many. */
function nearSites(model: CoveringModel, site: number, seenBy: Int32Array, row: Uint32Array): number {
  const { siteStart, classOfSite, classStart, siteOfClass } = model;
  let count = 0;
  for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
    const own = classOfSite[pair]!;
    for (let i = classStart[own]!; i < classStart[own + 1]!; i++) {
      const near = siteOfClass[i]!;
      if (seenBy[near] === site) continue;
      seenBy[near] = site;
      row[count++] = near;
    }
  }
  return count;
}
