import { distanceM } from '../geo/ellipsoid.ts';
import { pickSites } from './pick-sites.ts';
import type { GeoBox } from './terrain/area.ts';
import type { SiteTable } from './types.ts';

/** The sites within a distance of a box: others reach nobody in it. */
export function sitesNear(sites: SiteTable, box: GeoBox, withinM: number): SiteTable {
  const near: number[] = [];
  for (let site = 0; site < sites.count; site++) {
    const [lon, lat] = [sites.lon[site]!, sites.lat[site]!];
    const nearestLon = Math.min(box.east, Math.max(box.west, lon));
    const nearestLat = Math.min(box.north, Math.max(box.south, lat));
    if (distanceM(lon, lat, nearestLon, nearestLat) <= withinM) near.push(site);
  }
  return near.length === sites.count ? sites : pickSites(sites, near);
}
