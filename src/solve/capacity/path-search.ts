/**
 * A breadth-first search of handing users on from site to site: class `via[site]` moves from `from[site]` (-1: has no service
 * yet) to the site. Kept from search to search; marks tell old entries from new ones, so nothing is cleared.
 */
export class PathSearch {
  readonly via: Int32Array;
  readonly from: Int32Array;
  /** Class without service that a path begins with. */
  readonly root: Int32Array;
  /** Sites in the order they were reached. */
  order: number[] = [];
  /** [siteCount] mark under which the site is known to lead nowhere. */
  readonly siteDead: Float64Array;
  readonly #siteSeen: Float64Array;
  readonly #classSeen: Float64Array;
  #mark = 0;
  #dead = 0;

  constructor(siteCount: number, classCount: number) {
    this.via = new Int32Array(siteCount);
    this.from = new Int32Array(siteCount);
    this.root = new Int32Array(siteCount);
    this.siteDead = new Float64Array(siteCount);
    this.#siteSeen = new Float64Array(siteCount);
    this.#classSeen = new Float64Array(classCount);
  }

  /** A mark for sites that lead nowhere, unlike all before. */
  newMark(): number {
    return ++this.#mark;
  }

  /** Starts a search that does not enter sites marked dead with this mark. */
  begin(dead: number): void {
    this.#mark++;
    this.#dead = dead;
    this.order = [];
  }

  /** False when the class was reached before. */
  enterClass(own: number): boolean {
    if (this.#classSeen[own] === this.#mark) return false;
    this.#classSeen[own] = this.#mark;
    return true;
  }

  enterSite(site: number, via: number, from: number, root: number): void {
    if (this.#siteSeen[site] === this.#mark || this.siteDead[site] === this.#dead) return;
    this.#siteSeen[site] = this.#mark;
    this.via[site] = via;
    this.from[site] = from;
    this.root[site] = root;
    this.order.push(site);
  }
}
