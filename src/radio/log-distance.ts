import { freeSpaceLossAtOneMetreDb } from './free-space.ts';

/**
 * Close-in (CI) free-space reference model, dB: FSPL(f, 1 m) + 10 n lg d.
 * Sun, Rappaport et al., "Investigation of prediction accuracy ... large-scale propagation path loss models", IEEE
 * Trans. Veh. Technol. 65(5), 2016, equation (4) with d0 = 1 m. One parameter: the path loss exponent n.
 */
export function closeInLossDb(distanceM: number, frequencyMhz: number, exponent: number): number {
  return freeSpaceLossAtOneMetreDb(frequencyMhz) + 10 * exponent * Math.log10(distanceM);
}

/**
 * Alpha-beta-gamma (ABG) model, dB: 10 alpha lg d + beta + 10 gamma lg f (d in m, f in GHz).
 * Same paper, equation (1); the form of ITU-R P.1411 site-general models too.
 */
export function alphaBetaGammaLossDb(
  distanceM: number,
  frequencyMhz: number,
  alpha: number,
  betaDb: number,
  gamma: number,
): number {
  return 10 * alpha * Math.log10(distanceM) + betaDb + 10 * gamma * Math.log10(frequencyMhz / 1000);
}

/** Exponent when nothing was fitted: the middle of 2.7-4.3 quoted for urban macro cells (Rappaport 2002, Table 4.2). */
export const DEFAULT_EXPONENT = 3.5;
