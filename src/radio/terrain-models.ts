import { DEFAULT_SIGMA_DB, isHeld } from './bound-model.ts';
import { freeSpaceLossAtOneMetreDb } from './free-space.ts';
import { Itm } from './itm/itm.ts';
import type { EvenProfile } from './itm/terrain.ts';
import type { LinkParameters, TerrainModel } from './model.ts';
import { P1812, P1812_RANGES } from './p1812/basic-loss.ts';
import type { ModelId } from './model-ids.ts';
import type { PathProfile } from './profile.ts';
import { spmLooksAtTerrain, spmOverTerrain } from './spm-terrain.ts';
import { SPM_HEIGHT_RANGE_M, type SpmParameters } from './spm.ts';
import { validityWarnings, type ValidRange } from './validity.ts';

/** Does a model, by its id in scenarios, look at the terrain between both ends? SPM does by its parameters. */
export function looksAtTerrain(id: ModelId | null, spm?: SpmParameters): boolean {
  if (id !== 'spm') return id === 'p1812' || id === 'itm';
  return spm === undefined || spmLooksAtTerrain(spm);
}

/**
 * Surroundings where a scenario says nothing: mid-latitude averages (P.1812's maps give 40-50 N/km and 310-330 N over
 * temperate land), average ground, continental temperate climate, all medians.
 */
export const TERRAIN_DEFAULTS = {
  deltaN: 45,
  surfaceRefractivityN: 325,
  itmRefractivityN: 301,
  itmClimate: 5,
  permittivity: 15,
  conductivitySm: 0.005,
  polarisation: 'vertical',
  coastKm: 500,
} as const;

/** ITM's ranges without warnings. */
export const ITM_RANGES: readonly ValidRange[] = [
  { parameter: 'frequencyMhz', min: 40, max: 10_000 },
  { parameter: 'txHeightM', min: 1, max: 1000 },
  { parameter: 'rxHeightM', min: 1, max: 1000 },
  { parameter: 'distanceM', min: 1000, max: 1_000_000 },
];

/** Nearer than this a path has no room for a profile: free space holds. */
const SHORTEST_PROFILE_KM = 0.01;

/** P.1812 as coverage runs use it: medians of time and place. */
export function medianP1812(link: LinkParameters): P1812 {
  return new P1812({
    frequencyGhz: link.frequencyMhz / 1000,
    timePercent: 50,
    locationPercent: 50,
    locationSigmaDb: 0,
    txHeightM: link.txHeightM,
    rxHeightM: link.rxHeightM,
    polarisation: TERRAIN_DEFAULTS.polarisation,
    deltaN: TERRAIN_DEFAULTS.deltaN,
    surfaceRefractivityN: TERRAIN_DEFAULTS.surfaceRefractivityN,
    txCoastKm: TERRAIN_DEFAULTS.coastKm,
    rxCoastKm: TERRAIN_DEFAULTS.coastKm,
  });
}

/** ITM as coverage runs use it: all quantiles at 50 %, where the variability mode has no part. */
export function medianItm(link: LinkParameters): Itm {
  return new Itm({
    frequencyMhz: link.frequencyMhz,
    txHeightM: link.txHeightM,
    rxHeightM: link.rxHeightM,
    polarisation: TERRAIN_DEFAULTS.polarisation,
    climate: TERRAIN_DEFAULTS.itmClimate,
    refractivityN: TERRAIN_DEFAULTS.itmRefractivityN,
    permittivity: TERRAIN_DEFAULTS.permittivity,
    conductivitySm: TERRAIN_DEFAULTS.conductivitySm,
    mdvar: 12,
    timePercent: 50,
    locationPercent: 50,
    situationPercent: 50,
  });
}

/**
 * Binds a terrain model to one configuration. P.1812's own location variability tells how levels differ within one
 * cell, not how far the prediction is off, so the shadowing is 8 dB unless the scenario gives another.
 */
export function bindTerrainModel(id: ModelId, link: LinkParameters): TerrainModel {
  if (id === 'p1812') return bindP1812(link);
  if (id === 'itm') return bindItm(link);
  if (id === 'spm') return bindSpm(link);
  throw new RangeError(`${id} does not look at terrain`);
}

type RawLoss = TerrainModel['rawLossDb'];

/** A terrain model from its raw loss: ranges checked, held at free space. */
function heldModel(
  name: ModelId,
  ranges: readonly ValidRange[],
  link: LinkParameters,
  rawLossDb: RawLoss,
): TerrainModel {
  const { frequencyMhz, txHeightM, rxHeightM } = link;
  const distance = ranges.find((range) => range.parameter === 'distanceM');
  const freeSpace = freeSpaceOver(link);
  let held = false;
  return {
    name,
    sigmaDb: link.sigmaDb ?? DEFAULT_SIGMA_DB,
    warnings: validityWarnings(name, ranges, { frequencyMhz, txHeightM, rxHeightM }),
    minDistanceM: distance?.min ?? 0,
    maxDistanceM: distance?.max ?? Infinity,
    ownsClutterLoss: false,
    rawLossDb,
    heldAtFreeSpace: () => held,
    medianLossDb: (profile, latitudeDeg) => {
      const floorDb = freeSpace(profile);
      const lossDb = rawLossDb(profile, latitudeDeg);
      held = isHeld(lossDb, floorDb);
      return Math.max(floorDb, lossDb);
    },
  };
}

function bindP1812(link: LinkParameters): TerrainModel {
  const model = medianP1812(link);
  const freeSpace = freeSpaceOver(link);
  return heldModel('p1812', P1812_RANGES, link, (profile, latitudeDeg) =>
    profile.distanceKm[profile.count - 1]! < SHORTEST_PROFILE_KM
      ? freeSpace(profile)
      : model.lossDb(profile, latitudeDeg),
  );
}

/** SPM; clutter losses of its own stand in for those of the scenario. */
function bindSpm(link: LinkParameters): TerrainModel {
  const ranges = [{ parameter: 'txHeightM', ...SPM_HEIGHT_RANGE_M }];
  const ownsClutterLoss = (link.spm?.clutterDb.length ?? 0) > 0;
  return { ...heldModel('spm', ranges, link, spmOverTerrain(link)), ownsClutterLoss };
}

function bindItm(link: LinkParameters): TerrainModel {
  const model = medianItm(link);
  const freeSpace = freeSpaceOver(link);
  const even: MutableEvenProfile = { intervals: 0, stepM: 0, heightsM: new Float64Array(0) };
  return heldModel('itm', ITM_RANGES, link, (profile) => {
    const distanceKm = profile.distanceKm[profile.count - 1]!;
    if (distanceKm < SHORTEST_PROFILE_KM) return freeSpace(profile);
    even.intervals = profile.count - 1;
    even.stepM = (distanceKm * 1000) / even.intervals;
    even.heightsM = profile.groundM;
    // Where ITM gives no result (parameters outside all its ranges) nobody is served.
    return model.pointToPoint(even) >= 1000 ? Infinity : model.result.lossDb;
  });
}

type MutableEvenProfile = { -readonly [K in keyof EvenProfile]: EvenProfile[K] };

/** Free space over the slant distance between the antennas, dB; 1 m at least. */
function freeSpaceOver(link: LinkParameters): (profile: PathProfile) => number {
  const atOneMetreDb = freeSpaceLossAtOneMetreDb(link.frequencyMhz);
  return ({ distanceKm, groundM, count }) => {
    const rise = groundM[0]! + link.txHeightM - groundM[count - 1]! - link.rxHeightM;
    const groundDistanceM = 1000 * distanceKm[count - 1]!;
    return atOneMetreDb + 10 * Math.log10(Math.max(1, groundDistanceM * groundDistanceM + rise * rise));
  };
}
