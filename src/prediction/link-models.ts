import type { LinkRequest, LinkSettings, LinkTerm } from './link-types.ts';
import { freeSpaceLossDb } from '../radio/free-space.ts';
import { describeItmError, describeItmWarnings, ITM_MODE_NAMES } from '../radio/itm/codes.ts';
import { Itm } from '../radio/itm/itm.ts';
import type { LinkParameters } from '../radio/model.ts';
import { bindModel } from '../radio/models.ts';
import { locationSigmaDb, P1812, P1812_RANGES } from '../radio/p1812/basic-loss.ts';
import { latitudeAlongPath, type PathProfile } from '../radio/profile.ts';
import { bindTerrainModel, ITM_RANGES, looksAtTerrain, TERRAIN_DEFAULTS } from '../radio/terrain-models.ts';
import { formatValidityWarning, validityWarnings } from '../radio/validity.ts';

export interface ModelOutcome {
  readonly pathLossDb: number;
  readonly terms: readonly LinkTerm[];
  readonly warnings: readonly string[];
}

/** The loss of a link under its model, term by term. */
export function modelLoss(
  request: LinkRequest,
  settings: LinkSettings,
  profile: PathProfile,
  rxClutterM: number,
): ModelOutcome {
  if (request.model === 'p1812') return p1812Loss(request, settings, profile, rxClutterM);
  if (request.model === 'itm') return itmLoss(request, settings, profile);
  return distanceLoss(request, settings, profile);
}

function p1812Loss(
  { tx, rx, carrier }: LinkRequest,
  settings: LinkSettings,
  profile: PathProfile,
  rxClutterM: number,
): ModelOutcome {
  const frequencyGhz = carrier.frequencyMhz / 1000;
  const { timePercent, locationPercent } = settings;
  const model = new P1812({
    frequencyGhz,
    timePercent,
    locationPercent,
    // Spread of locations within the usual 100 m square.
    locationSigmaDb: locationSigmaDb(frequencyGhz, 100, rx.heightM, rxClutterM),
    txHeightM: tx.heightM,
    rxHeightM: rx.heightM,
    polarisation: settings.polarisation,
    deltaN: TERRAIN_DEFAULTS.deltaN,
    surfaceRefractivityN: TERRAIN_DEFAULTS.surfaceRefractivityN,
    txCoastKm: TERRAIN_DEFAULTS.coastKm,
    rxCoastKm: TERRAIN_DEFAULTS.coastKm,
  });
  const distanceKm = profile.distanceKm[profile.count - 1]!;
  const middle = latitudeAlongPath(tx.lon, tx.lat, rx.lon, rx.lat, distanceKm / 2);
  const pathLossDb = model.lossDb(profile, middle);
  const { terms } = model;
  return {
    pathLossDb,
    terms: [
      { name: 'free space', db: terms.freeSpaceDb },
      {
        name: `multipath and focusing at ${timePercent} % of time`,
        db: terms.lineOfSightDb - terms.freeSpaceDb,
      },
      { name: 'diffraction', db: terms.diffractionDb },
      { name: 'location variability', db: terms.locationDb },
      { name: 'by troposcatter alone', db: terms.troposcatterDb },
      { name: 'by ducting alone', db: terms.anomalousDb },
      { name: 'basic transmission loss', db: pathLossDb },
    ],
    warnings: validityWarnings('p1812', P1812_RANGES, {
      frequencyMhz: carrier.frequencyMhz,
      txHeightM: tx.heightM,
      rxHeightM: rx.heightM,
      distanceM: 1000 * distanceKm,
      timePercent,
      locationPercent,
    }).map(formatValidityWarning),
  };
}

function itmLoss(
  { tx, rx, carrier }: LinkRequest,
  settings: LinkSettings,
  profile: PathProfile,
): ModelOutcome {
  const model = new Itm({
    frequencyMhz: carrier.frequencyMhz,
    txHeightM: tx.heightM,
    rxHeightM: rx.heightM,
    polarisation: settings.polarisation,
    climate: TERRAIN_DEFAULTS.itmClimate,
    refractivityN: TERRAIN_DEFAULTS.itmRefractivityN,
    permittivity: TERRAIN_DEFAULTS.permittivity,
    conductivitySm: TERRAIN_DEFAULTS.conductivitySm,
    mdvar: 3,
    timePercent: settings.timePercent,
    locationPercent: settings.locationPercent,
    situationPercent: 50,
  });
  const intervals = profile.count - 1;
  const distanceM = 1000 * profile.distanceKm[intervals]!;
  const code = model.pointToPoint({ intervals, stepM: distanceM / intervals, heightsM: profile.groundM });
  const { result } = model;
  const ranges = validityWarnings('itm', ITM_RANGES, {
    frequencyMhz: carrier.frequencyMhz,
    txHeightM: tx.heightM,
    rxHeightM: rx.heightM,
    distanceM,
  }).map(formatValidityWarning);
  if (code >= 1000) {
    return { pathLossDb: NaN, terms: [], warnings: [...ranges, `itm: ${describeItmError(code)}.`] };
  }
  return {
    pathLossDb: result.lossDb,
    terms: [
      { name: 'free space', db: result.freeSpaceDb },
      { name: `reference attenuation (${ITM_MODE_NAMES[result.mode]!})`, db: result.referenceDb },
      { name: 'variability', db: result.lossDb - result.freeSpaceDb - result.referenceDb },
      { name: 'basic transmission loss', db: result.lossDb },
    ],
    warnings: [...ranges, ...describeItmWarnings(result.warnings).map((text) => `itm: ${text}.`)],
  };
}

/** Models of distance (and SPM): the median, and what it lies above free space. */
function distanceLoss(
  { tx, rx, carrier, model }: LinkRequest,
  { environment, terrain }: LinkSettings,
  profile: PathProfile,
): ModelOutcome {
  const distanceM = 1000 * profile.distanceKm[profile.count - 1]!;
  const link: LinkParameters = {
    frequencyMhz: carrier.frequencyMhz,
    txHeightM: tx.heightM,
    rxHeightM: rx.heightM,
    environment,
    sigmaDb: null,
  };
  const bound = bindModel(model, link);
  // SPM takes diffraction from the profile; the others look at distance alone.
  const pathLossDb =
    terrain !== null && looksAtTerrain(model)
      ? bindTerrainModel(model, link).medianLossDb(profile, (tx.lat + rx.lat) / 2)
      : bound.medianLossDb(distanceM);
  const slantM = Math.max(1, Math.hypot(distanceM, tx.heightM - rx.heightM));
  const freeSpaceDb = freeSpaceLossDb(slantM, carrier.frequencyMhz);
  const { minDistanceM: min, maxDistanceM: max } = bound;
  const range = { parameter: 'distanceM', min, max };
  return {
    pathLossDb,
    terms: [
      { name: 'free space', db: freeSpaceDb },
      { name: `above free space (${bound.name})`, db: pathLossDb - freeSpaceDb },
      { name: 'basic transmission loss', db: pathLossDb },
    ],
    warnings: [...bound.warnings, ...validityWarnings(bound.name, [range], { distanceM })].map(
      formatValidityWarning,
    ),
  };
}
