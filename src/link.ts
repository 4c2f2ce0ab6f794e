import { wrapDegrees } from './radio/antenna.ts';
import { panelAttenuationDb } from './radio/panel.ts';
import { bearingDeg } from './geo/ellipsoid.ts';
import { rsrpDbm } from './radio/link-budget.ts';
import { DEFAULT_LEVELS, linkLevels } from './prediction/link-levels.ts';
import { modelLoss } from './prediction/link-models.ts';
import type {
  FresnelClearance,
  LinkRequest,
  LinkResult,
  LinkSettings,
  LinkTerm,
} from './prediction/link-types.ts';
import {
  addClutter,
  clutterAt,
  createPathProfile,
  fillGaps,
  sampleProfile,
  type PathProfile,
} from './radio/profile.ts';

const MAX_POINTS = 20_000;
const FLAT_POINTS = 101;
/** Largest attenuation and side-lobe limit of the pattern, dB. */
const PATTERN_FLOOR_DB = 30;
/** Clearance is judged over the usual 4/3 Earth. */
const EFFECTIVE_EARTH_KM = 8500;
const DEGREES = 180 / Math.PI;

/**
 * Computes one link term by term. Without terrain the ground is level at 0 m.
 *
 * @throws RangeError when the terrain has no height under an end (check the ends first)
 */
export function computeLink(request: LinkRequest, settings: LinkSettings): LinkResult {
  const { tx, rx } = request;
  const profile = createPathProfile(settings.terrain === null ? FLAT_POINTS : MAX_POINTS);
  const rxClutter = fillProfile(profile, request, settings);
  const last = profile.count - 1;
  const distanceKm = profile.distanceKm[last]!;
  const outcome = modelLoss(request, settings, profile, rxClutter.heightM);
  const pattern = patternDb(request, settings, profile);
  const terms: LinkTerm[] = [{ name: 'path loss', db: outcome.pathLossDb }];
  if (request.azimuthDeg !== null) terms.push({ name: 'antenna pattern', db: pattern });
  if (rxClutter.lossDb > 0) terms.push({ name: 'clutter at the receiver', db: rxClutter.lossDb });
  if (settings.indoorLossDb > 0) terms.push({ name: 'building', db: settings.indoorLossDb });
  const totalLossDb = terms.reduce((sum, { db }) => sum + db, 0);
  const rsrp = rsrpDbm(request.carrier, totalLossDb);
  const numbers = (values: Float64Array): number[] => Array.from(values.subarray(0, profile.count));
  return {
    id: request.id,
    model: request.model,
    distanceKm,
    bearingDeg: bearingDeg(tx.lon, tx.lat, rx.lon, rx.lat),
    frequencyMhz: request.carrier.frequencyMhz,
    txGroundM: profile.groundM[0]!,
    rxGroundM: profile.groundM[last]!,
    modelTerms: outcome.terms,
    pathLossDb: outcome.pathLossDb,
    terms,
    totalLossDb,
    rsrpDbm: rsrp,
    levels: linkLevels(request.carrier, rsrp, totalLossDb, settings.levels ?? DEFAULT_LEVELS),
    fresnel: fresnelClearance(request, profile),
    profile: {
      distanceKm: numbers(profile.distanceKm),
      groundM: numbers(profile.groundM),
      surfaceM: numbers(profile.surfaceM),
    },
    warnings: outcome.warnings,
  };
}

/** Heights along the path; returns what stands at the receiver. */
function fillProfile(
  profile: PathProfile,
  { id, tx, rx }: LinkRequest,
  { terrain }: LinkSettings,
): { heightM: number; lossDb: number } {
  if (terrain === null) {
    const level = { columns: 1, rows: 1, west: tx.lon, north: tx.lat, stepLonDeg: 720, stepLatDeg: 720 };
    sampleProfile(
      profile,
      { ...level, values: new Float32Array(1) },
      tx.lon,
      tx.lat,
      rx.lon,
      rx.lat,
      1,
      FLAT_POINTS,
    );
    return { heightM: 0, lossDb: 0 };
  }
  sampleProfile(profile, terrain.grid, tx.lon, tx.lat, rx.lon, rx.lat, terrain.stepM);
  if (fillGaps(profile.groundM, profile.count) < 0) {
    throw new RangeError(`link ${id}: the terrain has no height under one of its ends`);
  }
  profile.surfaceM.set(profile.groundM.subarray(0, profile.count));
  const { clutter } = terrain;
  if (clutter === null) return { heightM: 0, lossDb: 0 };
  const heightM = addClutter(profile, clutter.classes, clutter.heightOfClass, tx.lon, tx.lat, rx.lon, rx.lat);
  return { heightM, lossDb: clutterAt(clutter.classes, clutter.lossOfClass, rx.lon, rx.lat) };
}

function patternDb(request: LinkRequest, settings: LinkSettings, profile: PathProfile): number {
  const { tx, rx, azimuthDeg, tiltDeg } = request;
  if (azimuthDeg === null) return 0;
  const last = profile.count - 1;
  const dropM = profile.groundM[0]! + tx.heightM - profile.groundM[last]! - rx.heightM;
  const zenithDeg = 90 + Math.atan2(dropM, 1000 * profile.distanceKm[last]!) * DEGREES;
  const offDeg = wrapDegrees(bearingDeg(tx.lon, tx.lat, rx.lon, rx.lat) - azimuthDeg);
  const pattern = {
    horizontalBeamwidthDeg: settings.horizontalBeamwidthDeg,
    verticalBeamwidthDeg: settings.verticalBeamwidthDeg,
    maxAttenuationDb: PATTERN_FLOOR_DB,
    sideLobeDb: PATTERN_FLOOR_DB,
    cuts: settings.antenna,
    mechanicalTiltDeg: settings.mechanicalTiltDeg,
  };
  return panelAttenuationDb(pattern, offDeg, zenithDeg, tiltDeg);
}

/** Least clearance over the path, in first Fresnel zones: F1 = sqrt(lambda d1 d2 / d). ITU-R P.526-15, equation (2). */
function fresnelClearance({ tx, rx, carrier }: LinkRequest, profile: PathProfile): FresnelClearance {
  const last = profile.count - 1;
  const d = profile.distanceKm[last]!;
  const txM = profile.groundM[0]! + tx.heightM;
  const rxM = profile.groundM[last]! + rx.heightM;
  const wavelengthM = 299.792458 / carrier.frequencyMhz;
  let least: FresnelClearance = { ratio: Infinity, atKm: NaN, clearanceM: NaN, radiusM: NaN };
  for (let i = 1; i < last; i++) {
    const d1 = profile.distanceKm[i]!;
    const d2 = d - d1;
    const radiusM = Math.sqrt((1000 * wavelengthM * d1 * d2) / d);
    const bulgeM = (500 * d1 * d2) / EFFECTIVE_EARTH_KM;
    const clearanceM = (txM * d2 + rxM * d1) / d - bulgeM - profile.surfaceM[i]!;
    const ratio = clearanceM / radiusM;
    if (ratio < least.ratio) least = { ratio, atKm: d1, clearanceM, radiusM };
  }
  return least;
}
