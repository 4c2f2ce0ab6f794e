import type { PathGeometry } from './geometry.ts';

/** The path apart from its shape, as the ducting model sees it. */
export interface DuctingPath {
  readonly frequencyGhz: number;
  readonly timePercent: number;
  /** Distance over land from each terminal to the coast, km. */
  readonly txCoastKm: number;
  readonly rxCoastKm: number;
  readonly earthRadiusKm: number;
  readonly seaShare: number;
  readonly anomalousPercent: number;
  readonly tau: number;
}

/**
 * Basic transmission loss during periods of ducting and layer reflection, dB. P.1812-8, section 4.5, equations (46)
 * to (56).
 */
export function anomalousLossDb(geometry: PathGeometry, path: DuctingPath): number {
  const { dKm, txHorizonKm, rxHorizonKm, txAngleMrad, rxAngleMrad } = geometry;
  const { frequencyGhz: f, timePercent, earthRadiusKm, seaShare } = path;
  const cubeRootF = Math.cbrt(f);
  const lowFrequencyDb = f < 0.5 ? 45.375 - 137 * f + 92.5 * f * f : 0;
  const couplingDb =
    102.45 +
    20 * Math.log10(f) +
    20 * Math.log10(txHorizonKm + rxHorizonKm) +
    lowFrequencyDb +
    siteShieldingDb(txAngleMrad - 0.1 * txHorizonKm, txHorizonKm, f, cubeRootF) +
    siteShieldingDb(rxAngleMrad - 0.1 * rxHorizonKm, rxHorizonKm, f, cubeRootF) +
    seaDuctCouplingDb(path.txCoastKm, txHorizonKm, geometry.txM, seaShare) +
    seaDuctCouplingDb(path.rxCoastKm, rxHorizonKm, geometry.rxM, seaShare);

  const angleMrad =
    (1000 * dKm) / earthRadiusKm +
    Math.min(txAngleMrad, 0.1 * txHorizonKm) +
    Math.min(rxAngleMrad, 0.1 * rxHorizonKm);
  const specificDb = 5e-5 * earthRadiusKm * cubeRootF;
  return couplingDb + specificDb * angleMrad + timeVariabilityDb(timePercent, beta(geometry, path), dKm);
}

/** Diffraction at the terminal's own horizon, equation (48). */
function siteShieldingDb(excessMrad: number, horizonKm: number, f: number, cubeRootF: number): number {
  if (!(excessMrad > 0)) return 0;
  return 20 * Math.log10(1 + 0.361 * excessMrad * Math.sqrt(f * horizonKm)) + 0.264 * excessMrad * cubeRootF;
}

/** Coupling into surface ducts over the sea near a coast, equation (49). */
function seaDuctCouplingDb(coastKm: number, horizonKm: number, antennaM: number, seaShare: number): number {
  if (coastKm > 5 || coastKm > horizonKm || seaShare < 0.75) return 0;
  return -3 * Math.exp(-0.25 * coastKm * coastKm) * (1 + Math.tanh(0.07 * (50 - antennaM)));
}

/** beta, % of time: beta0 corrected for path geometry and terrain roughness, equations (54) to (56). */
function beta(geometry: PathGeometry, path: DuctingPath): number {
  const { dKm, txHorizonKm, rxHorizonKm, ductTxM, ductRxM, roughnessM } = geometry;
  const alpha = Math.max(-3.4, -0.6 - 3.5e-9 * Math.pow(dKm, 3.1) * path.tau);
  const roots = Math.sqrt(ductTxM) + Math.sqrt(ductRxM);
  const mu2 = Math.min(1, Math.pow((500 * dKm * dKm) / (path.earthRadiusKm * roots * roots), alpha));
  const betweenKm = Math.min(dKm - txHorizonKm - rxHorizonKm, 40);
  const mu3 = roughnessM > 10 ? Math.exp(-4.6e-5 * (roughnessM - 10) * (43 + 6 * betweenKm)) : 1;
  return path.anomalousPercent * mu2 * mu3;
}

/** Ap(p), equation (53). */
function timeVariabilityDb(timePercent: number, betaPercent: number, dKm: number): number {
  const lgBeta = Math.log10(betaPercent);
  const gamma =
    (1.076 / Math.pow(2.0058 - lgBeta, 1.012)) *
    Math.exp(-(9.51 - 4.8 * lgBeta + 0.198 * lgBeta * lgBeta) * 1e-6 * Math.pow(dKm, 1.13));
  const ratio = timePercent / betaPercent;
  return -12 + (1.2 + 3.7e-3 * dKm) * Math.log10(ratio) + 12 * Math.pow(ratio, gamma);
}
