/**
 * Working values of one ITM computation. Lengths in metres, angles in radians. Sources cited in these files:
 * "Algorithm": G. A. Hufford, "The ITS Irregular Terrain Model, version 1.2.2, the algorithm" (2002 print);
 * "ERL 79-ITS 67": Longley & Rice 1968; "TN101": NBS Technical Note 101 (1967).
 */
export interface ItmPath {
  frequencyMhz: number;
  /** Wave number f / 47.7, 1/m. */
  waveNumber: number;
  distanceM: number;
  /** Antenna heights above ground and effective heights. */
  txHeightM: number;
  rxHeightM: number;
  txEffectiveM: number;
  rxEffectiveM: number;
  /** Horizon distances and elevation angles. */
  txHorizonM: number;
  rxHorizonM: number;
  txAngleRad: number;
  rxAngleRad: number;
  /** Terrain irregularity delta h. */
  irregularityM: number;
  /** Effective Earth radius and surface refractivity. */
  earthRadiusM: number;
  surfaceRefractivityN: number;
  /** Complex surface transfer impedance of the ground. */
  impedanceRe: number;
  impedanceIm: number;
  /** Smooth-Earth and actual sums of both horizon distances; angular extent of the line-of-sight region. */
  smoothHorizonsM: number;
  horizonsM: number;
  sightAngleRad: number;
}

export function createItmPath(): ItmPath {
  return {
    frequencyMhz: NaN,
    waveNumber: NaN,
    distanceM: NaN,
    txHeightM: NaN,
    rxHeightM: NaN,
    txEffectiveM: NaN,
    rxEffectiveM: NaN,
    txHorizonM: NaN,
    rxHorizonM: NaN,
    txAngleRad: NaN,
    rxAngleRad: NaN,
    irregularityM: NaN,
    earthRadiusM: NaN,
    surfaceRefractivityN: NaN,
    impedanceRe: NaN,
    impedanceIm: NaN,
    smoothHorizonsM: NaN,
    horizonsM: NaN,
    sightAngleRad: NaN,
  };
}

/** Terrain irregularity seen over a distance, m. ERL 79-ITS 67, equation (3). */
export function irregularityOverM(distanceM: number, irregularityM: number): number {
  return irregularityM * (1 - 0.8 * Math.exp(-distanceM / 50e3));
}

/** Standard deviation of terrain within the first Fresnel zone, m. ERL 79-ITS 67, equation (3.6a). */
export function terrainDeviationM(irregularityM: number): number {
  return 0.78 * irregularityM * Math.exp(-0.5 * Math.sqrt(Math.sqrt(irregularityM)));
}

/**
 * Electrical surroundings: refractivity at the height of the path (TN101, equation (4.3)), curvature of the effective
 * Earth (TN101, equation (4.4)) and the ground's impedance (Algorithm, equation (1.6)).
 *
 * @param systemHeightM mean height of the path above sea level
 */
export function setSurroundings(
  path: ItmPath,
  systemHeightM: number,
  refractivityN: number,
  verticalPolarisation: boolean,
  permittivity: number,
  conductivitySm: number,
): void {
  const surfaceN = systemHeightM === 0 ? refractivityN : refractivityN * Math.exp(-systemHeightM / 9460);
  path.surfaceRefractivityN = surfaceN;
  path.earthRadiusM = 1 / (157e-9 * (1 - 0.04665 * Math.exp(surfaceN / 179.3)));
  // Square root of (permittivity - 1) + j 18000 sigma / f, divided by the permittivity when vertical.
  const im = (18000 * conductivitySm) / path.frequencyMhz;
  const re = permittivity - 1;
  const modulus = Math.sqrt(re * re + im * im);
  const rootRe = Math.sqrt((modulus + re) / 2);
  const rootIm = rootRe === 0 ? Math.sqrt(modulus / 2) : im / (2 * rootRe);
  if (!verticalPolarisation) {
    path.impedanceRe = rootRe;
    path.impedanceIm = rootIm;
    return;
  }
  const square = permittivity * permittivity + im * im;
  path.impedanceRe = (rootRe * permittivity + rootIm * im) / square;
  path.impedanceIm = (rootIm * permittivity - rootRe * im) / square;
}
