/** Which sites reach which tiles, and what of their cost each tile bears. */
export interface TileSites {
  /** Per tile: sites of the whole, ascending. */
  readonly siteOf: readonly Uint32Array[];
  /** Per tile, per site: 1 = it, or another site of its location, also reaches another tile. */
  readonly straddles: readonly Uint8Array[];
}

/** @param group [sites of the whole] location, null where every site has its own. */
export function findStraddling(
  siteOf: readonly Uint32Array[],
  siteCount: number,
  group: Uint32Array | null,
): TileSites {
  const groupOf = (site: number): number => (group === null ? site : group[site]!);
  const tileOfGroup = new Int32Array(siteCount).fill(-1);
  const several = new Uint8Array(siteCount);
  siteOf.forEach((sites, tile) => {
    for (const site of sites) {
      const own = groupOf(site);
      if (tileOfGroup[own] === -1) tileOfGroup[own] = tile;
      else if (tileOfGroup[own] !== tile) several[own] = 1;
    }
  });
  const straddles = siteOf.map((sites) => Uint8Array.from(sites, (site) => several[groupOf(site)]!));
  return { siteOf, straddles };
}

/** Least share of a cost that a tile bears of a site that reaches it: nothing is free anywhere. */
const LEAST_SHARE = 1e-3;

/** What the tiles say of their sites, per tile and site. */
export interface SiteAnswers {
  /** What the site's classes are worth there. */
  readonly worth: readonly Float64Array[];
  /** What it covers there, in any unit. */
  readonly reach: readonly Float64Array[];
  /** How far the tile would build it, 0..1. */
  readonly built: readonly Float64Array[];
}

/**
 * Splits every site's cost over the tiles it reaches. Where a site is worth more than it costs, in proportion to its
 * worth in each tile: for the present prices no split gives a higher bound. Else every tile bears the worth, and the rest
 * goes in proportion to reach. Then the tiles that build it more than the others bear more: the subgradient of the bound,
 * `step` of the cost. Shares are never below 0 and sum to the cost up to rounding; the bound is formed without them
 * (`straddlingSurplus`).
 */
export function splitCosts(
  sites: TileSites,
  cost: Float64Array,
  { worth, reach, built }: SiteAnswers,
  step: number,
): Float64Array[] {
  const totalWorth = sumOver(sites, worth, cost.length);
  const totalReach = sumOver(sites, reach, cost.length);
  const totalBuilt = sumOver(sites, built, cost.length);
  const tiles = new Uint32Array(cost.length);
  for (const siteOf of sites.siteOf) for (const site of siteOf) tiles[site]!++;
  const shares = sites.siteOf.map((siteOf, tile) =>
    Float64Array.from(siteOf, (site, index) => {
      const whole = cost[site]!;
      if (sites.straddles[tile]![index] === 0) return whole;
      const reachShare = totalReach[site]! > 0 ? reach[tile]![index]! / totalReach[site]! : 1 / tiles[site]!;
      const spare = whole - totalWorth[site]!;
      const own =
        spare > 0
          ? worth[tile]![index]! + spare * reachShare
          : (whole * worth[tile]![index]!) / totalWorth[site]!;
      const more = built[tile]![index]! - totalBuilt[site]! / tiles[site]!;
      return Math.max(LEAST_SHARE * whole * reachShare + Number.MIN_VALUE, own + step * whole * more);
    }),
  );
  const total = sumOver(sites, shares, cost.length);
  return shares.map((own, tile) =>
    own.map((share, index) => {
      const site = sites.siteOf[tile]![index]!;
      return sites.straddles[tile]![index] === 0 ? share : (share * cost[site]!) / total[site]!;
    }),
  );
}

function sumOver(sites: TileSites, values: readonly Float64Array[], siteCount: number): Float64Array {
  const total = new Float64Array(siteCount);
  sites.siteOf.forEach((siteOf, tile) => {
    siteOf.forEach((site, index) => (total[site]! += values[tile]![index]!));
  });
  return total;
}

/**
 * What straddling sites take off the bound for the present prices: of every location the largest positive worth (over
 * all tiles) less cost. With the sum of the tiles' inner values this is the sum of the tiles' lower bounds under the
 * best split of these costs.
 */
export function straddlingSurplus(
  sites: TileSites,
  cost: Float64Array,
  worth: readonly Float64Array[],
  group: Uint32Array | null,
): number {
  const total = sumOver(sites, worth, cost.length);
  const straddling = new Uint8Array(cost.length);
  sites.siteOf.forEach((siteOf, tile) => {
    siteOf.forEach((site, index) => (straddling[site]! |= sites.straddles[tile]![index]!));
  });
  const best = new Float64Array(cost.length);
  let surplus = 0;
  for (let site = 0; site < cost.length; site++) {
    if (straddling[site] === 0) continue;
    const own = group === null ? site : group[site]!;
    const gain = total[site]! - cost[site]!;
    if (gain <= best[own]!) continue;
    surplus += gain - best[own]!;
    best[own] = gain;
  }
  return surplus;
}
