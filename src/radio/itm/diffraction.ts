import { irregularityOverM, terrainDeviationM, type ItmPath } from './path.ts';

/** Earth radius of the reference atmosphere in Vogler's method, m. */
const REFERENCE_RADIUS_M = 6370e3;

/**
 * Diffraction attenuation at a distance beyond the horizons, dB. Algorithm, section 4.2 (equations (4.9) to (4.20));
 * ERL 79-ITS 67, equations (3.23) to (3.38): knife edges and smooth Earth weighted by terrain roughness, plus clutter.
 *
 * @param pointToPoint false in area mode
 */
export function diffractionDb(path: ItmPath, distanceM: number, pointToPoint: boolean): number {
  const { txHeightM, rxHeightM, frequencyMhz } = path;
  const edgesDb = doubleKnifeEdgeDb(path, distanceM);
  const smoothDb = smoothEarthDb(path, distanceM);

  const deviationM = terrainDeviationM(irregularityOverM(path.smoothHorizonsM, path.irregularityM));
  const heightProduct = txHeightM * rxHeightM;
  const clutterDb = Math.min(15, 5 * Math.log10(1 + 1e-5 * heightProduct * frequencyMhz * deviationM));

  const excess = path.txEffectiveM * path.rxEffectiveM - heightProduct;
  // Low antennas on a known path: 10 m² are added (ERL 79-ITS 67, page 3-8).
  const divisor = pointToPoint ? heightProduct + 10 : heightProduct;
  const roughness = Math.min(
    (irregularityOverM(distanceM, path.irregularityM) * frequencyMhz) / 47.7,
    6283.2,
  );
  const q =
    (Math.sqrt(1 + excess / divisor) +
      (path.horizonsM - path.sightAngleRad * path.earthRadiusM) / distanceM) *
    roughness;
  const smoothShare = 25.1 / (25.1 + Math.sqrt(q));
  return smoothShare * smoothDb + (1 - smoothShare) * edgesDb + clutterDb;
}

/** Two knife edges, one at each horizon. TN101, equations (I.1) and (I.7). */
function doubleKnifeEdgeDb(path: ItmPath, distanceM: number): number {
  const angleRad = distanceM / path.earthRadiusM - path.sightAngleRad;
  const beyondM = distanceM - path.horizonsM;
  const scale = 0.0795775 * path.waveNumber * angleRad * angleRad * beyondM;
  return (
    fresnelDb((scale * path.txHorizonM) / (beyondM + path.txHorizonM)) +
    fresnelDb((scale * path.rxHorizonM) / (beyondM + path.rxHorizonM))
  );
}

/** Knife-edge attenuation from the square of v, dB. TN101, equation (III.24). */
function fresnelDb(vSquared: number): number {
  if (vSquared < 5.76) return 6.02 + 9.11 * Math.sqrt(vSquared) - 1.27 * vSquared;
  return 12.953 + 10 * Math.log10(vSquared);
}

/** Smooth-Earth diffraction by Vogler's three-radii method. Algorithm, equation (4.20); TN101, section 8. */
function smoothEarthDb(path: ItmPath, distanceM: number): number {
  const { earthRadiusM, txHorizonM, rxHorizonM } = path;
  const angleRad = distanceM / earthRadiusM - path.sightAngleRad;
  const beyondM = distanceM - path.horizonsM;
  const cubeRootF = Math.cbrt(path.frequencyMhz);
  const impedance = Math.sqrt(path.impedanceRe * path.impedanceRe + path.impedanceIm * path.impedanceIm);
  const kScale = 0.017778 / (cubeRootF * impedance);

  const pathRadius = radiusFactor(beyondM / angleRad);
  const txRadius = radiusFactor((0.5 * txHorizonM * txHorizonM) / path.txEffectiveM);
  const rxRadius = radiusFactor((0.5 * rxHorizonM * rxHorizonM) / path.rxEffectiveM);
  const txK = kScale * txRadius;
  const rxK = kScale * rxRadius;
  const txX = ((1.607 - txK) * txRadius * txRadius * cubeRootF * txHorizonM) / 1000;
  const rxX = ((1.607 - rxK) * rxRadius * rxRadius * cubeRootF * rxHorizonM) / 1000;
  const pathX =
    ((1.607 - kScale * pathRadius) * pathRadius * pathRadius * cubeRootF * beyondM) / 1000 + txX + rxX;
  const distanceDb = 0.05751 * pathX - 10 * Math.log10(pathX);
  return distanceDb - heightGainDb(txX, txK) - heightGainDb(rxX, rxK) - 20;
}

/** C0 of Vogler: cube root of 4/3 Earth over this radius. */
function radiusFactor(radiusM: number): number {
  return Math.cbrt(((4 / 3) * REFERENCE_RADIUS_M) / radiusM);
}

/** Height function F(x, K), dB. Algorithm, section 6 (approximation to TN101, figures 8.5 and 8.6). */
function heightGainDb(x: number, k: number): number {
  if (x >= 200) {
    const far = 0.05751 * x - 4.343 * Math.log(x);
    if (x >= 2000) return far;
    const weight = 0.0134 * x * Math.exp(-0.005 * x);
    return (1 - weight) * far + weight * (17.372 * Math.log(x) - 117);
  }
  const w = -Math.log(k);
  if (k < 1e-5 || x * w * w * w > 5495) return x > 1 ? 17.372 * Math.log(x) - 117 : -117;
  return (2.5e-5 * x * x) / k - 8.686 * w - 15;
}
