import type { ItmPath } from './path.ts';

/** "No usable value": both antennas lie so low that scatter is not defined (Algorithm, section 4.3, r1, r2 < 0.2). */
export const SCATTER_UNDEFINED_DB = 1001;

/** Frequency gain function of the previous call at a larger distance; negative = none yet. */
export interface ScatterMemory {
  gainDb: number;
}

/**
 * Troposcatter attenuation at a distance, dB. Algorithm, section 4.4, equations (4.60) to (4.67); TN101, section 9.
 * Call for the larger distance first: where the frequency gain would exceed 15 dB the value there is kept.
 */
export function troposcatterDb(path: ItmPath, distanceM: number, memory: ScatterMemory): number {
  if (memory.gainDb <= 15) {
    const gainDb = frequencyGainDb(path, distanceM);
    if (gainDb === SCATTER_UNDEFINED_DB) return SCATTER_UNDEFINED_DB;
    if (!(gainDb > 15 && memory.gainDb >= 0)) memory.gainDb = gainDb;
  }
  const angleRad = distanceM / path.earthRadiusM - path.sightAngleRad;
  const product = angleRad * distanceM;
  return (
    attenuationFunctionDb(product) +
    10 * Math.log10(path.waveNumber * 47.7 * angleRad ** 4) -
    0.1 * (path.surfaceRefractivityN - 301) * Math.exp(-product / 40e3) +
    memory.gainDb
  );
}

/** F(theta d), dB; theta d in metres. Algorithm, equation (6.9). */
function attenuationFunctionDb(product: number): number {
  if (product <= 10e3) return 133.4 + 0.332e-3 * product - 10 * Math.log10(product);
  if (product <= 70e3) return 104.6 + 0.212e-3 * product - 2.5 * Math.log10(product);
  return 71.8 + 0.157e-3 * product + 5 * Math.log10(product);
}

/** H0, dB: what low antennas lose. TN101, equation (9.5), with Algorithm, equations (6.10) to (6.14). */
function frequencyGainDb(path: ItmPath, distanceM: number): number {
  let difference = path.txHorizonM - path.rxHorizonM;
  let heightRatio = path.rxEffectiveM / path.txEffectiveM;
  if (difference < 0) {
    difference = -difference;
    heightRatio = 1 / heightRatio;
  }
  const angleRad = path.txAngleRad + path.rxAngleRad + distanceM / path.earthRadiusM;
  const r1 = 2 * path.waveNumber * angleRad * path.txEffectiveM;
  const r2 = 2 * path.waveNumber * angleRad * path.rxEffectiveM;
  if (r1 < 0.2 && r2 < 0.2) return SCATTER_UNDEFINED_DB;

  const asymmetry = (distanceM - difference) / (distanceM + difference);
  const q = Math.min(Math.max(0.1, heightRatio / asymmetry), 10);
  const s = Math.max(0.1, asymmetry);
  const crossoverM = ((distanceM - difference) * (distanceM + difference) * angleRad * 0.25) / distanceM;
  const n = path.surfaceRefractivityN;
  const efficiency =
    (crossoverM / 1.7556e3) *
    (1 + (0.031 - n * 2.32e-3 + n * n * 5.67e-6) * Math.exp(-(Math.min(1.7, crossoverM / 8e3) ** 6)));
  const mean = (curveDb(r1, efficiency) + curveDb(r2, efficiency)) / 2;
  const correction = 6 * (0.6 - Math.log10(Math.max(efficiency, 1))) * Math.log10(s) * Math.log10(q);
  const gainDb = Math.max(mean + Math.min(mean, correction), 0);
  if (efficiency >= 1) return gainDb;
  const product = (1 + Math.SQRT2 / r1) * (1 + Math.SQRT2 / r2);
  const atZero = 10 * Math.log10((product * product * (r1 + r2)) / (r1 + r2 + 2 * Math.SQRT2));
  return efficiency * gainDb + (1 - efficiency) * atZero;
}

const CURVE_A = [25, 80, 177, 395, 705] as const;
const CURVE_B = [24, 45, 68, 80, 105] as const;

/** H0 for one antenna between the curves of whole scattering efficiencies 1..5. Algorithm, equation (6.13). */
function curveDb(r: number, efficiency: number): number {
  const bounded = Math.min(Math.max(efficiency, 1), 5);
  const lower = Math.trunc(bounded);
  const share = bounded - lower;
  const lowerDb = curveAtDb(lower - 1, r);
  return share === 0 ? lowerDb : (1 - share) * lowerDb + share * curveAtDb(lower, r);
}

function curveAtDb(index: number, r: number): number {
  const inverse = 1 / (r * r);
  return 10 * Math.log10(1 + CURVE_A[index]! * inverse * inverse + CURVE_B[index]! * inverse);
}
