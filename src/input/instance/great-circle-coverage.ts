import { firstAtLeast } from '../../geo/first-at-least.ts';
import type { CoverageMatrix } from '../../coverage/matrix.ts';
import { sharedUint32 } from '../../geo/shared-array.ts';

/** The earth radius of the published city files, metres (../shared/instances/README.md; WGS 84 has 6378137). */
const EARTH_RADIUS_M = 6_378_100;
const RADIANS = Math.PI / 180;
/** Widens the latitude band so that rounding at its border never loses a point. */
const BAND_SLACK = 1e-9;

/**
 * Who lies within `radiusM` on the sphere, by the spherical law of cosines with its argument clamped, as the source of
 * the city files does. Demand is to be sorted by latitude: a site tests its latitude band only.
 *
 * @param onPairs told how many pairs there are before they are allocated; may refuse by throwing
 */
export function coverWithinGreatCircle(
  demandLat: Float64Array,
  demandLon: Float64Array,
  siteLat: Float64Array,
  siteLon: Float64Array,
  siteRadiusM: Float64Array,
  onPairs?: (pairs: number) => void,
): CoverageMatrix {
  const siteCount = siteLat.length;
  const sinLat = demandLat.map((lat) => Math.sin(lat * RADIANS));
  const cosLat = demandLat.map((lat) => Math.cos(lat * RADIANS));
  const siteStart = sharedUint32(siteCount + 1);
  const visit = (site: number, out: Uint32Array, at: number): number => {
    const lat = siteLat[site]!;
    const lon = siteLon[site]!;
    const radiusM = siteRadiusM[site]!;
    const sinSite = Math.sin(lat * RADIANS);
    const cosSite = Math.cos(lat * RADIANS);
    const band = radiusM / EARTH_RADIUS_M / RADIANS + BAND_SLACK;
    let count = 0;
    for (
      let demand = firstAtLeast(demandLat, 0, demandLat.length, lat - band);
      demand < demandLat.length;
      demand++
    ) {
      if (demandLat[demand]! > lat + band) break;
      const cosine =
        sinSite * sinLat[demand]! +
        cosSite * cosLat[demand]! * Math.cos((demandLon[demand]! - lon) * RADIANS);
      const distanceM = EARTH_RADIUS_M * Math.acos(Math.min(1, Math.max(-1, cosine)));
      if (distanceM > radiusM) continue;
      if (at >= 0) out[at + count] = demand;
      count++;
    }
    return count;
  };
  const nothing = new Uint32Array(0);
  let pairs = 0;
  for (let site = 0; site < siteCount; site++) {
    const covered = visit(site, nothing, -1);
    siteStart[site + 1] = siteStart[site]! + covered;
    pairs += covered;
  }
  onPairs?.(pairs);
  const demandOfSite = sharedUint32(siteStart[siteCount]!);
  for (let site = 0; site < siteCount; site++) visit(site, demandOfSite, siteStart[site]!);
  return { siteCount, demandCount: demandLat.length, siteStart, demandOfSite };
}
