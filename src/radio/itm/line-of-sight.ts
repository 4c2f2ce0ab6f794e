import { irregularityOverM, terrainDeviationM, type ItmPath } from './path.ts';

/**
 * Attenuation at a distance within line of sight, dB: two-ray theory over rough ground weighted with the extended
 * diffraction line. Algorithm, section 4.3, equations (4.43) to (4.50).
 *
 * @param slopeDbPerM @param interceptDb the diffraction line
 */
export function lineOfSightDb(
  path: ItmPath,
  distanceM: number,
  slopeDbPerM: number,
  interceptDb: number,
): number {
  const { waveNumber, txEffectiveM, rxEffectiveM, impedanceRe, impedanceIm, frequencyMhz } = path;
  const deviationM = terrainDeviationM(irregularityOverM(distanceM, path.irregularityM));
  const heightsM = txEffectiveM + rxEffectiveM;
  const sinPsi = heightsM / Math.sqrt(distanceM * distanceM + heightsM * heightsM);

  // Ground reflection (sin psi - Z) / (sin psi + Z), reduced by roughness.
  const plusRe = sinPsi + impedanceRe;
  const minusRe = sinPsi - impedanceRe;
  const square = plusRe * plusRe + impedanceIm * impedanceIm;
  const roughness = Math.exp(-Math.min(10, waveNumber * deviationM * sinPsi));
  let re = ((minusRe * plusRe - impedanceIm * impedanceIm) / square) * roughness;
  let im = ((-impedanceIm * plusRe - minusRe * impedanceIm) / square) * roughness;
  const q = re * re + im * im;
  if (q < 0.25 || q < sinPsi) {
    const scale = Math.sqrt(sinPsi / q);
    re *= scale;
    im *= scale;
  }

  const phase = (waveNumber * 2 * txEffectiveM * rxEffectiveM) / distanceM;
  const bounded = phase > Math.PI / 2 ? Math.PI - (Math.PI / 2) ** 2 / phase : phase;
  const sumRe = Math.cos(bounded) + re;
  const sumIm = -Math.sin(bounded) + im;
  const twoRayDb = -10 * Math.log10(sumRe * sumRe + sumIm * sumIm);

  const diffractionDb = slopeDbPerM * distanceM + interceptDb;
  const weight = 1 / (1 + (frequencyMhz * path.irregularityM) / Math.max(10e3, path.smoothHorizonsM));
  return weight * twoRayDb + (1 - weight) * diffractionDb;
}
