import { pointsWithin } from '../geo/circle.ts';
import { distanceM } from '../geo/ellipsoid.ts';
import { buildGridIndex } from '../geo/grid-index.ts';
import { sharedUint32 } from '../geo/shared-array.ts';
import type { SiteTable } from '../input/types.ts';

/**
 * [2 x pairs] candidates nearer to each other than the spacing, smaller index first, pairs sorted. Two required sites
 * never exclude each other: the operator has decided. Upgrades stand already and exclude nobody.
 */
export function spacingConflicts(
  sites: SiteTable,
  minSpacingM: number,
  isUpgrade: readonly boolean[] | null = null,
): Uint32Array {
  const grid = buildGridIndex(sites.lon, sites.lat, minSpacingM);
  const pairs: number[] = [];
  for (let a = 0; a < sites.count; a++) {
    if (isUpgrade?.[a] === true) continue;
    for (const b of pointsWithin(grid, sites.lon[a]!, sites.lat[a]!, minSpacingM)) {
      if (b <= a || isUpgrade?.[b] === true) continue;
      if (sites.status[a] === 'required' && sites.status[b] === 'required') continue;
      if (distanceM(sites.lon[a]!, sites.lat[a]!, sites.lon[b]!, sites.lat[b]!) < minSpacingM)
        pairs.push(a, b);
    }
  }
  const shared = sharedUint32(pairs.length);
  shared.set(pairs);
  return shared;
}

/** [sites] one number per distinct position, in order of first appearance: configurations of one place share it. */
export function locationsOf(sites: SiteTable): Uint32Array {
  const locations = sharedUint32(sites.count);
  const known = new Map<string, number>();
  for (let site = 0; site < sites.count; site++) {
    const place = `${sites.lon[site]} ${sites.lat[site]}`;
    const location = known.get(place) ?? known.size;
    known.set(place, location);
    locations[site] = location;
  }
  return locations;
}
