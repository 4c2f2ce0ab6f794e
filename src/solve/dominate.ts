import type { CoveringModel } from './covering-model.ts';

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
export function findDominated(model: CoveringModel): Domination {
  const { siteCount, siteStart, classOfSite, classStart, siteOfClass, cost } = model;
  const dominatedBy = new Int32Array(siteCount).fill(-1);
  const marked = new Uint32Array(model.classCount);
  let count = 0;
  for (let site = 0; site < siteCount; site++) {
    const size = siteStart[site + 1]! - siteStart[site]!;
    const rarest = rarestClass(model, site);
    if (rarest === -1) continue;
    for (let pair = siteStart[site]!; pair < siteStart[site + 1]!; pair++)
      marked[classOfSite[pair]!] = site + 1;
    for (let i = classStart[rarest]!; i < classStart[rarest + 1]!; i++) {
      const other = siteOfClass[i]!;
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

function rarestClass(model: CoveringModel, site: number): number {
  let rarest = -1;
  let fewest = Infinity;
  for (let pair = model.siteStart[site]!; pair < model.siteStart[site + 1]!; pair++) {
    const own = model.classOfSite[pair]!;
    const coverers = model.classStart[own + 1]! - model.classStart[own]!;
    if (coverers < fewest) {
      fewest = coverers;
      rarest = own;
    }
  }
  return rarest;
}

/** True when `other` covers all `size` classes that carry the mark; stops as soon as too few are left. */
function holdsAll(
  model: CoveringModel,
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
function conflictsWithin(model: CoveringModel, of: number, within: number, dominatedBy: Int32Array): boolean {
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
