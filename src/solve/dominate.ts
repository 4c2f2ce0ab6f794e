import type { CoveringRows } from './covering-model.ts';

export interface Domination {
  /** [siteCount] the site that makes this one superfluous, -1 = the site stays. */
  readonly dominatedBy: Int32Array;
  readonly count: number;
}

/**
 * Sites that some optimal plan does without (design section 6): site i may go when its classes are all covered by a
 * site k that costs no more and every conflict of k other than with i is also one of i: in any plan with i, k takes
 * its place. Of two equal sites the smaller index stays. Sites are tried one after the other against those that
 * still stand, so each removal is an exchange in the problem that is left. Only sites of i's rarest class can hold
 * all its classes.
 */
export function findDominated(model: CoveringRows): Domination {
  const { siteCount, siteStart, classOfSite, cost } = model;
  const dominatedBy = new Int32Array(siteCount).fill(-1);
  const marked = new Uint32Array(model.classCount);
  const rarest = rarestClasses(model);
  const { start, sites } = coverersOf(model, rarest);
  let count = 0;
  for (let site = 0; site < siteCount; site++) {
    const size = siteStart[site + 1]! - siteStart[site]!;
    const own = rarest[site]!;
    if (own === -1) continue;
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++)
      marked[classOfSite[pair]!] = site + 1;
    for (let i = start[own]!; i < start[own + 1]!; i++) {
      const other = sites[i]!;
      const otherSize = siteStart[other + 1]! - siteStart[other]!;
      if (other === site || dominatedBy[other] !== -1 || otherSize < size || cost[other]! > cost[site]!)
        continue;
      const equal = otherSize === size && cost[other] === cost[site];
      if (equal && other > site && conflictsWithin(model, site, other, dominatedBy)) continue;
      if (!holdsAll(model, other, marked, site + 1, size)) continue;
      if (!conflictsWithin(model, other, site, dominatedBy)) continue;
      dominatedBy[site] = other;
      count++;
      break;
    }
  }
  return { dominatedBy, count };
}

/** [siteCount] the class of the site that fewest sites cover, the first of several; -1 = it covers none. */
function rarestClasses({ siteCount, classCount, siteStart, classOfSite }: CoveringRows): Int32Array {
  const coverers = new Uint32Array(classCount);
  for (let pair = 0; pair < classOfSite.length; pair++) coverers[classOfSite[pair]!]!++;
  const rarest = new Int32Array(siteCount).fill(-1);
  for (let site = 0; site < siteCount; site++) {
    let fewest = Infinity;
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
      const own = classOfSite[pair]!;
      if (coverers[own]! >= fewest) continue;
      fewest = coverers[own]!;
      rarest[site] = own;
    }
  }
  return rarest;
}

/** Sites that cover the classes asked for, ascending: `sites[start[c] .. start[c + 1])`; of other classes nothing. */
function coverersOf(
  { siteCount, classCount, siteStart, classOfSite }: CoveringRows,
  classes: Int32Array,
): { readonly start: Uint32Array; readonly sites: Uint32Array } {
  const isAsked = new Uint8Array(classCount);
  for (const own of classes) if (own !== -1) isAsked[own] = 1;
  const start = new Uint32Array(classCount + 1);
  for (let pair = 0; pair < classOfSite.length; pair++) {
    const own = classOfSite[pair]!;
    start[own + 1]! += isAsked[own]!;
  }
  for (let own = 0; own < classCount; own++) start[own + 1]! += start[own]!;
  const sites = new Uint32Array(start[classCount]!);
  const write = start.slice();
  for (let site = 0; site < siteCount; site++) {
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++) {
      const own = classOfSite[pair]!;
      if (isAsked[own] === 1) sites[write[own]!++] = site;
    }
  }
  return { start, sites };
}

/** True when `other` covers all `size` classes that carry the mark; stops as soon as too few are left. */
function holdsAll(
  model: CoveringRows,
  other: number,
  marked: Uint32Array,
  mark: number,
  size: number,
): boolean {
  const end = model.siteStart[other + 1]!;
  let missing = size;
  for (let pair = model.siteStart[other]!; pair < end; pair++) {
    if (marked[model.classOfSite[pair]!] === mark) missing--;
    else if (end - pair - 1 < missing) return false;
  }
  return missing === 0;
}

/** True when every standing conflict of `of`, other than with `within`, is also one of `within`. */
function conflictsWithin(model: CoveringRows, of: number, within: number, dominatedBy: Int32Array): boolean {
  const { conflictStart, conflictSite } = model;
  let at = conflictStart[within]!;
  const end = conflictStart[within + 1]!;
  for (let i = conflictStart[of]!; i < conflictStart[of + 1]!; i++) {
    const other = conflictSite[i]!;
    if (other === within || dominatedBy[other] !== -1) continue;
    while (at < end && conflictSite[at]! < other) at++;
    if (at === end || conflictSite[at] !== other) return false;
  }
  return true;
}
