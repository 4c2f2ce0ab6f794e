import { bindSingleState, DEFAULT_SIGMA_DB } from './bound-model.ts';
import type { BoundModel, LinkParameters, TerrainModel } from './model.ts';
import { P1812_RANGES } from './p1812/basic-loss.ts';
import { createPathProfile } from './profile.ts';
import { bindTerrainModel, ITM_RANGES } from './terrain-models.ts';

/** Points of the level profile; the models' losses change by less than 0.05 dB with more. */
const POINTS = 101;
/** Where flat ground lies for P.1812's meteorology, degrees of latitude; at 50 % of time it hardly matters. */
const LATITUDE_DEG = 50;

/** P.1812 over level ground at sea level: a model of distance alone, for scenarios without terrain. */
export function bindP1812OverFlatGround(link: LinkParameters): BoundModel {
  const lossDb = lossOverFlatGround(bindTerrainModel('p1812', link));
  return bindSingleState({ name: 'p1812', link, ranges: P1812_RANGES, lossDb, sigmaDb: DEFAULT_SIGMA_DB });
}

/** ITM over level ground (terrain irregularity 0). */
export function bindItmOverFlatGround(link: LinkParameters): BoundModel {
  const lossDb = lossOverFlatGround(bindTerrainModel('itm', link));
  return bindSingleState({ name: 'itm', link, ranges: ITM_RANGES, lossDb, sigmaDb: DEFAULT_SIGMA_DB });
}

function lossOverFlatGround(model: TerrainModel): (distanceM: number) => number {
  const profile = createPathProfile(POINTS);
  profile.count = POINTS;
  return (distanceM) => {
    for (let i = 0; i < POINTS; i++) profile.distanceKm[i] = (distanceM * i) / (1000 * (POINTS - 1));
    return model.rawLossDb(profile, LATITUDE_DEG);
  };
}
