import type { TerrainLayer } from '../geo/geo-grid.ts';
import type { TerrainModel } from '../radio/model.ts';
import { normalQuantile } from '../radio/normal.ts';
import { panelAttenuationDb } from '../radio/panel.ts';
import {
  addClutter,
  createPathProfile,
  fillGaps,
  sampleProfile,
  type PathProfile,
} from '../radio/profile.ts';
import { bindTerrainModel } from '../radio/terrain-models.ts';
import type { LinkRule } from './link-rule.ts';

/** Never more points than this; longer paths get longer steps. */
const MAX_POINTS = 4096;
const DEGREES = 180 / Math.PI;

/** A rule made ready for one thread: pairs in, dB out, no allocation per call. */
export interface TerrainLinkTest {
  readonly model: TerrainModel;
  readonly maxReachM: number;
  /** Shadowing and indoor spread together, dB. */
  readonly spreadDb: number;
  /** What the median leaves of the budget: `maxLossDb` less loss and pattern, dB; NaN where an end has no height. */
  spareDb(siteLon: number, siteLat: number, lon: number, lat: number): number;
  /** By how many dB a user is served (negative: how many are missing); NaN where an end has no height. */
  marginDb(siteLon: number, siteLat: number, lon: number, lat: number): number;
}

/** @throws RangeError when the rule's model is none that looks at terrain */
export function terrainLinkTest(rule: LinkRule, terrain: TerrainLayer): TerrainLinkTest {
  const model = bindTerrainModel(rule.modelId, rule.link);
  const profile = createPathProfile(MAX_POINTS);
  const spreadDb = Math.sqrt(model.sigmaDb ** 2 + rule.extraSigmaDb ** 2);
  const shadowDb = normalQuantile(rule.locationProbability) * spreadDb;
  const attenuation = sectorAttenuation(rule);
  const spareDb: TerrainLinkTest['spareDb'] = (siteLon, siteLat, lon, lat) => {
    const lossDb = terrainLossDb(model, profile, terrain, siteLon, siteLat, lon, lat);
    return rule.maxLossDb - lossDb - attenuation(profile, siteLon, siteLat, lon, lat);
  };
  return {
    model,
    maxReachM: rule.maxReachM,
    spreadDb,
    spareDb,
    marginDb: (siteLon, siteLat, lon, lat) => spareDb(siteLon, siteLat, lon, lat) - shadowDb,
  };
}

/**
 * Median loss between two places, dB: profile along the great circle, holes bridged, clutter on top, loss of the
 * user's own clutter class added where the model does not hold it. NaN where an end has no height.
 */
export function terrainLossDb(
  model: TerrainModel,
  profile: PathProfile,
  terrain: TerrainLayer,
  siteLon: number,
  siteLat: number,
  lon: number,
  lat: number,
): number {
  const { grid, clutter, stepM } = terrain;
  sampleProfile(profile, grid, siteLon, siteLat, lon, lat, stepM);
  const bridged = fillGaps(profile.groundM, profile.count);
  if (bridged < 0) return NaN;
  if (bridged > 0) profile.surfaceM.set(profile.groundM.subarray(0, profile.count));
  const middleLat = (siteLat + lat) / 2;
  if (clutter === null) return model.medianLossDb(profile, middleLat);
  addClutter(profile, clutter.classes, clutter.heightOfClass, siteLon, siteLat, lon, lat);
  const lossDb = model.medianLossDb(profile, middleLat);
  return model.ownsClutterLoss ? lossDb : lossDb + (clutter.lossOfClass[profile.rxClass] ?? 0);
}

/** Attenuation of the sector that looks best towards the user, by the real angle down over terrain, dB. */
function sectorAttenuation(
  rule: LinkRule,
): (profile: PathProfile, siteLon: number, siteLat: number, lon: number, lat: number) => number {
  const { sectors, link } = rule;
  if (sectors === null) return () => 0;
  const boresightsDeg = Float64Array.from(sectors.azimuthsDeg);
  return (profile, siteLon, siteLat, lon, lat) => {
    const east = (lon - siteLon) * Math.cos((siteLat + lat) / 2 / DEGREES);
    const azimuthDeg = Math.atan2(east, lat - siteLat) * DEGREES;
    const last = profile.count - 1;
    const dropM = profile.groundM[0]! + link.txHeightM - profile.groundM[last]! - link.rxHeightM;
    const zenithDeg = 90 + Math.atan2(dropM, 1000 * profile.distanceKm[last]!) * DEGREES;
    let least = Infinity;
    for (let s = 0; s < boresightsDeg.length; s++) {
      const turn = azimuthDeg - boresightsDeg[s]!;
      const offDeg = turn - 360 * Math.round(turn / 360);
      const attenuationDb = panelAttenuationDb(sectors.pattern, offDeg, zenithDeg, sectors.electricalTiltDeg);
      if (attenuationDb < least) least = attenuationDb;
    }
    return least;
  };
}
