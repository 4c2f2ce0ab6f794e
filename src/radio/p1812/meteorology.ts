import { ZONE_INLAND, ZONE_SEA, type PathProfile } from '../profile.ts';

const EARTH_RADIUS_KM = 6371;

/** Median effective Earth radius, km. P.1812-8, equations (6) and (7a). @param deltaN refractivity lapse, N/km */
export function medianEarthRadiusKm(deltaN: number): number {
  return (EARTH_RADIUS_KM * 157) / (157 - deltaN);
}

/** Effective Earth radius exceeded for beta0 % of the time, km. P.1812-8, equation (7b). */
export const BETA_EARTH_RADIUS_KM = 3 * EARTH_RADIUS_KM;

/** How a path divides over radio-climatic zones. P.1812-8, section 3.2 and table 1. */
export interface ZoneShares {
  /** Longest continuous stretch over land, inland or coastal, km. */
  longestLandKm: number;
  /** Longest continuous inland stretch, km. */
  longestInlandKm: number;
  /** Share of the path over sea, 0..1. */
  seaShare: number;
}

/**
 * Measures the zones of a profile. A stretch reaches half way to the neighbouring points of another zone. A path
 * that is inland everywhere is the common case and costs one scan.
 */
export function measureZones(profile: PathProfile, shares: ZoneShares): void {
  const { count, zone, distanceKm } = profile;
  const dKm = distanceKm[count - 1]!;
  let uniform = true;
  for (let i = 0; i < count && uniform; i++) uniform = zone[i] === ZONE_INLAND;
  if (uniform) {
    shares.longestLandKm = dKm;
    shares.longestInlandKm = dKm;
    shares.seaShare = 0;
    return;
  }
  shares.longestLandKm = stretchKm(profile, isLand, true);
  shares.longestInlandKm = stretchKm(profile, isInland, true);
  shares.seaShare = stretchKm(profile, isSea, false) / dKm;
}

const isLand = (zone: number): boolean => zone !== ZONE_SEA;
const isInland = (zone: number): boolean => zone === ZONE_INLAND;
const isSea = (zone: number): boolean => zone === ZONE_SEA;

/** Longest stretch of the zones wanted, or the sum of all of them, km. */
function stretchKm(profile: PathProfile, wanted: (zone: number) => boolean, longest: boolean): number {
  const { count, zone, distanceKm } = profile;
  let result = 0;
  let from = -1;
  for (let i = 0; i <= count; i++) {
    const inside = i < count && wanted(zone[i]!);
    if (inside && from < 0) from = i;
    if (inside || from < 0) continue;
    const to = i - 1;
    let length = distanceKm[to]! - distanceKm[from]!;
    if (to < count - 1) length += (distanceKm[to + 1]! - distanceKm[to]!) / 2;
    if (from > 0) length += (distanceKm[from]! - distanceKm[from - 1]!) / 2;
    result = longest ? Math.max(result, length) : result + length;
    from = -1;
  }
  return result;
}

/** tau of P.1812-8, equation (3): how inland a path is. */
export function inlandFactor(longestInlandKm: number): number {
  return 1 - Math.exp(-4.12e-4 * Math.pow(longestInlandKm, 2.41));
}

/**
 * beta0: share of the time (%) with refractivity gradients beyond 100 N/km in the lowest 100 m. P.1812-8, equations
 * (2) to (5).
 *
 * @param latitudeDeg latitude of the path centre
 */
export function anomalousTimePercent(latitudeDeg: number, longestLandKm: number, tau: number): number {
  const phi = Math.abs(latitudeDeg);
  const mu1 = Math.min(
    1,
    Math.pow(Math.pow(10, -longestLandKm / (16 - 6.6 * tau)) + Math.pow(10, -5 * (0.496 + 0.354 * tau)), 0.2),
  );
  if (phi > 70) return 4.17 * mu1 * Math.pow(mu1, 0.3);
  return Math.pow(10, -0.015 * phi + 1.67) * mu1 * Math.pow(mu1, -0.935 + 0.0176 * phi);
}
