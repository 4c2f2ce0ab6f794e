import { wrapDegrees } from '../antenna.ts';
import { panelAttenuationDb, type Panel } from '../panel.ts';
import type { CalibrationSamples, CalibrationSector } from './samples.ts';
import { declusteringWeights, selectSamples } from './samples.ts';
import { indicesOfSector } from './predictors.ts';

/** What the measurements say about a sector's boresight. */
export interface SectorCheck {
  readonly sectorId: string;
  readonly statedDeg: number;
  /** Boresight with the least spread around a fitted log-distance line, degrees from north. */
  readonly bestDeg: number;
  /** Spread with the stated and with the best boresight, dB. */
  readonly statedSdDb: number;
  readonly bestSdDb: number;
  readonly samples: number;
  /** The pattern contradicts the azimuth: far off, and the data clearly prefer another one. */
  readonly contradicts: boolean;
}

/** Fewer samples cannot tell a boresight. */
const LEAST_SAMPLES = 200;
const STEP_DEG = 5;
/** A boresight counts as another one beyond one half-power beamwidth of a usual panel (and measured ones err by 10-20 degrees). */
const FAR_OFF_DEG = 60;
/** ... and when turning it lowers the spread by at least a tenth. */
const CLEARLY = 0.9;

/** Turns every sector's pattern through the circle and compares the best boresight with the stated one. */
export function checkSectors(
  samples: CalibrationSamples,
  pattern: Panel,
  rxHeightM: number,
  declusterM: number,
): SectorCheck[] {
  return samples.sectors.flatMap((sector, index) => {
    const own = indicesOfSector(samples, index).filter((i) => !Number.isNaN(samples.eastM[i]!));
    if (sector.azimuthDeg === null || own.length < LEAST_SAMPLES) return [];
    const part = selectSamples(samples, own);
    const weights = declusteringWeights(part, declusterM);
    const spread = (azimuthDeg: number): number =>
      spreadDb(part, patternLosses(part, sector, azimuthDeg, pattern, rxHeightM), weights);
    return [verdict(sector, sector.azimuthDeg, spread, part.count)];
  });
}

function verdict(
  sector: CalibrationSector,
  statedDeg: number,
  spread: (azimuthDeg: number) => number,
  count: number,
): SectorCheck {
  const statedSdDb = spread(statedDeg);
  let bestDeg = statedDeg;
  let bestSdDb = statedSdDb;
  for (let azimuthDeg = 0; azimuthDeg < 360; azimuthDeg += STEP_DEG) {
    const value = spread(azimuthDeg);
    if (value < bestSdDb) {
      bestDeg = azimuthDeg;
      bestSdDb = value;
    }
  }
  const apart = Math.abs(wrapDegrees(bestDeg - statedDeg));
  return {
    sectorId: sector.id,
    statedDeg,
    bestDeg,
    statedSdDb,
    bestSdDb,
    samples: count,
    contradicts: apart > FAR_OFF_DEG && bestSdDb < CLEARLY * statedSdDb,
  };
}

/** Pattern attenuation of every sample of one sector for a given boresight, dB. */
export function patternLosses(
  samples: CalibrationSamples,
  sector: CalibrationSector,
  azimuthDeg: number,
  pattern: Panel,
  rxHeightM: number,
): Float64Array {
  const panel = { ...pattern, mechanicalTiltDeg: sector.mechanicalTiltDeg };
  return Float64Array.from({ length: samples.count }, (_, i) => {
    const east = samples.eastM[i]! - sector.eastM;
    const north = samples.northM[i]! - sector.northM;
    const bearing = (Math.atan2(east, north) * 180) / Math.PI;
    const drop = (Math.atan2(sector.heightM - rxHeightM, Math.hypot(east, north)) * 180) / Math.PI;
    return panelAttenuationDb(panel, wrapDegrees(bearing - azimuthDeg), 90 + drop, sector.tiltDeg);
  });
}

/** Weighted spread around the best line in lg d, dB. */
function spreadDb(samples: CalibrationSamples, patternDb: Float64Array, weights: Float64Array): number {
  let [s, sx, sy, sxx, sxy, syy] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < samples.count; i++) {
    const w = weights[i]!;
    const x = Math.log10(samples.distanceM[i]!);
    const y = samples.lossDb[i]! - patternDb[i]!;
    s += w;
    sx += w * x;
    sy += w * y;
    sxx += w * x * x;
    sxy += w * x * y;
    syy += w * y * y;
  }
  const varianceX = sxx - (sx * sx) / s;
  const covariance = sxy - (sx * sy) / s;
  const slope = varianceX > 0 ? covariance / varianceX : 0;
  return Math.sqrt(Math.max(0, (syy - (sy * sy) / s - slope * covariance) / s));
}
